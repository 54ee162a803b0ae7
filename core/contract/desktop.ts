import type { PortalSession } from './sessions.ts';

/** What the desktop program gives the portal in its window, as `window.fleetbench`; a browser has no such thing. */
export interface DesktopBridge {
  /** Signed in already: who sits at the machine that runs the platform needs no login. */
  readonly session: PortalSession;
  /** Shows the folder with the data in the system's file manager; undefined where nothing is kept. */
  readonly openDataFolder?: () => Promise<void>;
}
