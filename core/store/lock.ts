import { join } from 'node:path';
import { PlatformError } from '../contract/errors.ts';
import type { Files } from '../platform/files.ts';
import type { Processes, ProcessIdentity } from '../platform/processes.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';

const lockName = 'fleetbench.lock';

interface LockContent extends ProcessIdentity {
  readonly token: string;
}

/** One process at a time per data folder. */
export class FolderLock {
  private readonly files: Files;
  private readonly processes: Processes;
  private readonly random: RandomSource;
  private readonly folder: string;
  private held: LockContent | undefined;

  constructor(files: Files, processes: Processes, random: RandomSource, folder: string) {
    this.files = files;
    this.processes = processes;
    this.random = random;
    this.folder = folder;
  }

  /** @throws PlatformError `store.locked` when another process has the folder. */
  async acquire(): Promise<void> {
    const content = { ...this.processes.current, token: randomHex(this.random, 8) };
    await this.take(join(this.folder, lockName), content);
    this.held = content;
  }

  /**
   * Looks without touching anything.
   * @throws PlatformError `store.locked` when a running process has the folder.
   */
  async requireFree(): Promise<void> {
    const holder = await this.read(join(this.folder, lockName));
    if (holder && (await this.processes.isRunning(holder))) throw this.lockedBy(holder);
  }

  async release(): Promise<void> {
    const { held } = this;
    if (!held) return;
    this.held = undefined;
    await this.removeIf(join(this.folder, lockName), held.token);
  }

  /**
   * Takes over what a dead process has left. Two that start at once must not both believe that they removed
   * the old lock, so the right to remove it is itself a lock, named after the token of the old one.
   */
  private async take(path: string, content: LockContent): Promise<void> {
    while (!(await this.files.createExclusive(path, `${JSON.stringify(content)}\n`))) {
      const other = await this.read(path);
      if (!other) continue;
      if (await this.processes.isRunning(other)) throw this.lockedBy(other);
      const guard = join(this.folder, `${lockName}.takeover-${other.token}`);
      await this.take(guard, { ...content, token: randomHex(this.random, 8) });
      try {
        await this.removeIf(path, other.token);
      } finally {
        await this.files.remove(guard);
      }
    }
  }

  private async removeIf(path: string, token: string): Promise<void> {
    if ((await this.read(path))?.token === token) await this.files.remove(path);
  }

  private async read(path: string): Promise<LockContent | undefined> {
    const bytes = await this.files.read(path);
    if (!bytes) return undefined;
    const content = parseLock(Buffer.from(bytes).toString('utf8'));
    if (content) return content;
    throw new PlatformError(
      'store.locked',
      `The lock file ${path} cannot be read. If no Fleetbench is running on this folder, delete that file.`,
    );
  }

  private lockedBy({ pid }: LockContent): PlatformError {
    const message =
      `The data folder ${this.folder} is in use by process ${pid}. ` +
      'Stop that process, or choose another folder with --data-dir.';
    return new PlatformError('store.locked', message);
  }
}

function parseLock(text: string): LockContent | undefined {
  try {
    const { pid, startMark, token } = JSON.parse(text) as Partial<LockContent>;
    const valid = typeof pid === 'number' && typeof startMark === 'string' && /^[0-9a-f]+$/.test(token ?? '');
    return valid ? { pid, startMark, token: token as string } : undefined;
  } catch {
    return undefined;
  }
}
