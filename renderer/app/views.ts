import {
  IconAntennaBars5,
  IconBinaryTree,
  IconBox,
  IconBroadcast,
  IconClipboardList,
  IconCloudLock,
  IconCpu,
  IconFlask2,
  IconKey,
  IconLayoutDashboard,
  IconMessages,
  IconPackage,
  IconPlugConnected,
  IconRoute,
  IconServer,
  IconSettings,
  IconTargetArrow,
} from '@tabler/icons-react';

import type { Role } from '../../core/contract/roles.ts';

/**
 * The views of the portal in the order of the rail: what devices do and say, where that goes, what is done with many of
 * them, what begins something, and what is about the platform itself. `name` is the key of their word; who has none of the roles
 * `needs` is not offered the view.
 */
export const views = [
  { name: 'dashboard', path: '/', icon: IconLayoutDashboard },
  { name: 'devices', path: '/devices', icon: IconCpu, needs: ['DEVICE_R'] },
  { name: 'groups', path: '/groups', icon: IconBinaryTree, needs: ['DEVICE_R'] },
  { name: 'messages', path: '/messages', icon: IconMessages, needs: ['DATA_R'] },
  { name: 'routing', path: '/routing', icon: IconRoute, needs: ['BUS_CONFIG_R'] },
  { name: 'campaigns', path: '/campaigns', icon: IconTargetArrow, needs: ['CAMPAIGN_R'] },
  { name: 'resources', path: '/resources', icon: IconPackage, needs: ['DEVICE_R'] },
  { name: 'simulators', path: '/simulators', icon: IconFlask2, needs: ['DEVICE_R'] },
  { name: 'connect', path: '/connect', icon: IconPlugConnected },
  { name: 'connectors', path: '/connectors', icon: IconServer, needs: ['DEVICE_R'] },
  { name: 'lora', path: '/lora', icon: IconBroadcast, needs: ['DEVICE_R'] },
  { name: 'twin', path: '/twin', icon: IconBox, needs: ['DEVICE_R'] },
  { name: 'bootstrap', path: '/bootstrap', icon: IconCloudLock, needs: ['BOOTSTRAP_R', 'DEVICE_R'] },
  { name: 'audit', path: '/audit', icon: IconClipboardList, needs: ['LOGS_R'] },
  { name: 'access', path: '/access', icon: IconKey, needs: ['API_KEY_R', 'USER_R'] },
  { name: 'settings', path: '/settings', icon: IconSettings },
] as const satisfies readonly {
  name: string;
  path: string;
  icon: unknown;
  needs?: readonly Role[];
}[];

export type View = (typeof views)[number];

/** Roles of which one is needed for a view; none: it is open to all. */
export const needsOf = (view: View): readonly Role[] => ('needs' in view ? view.needs : []);

/** True when one of the roles opens the view. */
export const isOpenTo = (view: View, roles: readonly Role[]): boolean =>
  needsOf(view).length === 0 || needsOf(view).some((role) => roles.includes(role));

/** The view that an address leads to, also to a part of it. */
export const viewOf = (path: string): View | undefined =>
  views.find((view) => path === view.path || (view.path !== '/' && path.startsWith(`${view.path}/`)));

export const logo = IconAntennaBars5;
