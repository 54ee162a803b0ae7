import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';

/** A pair of stream and sender, with the small number that stands for it in stored messages. */
export interface Series {
  readonly id: number;
  /** Stores the pair; to go with every message of it until {@link SeriesIndex.confirm} says it is durable. */
  readonly insert: Statement | undefined;
}

/** Small numbers for pairs of stream and sender, so that a stored message names both in a few bytes. */
export class SeriesIndex {
  private readonly store: Store;
  private readonly known = new Map<string, Series>();
  private nextId = 1;

  constructor(store: Store) {
    this.store = store;
  }

  async start(): Promise<void> {
    this.known.clear();
    this.nextId = 1;
    for (const row of await this.store.query<SeriesRow>(
      sqlBuilder.selectFrom('series').selectAll().compile(),
    )) {
      this.known.set(keyOf(row.tenant_id, row.stream_id, row.source), { id: row.id, insert: undefined });
      this.nextId = Math.max(this.nextId, row.id + 1);
    }
  }

  get(tenantId: string, streamId: string, source: string): Series {
    const key = keyOf(tenantId, streamId, source);
    const known = this.known.get(key);
    if (known) return known;
    const id = this.nextId++;
    const row = { id, tenant_id: tenantId, stream_id: streamId, source };
    // Several messages may carry it before one of them is durable, and any of them may fail.
    const insert = sqlBuilder
      .insertInto('series')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .compile();
    const series = { id, insert };
    this.known.set(key, series);
    return series;
  }

  /** Tells that a transaction with the insert of this pair is durable. */
  confirm(tenantId: string, streamId: string, source: string): void {
    const key = keyOf(tenantId, streamId, source);
    const series = this.known.get(key);
    if (series?.insert) this.known.set(key, { id: series.id, insert: undefined });
  }
}

interface SeriesRow {
  id: number;
  tenant_id: string;
  stream_id: string;
  source: string;
}

function keyOf(tenantId: string, streamId: string, source: string): string {
  // No part can hold a line break: tenant ids are ours, and stream and device ids refuse white space.
  return `${tenantId}\n${streamId}\n${source}`;
}
