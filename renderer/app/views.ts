import {
  IconAntennaBars5,
  IconBinaryTree,
  IconClipboardList,
  IconCpu,
  IconFlask2,
  IconKey,
  IconLayoutDashboard,
  IconMessages,
  IconPlugConnected,
  IconRoute,
  IconSettings,
} from '@tabler/icons-react';

/** The views of the portal in the order of the rail; `name` is the key of their word. */
export const views = [
  { name: 'dashboard', path: '/', icon: IconLayoutDashboard },
  { name: 'devices', path: '/devices', icon: IconCpu },
  { name: 'groups', path: '/groups', icon: IconBinaryTree },
  { name: 'messages', path: '/messages', icon: IconMessages },
  { name: 'routing', path: '/routing', icon: IconRoute },
  { name: 'simulators', path: '/simulators', icon: IconFlask2 },
  { name: 'audit', path: '/audit', icon: IconClipboardList },
  { name: 'access', path: '/access', icon: IconKey },
  { name: 'settings', path: '/settings', icon: IconSettings },
  { name: 'connect', path: '/connect', icon: IconPlugConnected },
] as const;

export const logo = IconAntennaBars5;
