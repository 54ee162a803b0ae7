import { sql } from 'kysely';
import type { EventBus } from '../bus/event-bus.ts';
import type { MessageTrace } from '../bus/message-trace.ts';
import type { TraceStore } from '../bus/trace-store.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Clock } from '../platform/clock.ts';
import type { FifoAddition, FifoService } from '../routing/fifo-service.ts';
import type { PolicyService, RoutePlan } from '../routing/policy-service.ts';
import { sqlBuilder } from '../store/builder.ts';
import type { Statement, Store } from '../store/types.ts';
import type { DataMessageInput } from './data-message.ts';
import { type MessageOrigin, mergeTags, senderParts, writeMessage } from './enrichment.ts';
import { MessageIds } from './message-id.ts';
import { SeriesIndex } from './series-index.ts';

export interface StreamQuery {
  readonly limit: number;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Id of the last message already seen. */
  readonly bookmarkId?: string | undefined;
}

export interface DeviceStream {
  readonly streamId: string;
  readonly count: number;
  readonly lastUpdateMs: number;
}

/** A message that is checked and enriched, and the way it takes; `durable` when all of it is stored. */
interface Accepted {
  readonly statements: Statement[];
  durable(): void;
}

const insertSql = sqlBuilder
  .insertInto('messages')
  // The database then takes the text as bytes, which is much faster for a text that long.
  .values({ seq: 0, series_id: 0, timestamp: 0, created: 0, body: '' })
  .compile().sql;

/** Takes in data messages, stores them, routes them, and gives them out again. */
export class DataService {
  private readonly store: Store;
  private readonly bus: EventBus<PlatformEvents>;
  private readonly clock: Clock;
  private readonly traces: TraceStore;
  private readonly fifos: FifoService;
  private readonly policies: PolicyService;
  private readonly series: SeriesIndex;
  private readonly plans = new WeakMap<
    object,
    { version: number; tags: object; groupPath: string; plan: RoutePlan }
  >();
  private ids = new MessageIds('0000');
  private nextSeq = 1;

  constructor(parts: {
    store: Store;
    bus: EventBus<PlatformEvents>;
    clock: Clock;
    traces: TraceStore;
    fifos: FifoService;
    policies: PolicyService;
  }) {
    this.store = parts.store;
    this.bus = parts.bus;
    this.clock = parts.clock;
    this.traces = parts.traces;
    this.fifos = parts.fifos;
    this.policies = parts.policies;
    this.series = new SeriesIndex(parts.store);
  }

  /** @param installation four hexadecimal characters that tell this installation's message ids from others'. */
  async start(installation: string): Promise<void> {
    this.ids = new MessageIds(installation);
    await this.series.start();
    const [row] = await this.store.query<{ last: number | null }>(
      sqlBuilder
        .selectFrom('messages')
        .select(({ fn }) => fn.max('seq').as('last'))
        .compile(),
    );
    this.nextSeq = (row?.last ?? 0) + 1;
  }

  /** Forgets those of these pairs of stream and sender that have no message any more. */
  dropEmptySeries(ids: readonly number[]): Promise<void> {
    return this.series.dropEmpty(ids);
  }

  /** True while producers should pause; see {@link Store.congested}. */
  get congested(): boolean {
    return this.store.congested;
  }

  /**
   * Takes one message: enriches, routes and stores it. `done` is called when it would survive a kill, or with
   * the reason why it was not stored.
   */
  accept(
    origin: MessageOrigin,
    input: DataMessageInput,
    trace: MessageTrace,
    done: (error?: Error) => void,
  ): void {
    const accepted = this.prepare(origin, input, trace);
    this.store.append(accepted.statements, (error) => {
      if (error) {
        trace.add(this.clock.monotonicUs(), 'store', 'failed', error.message);
      } else {
        accepted.durable();
      }
      done(error);
    });
  }

  /** Takes several messages as one: all are stored, or none. */
  acceptAll(
    messages: readonly { origin: MessageOrigin; input: DataMessageInput; trace: MessageTrace }[],
  ): Promise<void> {
    const accepted = messages.map(({ origin, input, trace }) => this.prepare(origin, input, trace));
    return new Promise((resolve, reject) => {
      this.store.append(
        accepted.flatMap(({ statements }) => statements),
        (error) => {
          if (error) {
            for (const { trace } of messages) {
              trace.add(this.clock.monotonicUs(), 'store', 'failed', error.message);
            }
            reject(error);
            return;
          }
          for (const { durable } of accepted) durable();
          resolve();
        },
      );
    });
  }

  private prepare(origin: MessageOrigin, input: DataMessageInput, trace: MessageTrace): Accepted {
    trace.ignoredFields = input.ignored;
    trace.validatedUs = this.clock.monotonicUs();
    const { via, tenantId } = origin;
    const seq = this.nextSeq++;
    const createdMs = trace.receivedMs;
    const id = this.ids.format(seq, createdMs);
    const streamId = input.streamId ?? via?.device.defaultDataStreamId ?? '';
    const timestampMs = input.timestampMs ?? createdMs;
    const ofInterface = via?.definition.encoding;
    const encoding = typeof ofInterface === 'string' ? ofInterface : input.encoding;
    const parts = senderParts(via);
    const body = writeMessage(input, origin, { id, streamId, timestampMs, createdMs, encoding }, parts);
    trace.messageId = id;
    trace.streamId = streamId;
    trace.enrichedUs = this.clock.monotonicUs();

    const plan = this.planFor(origin, input, parts.deviceTags);
    trace.routing = plan.description;
    trace.routedUs = this.clock.monotonicUs();

    const statements: Statement[] = [];
    const source = via?.device.id ?? '';
    const series = this.series.get(tenantId, streamId, source);
    if (series.insert) statements.push(series.insert);
    statements.push({ sql: insertSql, parameters: [seq, series.id, timestampMs, createdMs, body] });
    const additions =
      plan.targets.length === 0 ? noAdditions : this.additions(plan, body, seq, id, statements);
    this.traces.keepAccepted(trace, seq);
    return {
      statements,
      durable: () => {
        trace.storedUs = this.clock.monotonicUs();
        if (series.insert) this.series.confirm(tenantId, streamId, source);
        for (const addition of additions) this.fifos.enter(addition);
        this.bus.emit('messageStored', {
          tenantId,
          connector: origin.connector,
          deviceId: via?.device.id,
          id,
          body,
        });
      },
    };
  }

  private additions(
    plan: RoutePlan,
    body: string,
    seq: number,
    id: string,
    statements: Statement[],
  ): FifoAddition[] {
    // The event is the message with its type in front (facts 7).
    const event = `{"type":"dataMessage",${body.slice(1)}`;
    return plan.targets.map(({ queue, noRetention }) => {
      const addition = this.fifos.prepare(queue, event, { noRetention, messageSeq: seq, messageId: id });
      if (addition.statement) statements.push(addition.statement);
      return addition;
    });
  }

  /** The plan of a sender whose messages carry no tags of their own is the same until a policy or it changes. */
  private planFor(origin: MessageOrigin, input: DataMessageInput, deviceTags: readonly string[]): RoutePlan {
    const { via, tenantId, connector } = origin;
    const groupPath = via?.device.group.path;
    const facts = { connector, deviceId: via?.device.id, groupPath, tags: mergeTags(input.tags, deviceTags) };
    if (!via || groupPath === undefined || facts.tags !== deviceTags)
      return this.policies.plan(tenantId, facts);
    const kept = this.plans.get(via);
    const { version } = this.policies;
    if (kept && kept.version === version && kept.tags === deviceTags && kept.groupPath === groupPath)
      return kept.plan;
    const plan = this.policies.plan(tenantId, facts);
    this.plans.set(via, { version, tags: deviceTags, groupPath, plan });
    return plan;
  }

  /** Messages of a stream as JSON texts, newest first (facts 8). */
  async readStream(tenantId: string, streamId: string, query: StreamQuery): Promise<string[]> {
    let select = sqlBuilder
      .selectFrom('messages')
      .select('body')
      .where('series_id', 'in', (eb) =>
        eb
          .selectFrom('series')
          .select('id')
          .where('tenant_id', '=', tenantId)
          .where('stream_id', '=', streamId),
      )
      .orderBy('timestamp', 'desc')
      .orderBy('seq', 'desc')
      .limit(query.limit);
    if (query.fromMs !== undefined) select = select.where('timestamp', '>=', query.fromMs);
    if (query.toMs !== undefined) select = select.where('timestamp', '<', query.toMs);
    if (query.bookmarkId !== undefined) {
      const { timestamp, seq } = await this.bookmark(tenantId, streamId, query.bookmarkId);
      select = select.where(sql<boolean>`(timestamp, seq) < (${timestamp}, ${seq})`);
    }
    const rows = await this.store.query<{ body: string }>(select.compile());
    return rows.map((row) => row.body);
  }

  /** The streams that a device feeds, the one with the latest message first. */
  async deviceStreams(tenantId: string, deviceId: string, limit: number): Promise<DeviceStream[]> {
    const rows = await this.store.query<{ stream_id: string; count: number; last: number }>(
      sqlBuilder
        .selectFrom('messages')
        .innerJoin('series', 'series.id', 'messages.series_id')
        .where('series.tenant_id', '=', tenantId)
        .where('series.source', '=', deviceId)
        .groupBy('series.stream_id')
        .select(({ fn }) => ['stream_id', fn.countAll<number>().as('count'), fn.max('timestamp').as('last')])
        .orderBy('last', 'desc')
        .limit(limit)
        .compile(),
    );
    return rows.map((row) => ({ streamId: row.stream_id, count: row.count, lastUpdateMs: row.last }));
  }

  private async bookmark(tenantId: string, streamId: string, bookmarkId: string) {
    const seq = MessageIds.sequenceOf(bookmarkId);
    const [row] =
      seq === undefined
        ? []
        : await this.store.query<{ timestamp: number; seq: number }>(
            sqlBuilder
              .selectFrom('messages')
              .innerJoin('series', 'series.id', 'messages.series_id')
              .select(['messages.timestamp', 'messages.seq'])
              .where('messages.seq', '=', seq)
              .where('series.tenant_id', '=', tenantId)
              .where('series.stream_id', '=', streamId)
              .compile(),
          );
    if (!row) {
      throw invalidParameter(
        `bookmarkId: ${bookmarkId} is no message of stream ${streamId} (any more); start again without it.`,
      );
    }
    return row;
  }
}

const noAdditions: readonly FifoAddition[] = [];
