import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where data goes when nobody says: the place that the system gives programs for a user's data. */
export function defaultDataDir(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const named = environment.FLEETBENCH_DATA_DIR;
  if (named) return named;
  switch (platform) {
    case 'win32':
      return join(environment.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'Fleetbench');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Fleetbench');
    default: {
      const dataHome = environment.XDG_DATA_HOME;
      // The XDG Base Directory Specification: a relative path is invalid and counts as none.
      const base = dataHome && isAbsolute(dataHome) ? dataHome : join(homedir(), '.local', 'share');
      return join(base, 'fleetbench');
    }
  }
}
