import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '../ui/search-params.ts';
import { NotFound } from './not-found.tsx';
import { Shell } from './shell.tsx';
import { ViewCrash } from './view-crash.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

type Loader = Parameters<typeof lazyRouteComponent>[0];

const view = (path: string, load: Loader) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) });

const routes = root.addChildren([
  view('/', () => import('../features/dashboard/dashboard-view.tsx')),
  view('/devices', () => import('../features/devices/devices-view.tsx')),
  view('/devices/$deviceId', () => import('../features/devices/device-view.tsx')),
  view('/messages', () => import('../features/messages/messages-view.tsx')),
  view('/routing', () => import('../features/routing/routing-view.tsx')),
  view('/routing/fifo/$name', () => import('../features/routing/fifo-view.tsx')),
  view('/simulators', () => import('../features/simulators/simulators-view.tsx')),
  view('/simulators/$fleetId', () => import('../features/simulators/fleet-view.tsx')),
  view('/audit', () => import('../features/audit/audit-view.tsx')),
  view('/access', () => import('../features/access/access-view.tsx')),
  view('/connect', () => import('../features/connect/connect-view.tsx')),
  view('/settings', () => import('../features/settings/settings-view.tsx')),
]);

/** Addresses after the `#`: the platform serves one page, and a file system can too. */
export const router = createRouter({
  routeTree: routes,
  history: createHashHistory(),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: ViewCrash,
  defaultPreload: 'intent',
  scrollRestoration: false,
});
