/** An entry of a log that is kept in memory. */
export interface OwnedEntry {
  /** Rises with time; no two entries of a log have the same. */
  readonly seq: number;
  /** What it costs in memory, about. */
  readonly bytes: number;
}

export interface OwnedLogLimits {
  /** Most entries of one owner. */
  readonly entries: number;
  /** Most bytes of all entries of all owners. */
  readonly bytes: number;
}

interface Kept<Entry> {
  readonly entry: Entry;
  owner: string;
  older: Kept<Entry> | undefined;
  newer: Kept<Entry> | undefined;
}

/** The newest entries of each owner, in memory. What is over a limit goes, the oldest first. */
export class OwnedLog<Entry extends OwnedEntry> {
  private readonly limits: OwnedLogLimits;
  /** By owner, oldest first. */
  private readonly logs = new Map<string, Kept<Entry>[]>();
  private oldest: Kept<Entry> | undefined;
  private newest: Kept<Entry> | undefined;
  private totalBytes = 0;

  constructor(limits: OwnedLogLimits) {
    this.limits = limits;
  }

  /** Bytes of all that is kept. */
  get bytes(): number {
    return this.totalBytes;
  }

  add(owner: string, entry: Entry): void {
    const kept: Kept<Entry> = { entry, owner, older: this.newest, newer: undefined };
    this.totalBytes += entry.bytes;
    if (this.newest) this.newest.newer = kept;
    else this.oldest = kept;
    this.newest = kept;
    this.file(kept);
    while (this.totalBytes > this.limits.bytes && this.oldest) this.remove(this.oldest);
  }

  /** Gives those of one owner that fit to another. @returns them, oldest first */
  move(from: string, to: string, fits: (entry: Entry) => boolean): Entry[] {
    const all = this.logs.get(from) ?? [];
    const found = all.filter(({ entry }) => fits(entry));
    if (found.length === 0) return [];
    const moved = new Set(found);
    this.keep(
      from,
      all.filter((kept) => !moved.has(kept)),
    );
    for (const kept of found) {
      kept.owner = to;
      this.file(kept);
    }
    return found.map(({ entry }) => entry);
  }

  /** Newest first. @param before only what is older than the entry of this number */
  latest(owner: string, limit: number, before = Number.POSITIVE_INFINITY): Entry[] {
    const entries = (this.logs.get(owner) ?? []).map(({ entry }) => entry);
    const older = entries.filter(({ seq }) => seq < before).sort((one, other) => other.seq - one.seq);
    return older.slice(0, limit);
  }

  /** Those of all owners, newest first. */
  *all(): Generator<Entry> {
    for (let kept = this.newest; kept; kept = kept.older) yield kept.entry;
  }

  clear(): void {
    this.logs.clear();
    this.oldest = undefined;
    this.newest = undefined;
    this.totalBytes = 0;
  }

  private file(kept: Kept<Entry>): void {
    const entries = this.logs.get(kept.owner) ?? [];
    entries.push(kept);
    this.logs.set(kept.owner, entries);
    const [first] = entries;
    if (first && entries.length > this.limits.entries) this.remove(first);
  }

  private remove(kept: Kept<Entry>): void {
    const { owner, older, newer } = kept;
    if (older) older.newer = newer;
    else this.oldest = newer;
    if (newer) newer.older = older;
    else this.newest = older;
    this.totalBytes -= kept.entry.bytes;
    const entries = this.logs.get(owner) ?? [];
    // Nearly always the first one; entries that got their owner late stand behind younger ones.
    if (entries[0] === kept) entries.shift();
    else entries.splice(entries.indexOf(kept), 1);
    this.keep(owner, entries);
  }

  private keep(owner: string, entries: Kept<Entry>[]): void {
    if (entries.length === 0) this.logs.delete(owner);
    else this.logs.set(owner, entries);
  }
}
