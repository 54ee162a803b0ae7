import type { PortalSession } from './sessions.ts';

/** What the desktop program gives the portal in its window, as `window.fleetbench`; a browser has no such thing. */
export interface DesktopBridge {
  /** Signed in already: who sits at the machine that runs the platform needs no login. */
  readonly session: PortalSession;
  /** Of the operating system, in Node's names. */
  readonly platform:
    | 'aix'
    | 'android'
    | 'darwin'
    | 'freebsd'
    | 'haiku'
    | 'linux'
    | 'openbsd'
    | 'sunos'
    | 'win32'
    | 'cygwin'
    | 'netbsd';
  readonly version: string;
  /** Shows the folder with the data in the system's file manager. */
  openDataFolder(): Promise<void>;
  copyText(text: string): Promise<void>;
}
