import { spawnSync } from 'node:child_process';
import { chownSync, copyFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Who runs a program whose sandbox is looked at, as `spawn` takes it: Chromium has no sandbox for root. */
export interface OrdinaryUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** The user without rights that every Linux has, in the place of root; else whoever runs the tests. */
const user: OrdinaryUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

const can = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { ...user, stdio: 'ignore' }).status === 0;

/**
 * @param electron its executable
 * @param files that the user must be able to read
 * @returns that user, or in words why there is no sandbox for one here
 */
export function ordinaryUser(electron: string, files: readonly string[]): OrdinaryUser | string {
  if (process.platform !== 'linux')
    return 'the filter of system calls is told by /proc, which Linux alone has';
  for (const file of [electron, ...files]) {
    if (!can('test', '-r', file)) return `the tests run as root, and no other user may read ${file}`;
  }
  // Debian lets every user make namespaces; where that is forbidden, a helper that belongs to root makes them.
  const helper = statSync(join(dirname(electron), 'chrome-sandbox'), { throwIfNoEntry: false });
  const hasHelper = helper?.uid === 0 && (helper.mode & 0o4000) !== 0;
  if (!hasHelper && !can('unshare', '--user', 'true')) {
    return 'this system gives an ordinary user no namespaces, and the chrome-sandbox of this Electron is not set up';
  }
  return user;
}

/** Gives the user a folder of its own, and the way to the display. @returns what its programs find it by */
export function settleIn({ uid, gid }: OrdinaryUser, folder: string): Record<string, string> {
  if (uid === undefined || gid === undefined) return {};
  chownSync(folder, uid, gid);
  const { XAUTHORITY } = process.env;
  if (!XAUTHORITY) return { HOME: folder };
  const copy = join(folder, 'xauthority');
  copyFileSync(XAUTHORITY, copy);
  chownSync(copy, uid, gid);
  return { HOME: folder, XAUTHORITY: copy };
}
