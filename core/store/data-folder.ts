import { join } from 'node:path';
import type { Files } from '../platform/files.ts';

/** A file of the store, with the number in its name. */
export interface NumberedFile {
  readonly path: string;
  readonly name: string;
  readonly number: number;
}

const digits = 16;

/** Names of the files in a data folder. All of the store is in its folder `store`. */
export class DataFolder {
  /** The folder that the user chose; the lock is here. */
  readonly root: string;
  /** Where journal and snapshots are. */
  readonly store: string;
  private readonly files: Files;

  constructor(files: Files, root: string) {
    this.files = files;
    this.root = root;
    this.store = join(root, 'store');
  }

  /** The segment that begins with this group. */
  segmentPath(firstGroup: number): string {
    return join(this.store, `journal-${numbered(firstGroup)}.fbj`);
  }

  /** The snapshot that ends with this group. */
  snapshotPath(lastGroup: number): string {
    return join(this.store, `snapshot-${numbered(lastGroup)}.fbs`);
  }

  /** By first group, rising. */
  segments(): Promise<NumberedFile[]> {
    return this.matching(/^journal-(\d+)\.fbj$/);
  }

  /** By last group, rising. */
  snapshots(): Promise<NumberedFile[]> {
    return this.matching(/^snapshot-(\d+)\.fbs$/);
  }

  private async matching(pattern: RegExp): Promise<NumberedFile[]> {
    const found: NumberedFile[] = [];
    for (const name of await this.files.list(this.store)) {
      const number = pattern.exec(name)?.[1];
      if (number !== undefined) found.push({ name, path: join(this.store, name), number: Number(number) });
    }
    return found.sort((left, right) => left.number - right.number);
  }
}

function numbered(group: number): string {
  return String(group).padStart(digits, '0');
}
