import type { PortalSession } from '../core/contract/sessions.ts';

/** Everything that the page's side may send to the main process. */
export const channels = {
  begin: 'fleetbench:begin',
  openDataFolder: 'fleetbench:open-data-folder',
} as const;

/** The answer to `begin`, which a page asks for before its scripts run. */
export interface BeginAnswer {
  readonly session: PortalSession;
  /** Whether there is a folder with data. */
  readonly keepsData: boolean;
}
