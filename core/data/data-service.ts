import type { EventBus } from '../bus/event-bus.ts';
import type { MessageTrace } from '../bus/message-trace.ts';
import type { TraceStore } from '../bus/trace-store.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Clock } from '../platform/clock.ts';
import type { FifoAddition, FifoService } from '../routing/fifo-service.ts';
import type { PolicyService, RoutePlan } from '../routing/policy-service.ts';
import type { Statement, Store } from '../store/types.ts';
import type { DataMessageInput } from './data-message.ts';
import { type MessageOrigin, mergeTags, senderParts, writeMessage } from './enrichment.ts';
import { MessageIds } from './message-id.ts';
import {
  type DeviceStream,
  type MessageSize,
  messageRepository,
  type StreamPosition,
} from './message-repository.ts';
import { SeriesIndex } from './series-index.ts';

export interface StreamQuery {
  readonly limit: number;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Id of the last message already seen. */
  readonly bookmarkId?: string | undefined;
}

export interface DataSettings {
  /** Bytes of messages in one answer; the first is answered however long it is. */
  readonly dataPageMaxBytes: number;
}

/** A message that is checked and enriched, and the way it takes; `durable` when all of it is stored. */
interface Accepted {
  readonly statements: Statement[];
  durable(): void;
}

/** Takes in data messages, stores them, routes them, and gives them out again. */
export class DataService {
  private readonly store: Store;
  private readonly bus: EventBus<PlatformEvents>;
  private readonly clock: Clock;
  private readonly traces: TraceStore;
  private readonly fifos: FifoService;
  private readonly policies: PolicyService;
  private readonly settings: DataSettings;
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
    settings: DataSettings;
  }) {
    this.store = parts.store;
    this.bus = parts.bus;
    this.clock = parts.clock;
    this.traces = parts.traces;
    this.fifos = parts.fifos;
    this.policies = parts.policies;
    this.settings = parts.settings;
    this.series = new SeriesIndex(parts.store);
  }

  /** @param installation four hexadecimal characters that tell this installation's message ids from others'. */
  async start(installation: string): Promise<void> {
    this.ids = new MessageIds(installation);
    await this.series.start();
    this.nextSeq = (await messageRepository.lastSeq(this.store)) + 1;
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

  /**
   * Takes several messages as one: all are stored, or none.
   * @param alongside statements that are stored with them
   */
  acceptAll(
    messages: readonly { origin: MessageOrigin; input: DataMessageInput; trace: MessageTrace }[],
    alongside: readonly Statement[] = [],
  ): Promise<void> {
    const accepted = messages.map(({ origin, input, trace }) => this.prepare(origin, input, trace));
    const all = [...accepted.flatMap(({ statements }) => statements), ...alongside];
    if (all.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.store.append(all, (error) => {
        if (error) {
          for (const { trace } of messages) {
            trace.add(this.clock.monotonicUs(), 'store', 'failed', error.message);
          }
          reject(error);
          return;
        }
        for (const { durable } of accepted) durable();
        resolve();
      });
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
    trace.device = via?.device;
    trace.enrichedUs = this.clock.monotonicUs();

    const plan = this.planFor(origin, input, parts.deviceTags);
    trace.routing = plan.description;
    trace.routedUs = this.clock.monotonicUs();

    const statements: Statement[] = [];
    const source = via?.device.id ?? '';
    const series = this.series.get(tenantId, streamId, source);
    if (series.insert) statements.push(series.insert);
    statements.push(messageRepository.insert(seq, series.id, timestampMs, createdMs, body));
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
    return plan.targets.map(({ queue, noRetention }) => {
      const addition = this.fifos.prepare(queue, body, { noRetention, messageSeq: seq, messageId: id });
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
      return this.policies.plan(tenantId, 'dataMessage', facts);
    const kept = this.plans.get(via);
    const { version } = this.policies;
    if (kept && kept.version === version && kept.tags === deviceTags && kept.groupPath === groupPath)
      return kept.plan;
    const plan = this.policies.plan(tenantId, 'dataMessage', facts);
    this.plans.set(via, { version, tags: deviceTags, groupPath, plan });
    return plan;
  }

  /**
   * Messages of a stream as JSON texts, newest first (facts 8). A page of long messages is shorter than its limit, but
   * never empty while there are some.
   */
  async readStream(tenantId: string, streamId: string, query: StreamQuery): Promise<string[]> {
    const { bookmarkId, ...range } = query;
    const after = bookmarkId === undefined ? undefined : await this.bookmark(tenantId, streamId, bookmarkId);
    const found = await messageRepository.findInStream(this.store, tenantId, streamId, { ...range, after });
    return this.read(found);
  }

  /** As many of them as fit an answer, but one in any case. */
  private read(found: readonly MessageSize[]): Promise<string[]> {
    const { dataPageMaxBytes } = this.settings;
    let bytes = 0;
    const fitting = found.filter((message, index) => {
      bytes += message.bytes;
      return index === 0 || bytes <= dataPageMaxBytes;
    });
    return messageRepository.read(
      this.store,
      fitting.map(({ seq }) => seq),
    );
  }

  /** The streams that a device feeds, the one with the latest message first. @param limit -1: all */
  deviceStreams(tenantId: string, deviceId: string, limit: number): Promise<DeviceStream[]> {
    return messageRepository.deviceStreams(this.store, tenantId, deviceId, limit);
  }

  /** The newest message of each of these devices, as JSON texts by device. */
  latestOf(tenantId: string, deviceIds: readonly string[]): Promise<Map<string, string>> {
    return messageRepository.latestOf(this.store, tenantId, deviceIds);
  }

  private async bookmark(tenantId: string, streamId: string, bookmarkId: string): Promise<StreamPosition> {
    const seq = MessageIds.sequenceOf(bookmarkId);
    const found =
      seq === undefined ? undefined : await messageRepository.positionIn(this.store, tenantId, streamId, seq);
    // Of another time or installation, a number may be that of another message.
    if (found && seq !== undefined && this.ids.format(seq, found.created) === bookmarkId) return found;
    throw invalidParameter(
      `bookmarkId: ${bookmarkId} is no message of stream ${streamId} (any more); start again without it.`,
    );
  }
}

const noAdditions: readonly FifoAddition[] = [];
