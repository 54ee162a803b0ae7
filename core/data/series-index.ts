import type { Statement, Store } from '../store/types.ts';
import { type SeriesRow, seriesRepository } from './series-repository.ts';

/** A pair of stream and sender, with the small number that stands for it in stored messages. */
export interface Series {
  readonly id: number;
  /** Stores the pair; to go with every message of it until {@link SeriesIndex.confirm} says it is durable. */
  readonly insert: Statement | undefined;
}

interface Entry extends Series {
  /** Number of the last {@link SeriesIndex.dropEmpty} that had begun when it was used last. */
  usedIn: number;
}

/** Small numbers for pairs of stream and sender, so that a stored message names both in a few bytes. */
export class SeriesIndex {
  private readonly store: Store;
  private readonly known = new Map<string, Entry>();
  private drops = 0;
  private nextId = 1;

  constructor(store: Store) {
    this.store = store;
  }

  async start(): Promise<void> {
    this.known.clear();
    this.nextId = 1;
    for (const row of await seriesRepository.load(this.store)) {
      this.known.set(keyOf(row), { id: row.id, insert: undefined, usedIn: 0 });
      this.nextId = Math.max(this.nextId, row.id + 1);
    }
  }

  get(tenantId: string, streamId: string, source: string): Series {
    const pair = { tenant_id: tenantId, stream_id: streamId, source };
    const key = keyOf(pair);
    const known = this.known.get(key);
    if (known) {
      known.usedIn = this.drops;
      return known;
    }
    const id = this.nextId++;
    // Several messages may carry it before one of them is durable, and any of them may fail.
    const series = { id, insert: seriesRepository.insert({ id, ...pair }), usedIn: this.drops };
    this.known.set(key, series);
    return series;
  }

  /** Tells that a transaction with the insert of this pair is durable. */
  confirm(tenantId: string, streamId: string, source: string): void {
    const key = keyOf({ tenant_id: tenantId, stream_id: streamId, source });
    const series = this.known.get(key);
    if (series?.insert) this.known.set(key, { ...series, insert: undefined });
  }

  /**
   * Deletes those of these pairs that no message names any more. A pair that was used meanwhile stays: its
   * message may be on its way. One that is used before the deletion is durable is stored again with that message.
   */
  async dropEmpty(ids: readonly number[]): Promise<void> {
    const drop = ++this.drops;
    // Sees every message that was handed over before.
    const rows = await seriesRepository.loadEmpty(this.store, ids);
    const released: { key: string; entry: Entry }[] = [];
    const deletes: Statement[] = [];
    for (const row of rows) {
      const key = keyOf(row);
      const known = this.known.get(key);
      if (known && known.usedIn >= drop) continue;
      deletes.push(seriesRepository.delete(row.id));
      if (known?.id !== row.id) continue;
      const entry = { id: row.id, insert: seriesRepository.insert(row), usedIn: drop - 1 };
      this.known.set(key, entry);
      released.push({ key, entry });
    }
    if (deletes.length === 0) return;
    await this.store.commit(deletes);
    for (const { key, entry } of released) {
      if (this.known.get(key) === entry && entry.usedIn < drop) this.known.delete(key);
    }
  }
}

function keyOf({ tenant_id, stream_id, source }: Omit<SeriesRow, 'id'>): string {
  // No part can hold a line break: tenant ids are ours, and stream and device ids refuse white space.
  return `${tenant_id}\n${stream_id}\n${source}`;
}
