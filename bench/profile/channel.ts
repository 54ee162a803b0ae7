import type { Profile } from './hot-functions.ts';

export const profileChannel = 'fleetbench-bench-profile';

export type ChannelMessage =
  | { readonly kind: 'start' | 'started' | 'stop' }
  | { readonly kind: 'stopped'; readonly profile: Profile };
