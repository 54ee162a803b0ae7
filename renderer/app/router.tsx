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

const loaders: Readonly<Record<string, Loader>> = {
  '/': () => import('../features/dashboard/dashboard-view.tsx'),
  '/devices': () => import('../features/devices/devices-view.tsx'),
  '/devices/import': () => import('../features/import/import-view.tsx'),
  '/devices/map': () => import('../features/fleet/fleet-map-view.tsx'),
  '/devices/counts': () => import('../features/fleet/fleet-counts-view.tsx'),
  '/devices/$deviceId': () => import('../features/devices/device-view.tsx'),
  '/groups': () => import('../features/groups/groups-view.tsx'),
  '/messages': () => import('../features/messages/messages-view.tsx'),
  '/routing': () => import('../features/routing/routing-view.tsx'),
  '/routing/fifo/$name': () => import('../features/routing/fifo-view.tsx'),
  '/resources': () => import('../features/resources/repository-view.tsx'),
  '/campaigns': () => import('../features/campaigns/campaigns-view.tsx'),
  '/campaigns/new': () => import('../features/campaigns/edit/campaign-editor-view.tsx'),
  '/campaigns/$campaignId/edit': () => import('../features/campaigns/edit/campaign-editor-view.tsx'),
  '/campaigns/$campaignId': () => import('../features/campaigns/campaign-view.tsx'),
  '/connectors': () => import('../features/connectors/connectors-view.tsx'),
  '/lora': () => import('../features/lora/gateways-view.tsx'),
  '/lora/map': () => import('../features/lora/lora-map-view.tsx'),
  '/lora/frames': () => import('../features/lora/frames-view.tsx'),
  '/twin': () => import('../features/twin/models/models-view.tsx'),
  '/twin/rules': () => import('../features/twin/rules/rules-view.tsx'),
  '/bootstrap': () => import('../features/bootstrap/entries-view.tsx'),
  '/bootstrap/configs': () => import('../features/bootstrap/configs-view.tsx'),
  '/simulators': () => import('../features/simulators/simulators-view.tsx'),
  '/simulators/$fleetId': () => import('../features/simulators/fleet-view.tsx'),
  '/audit': () => import('../features/audit/audit-view.tsx'),
  '/access': () => import('../features/access/access-view.tsx'),
  '/access/users': () => import('../features/users/users-view.tsx'),
  '/access/certificates': () => import('../features/certificates/certificates-view.tsx'),
  '/access/tenants': () => import('../features/tenants/tenants-view.tsx'),
  '/account': () => import('../features/account/account-view.tsx'),
  '/connect': () => import('../features/connect/connect-view.tsx'),
  '/settings': () => import('../features/settings/settings-view.tsx'),
};

const routes = root.addChildren(
  Object.entries(loaders).map(([path, load]) =>
    createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) }),
  ),
);

export const loadLogin = () => import('../features/login/login-page.tsx');

/** Fetches the code of all views, so that each can be opened, and say what is wrong, when the program is gone. */
export function preloadViews(): void {
  // A view that cannot be fetched now is fetched when it is opened.
  for (const load of [loadLogin, ...Object.values(loaders)]) void load().catch(() => undefined);
}

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
