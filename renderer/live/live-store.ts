import type { AuditMessage } from '../../core/contract/audit.ts';
import type { CoapLogEntry } from '../../core/contract/coap-log.ts';
import type { LiveBatch, LiveEvent, MetricsPoint } from '../../core/contract/live.ts';
import type { LoraFrame } from '../../core/contract/lora/frames.ts';
import type { DataMessage } from '../api/data-message.ts';
import { type CampaignPoints, withCampaignEvent } from './campaign-points.ts';

type EventOf<Channel extends LiveEvent['channel']> = Extract<LiveEvent, { channel: Channel }>;
export type Refusal = EventOf<'refusals'>;
export type DeviceEvent = EventOf<'devices'>;
export type FifoDepth = EventOf<'fifos'>['fifos'][number];

/** One thing that came in: a message that was stored or a publication that was refused. */
export type StreamEntry =
  | { readonly kind: 'message'; readonly key: string; readonly message: DataMessage }
  | { readonly kind: 'refusal'; readonly key: string; readonly refusal: Refusal };

export type Connection =
  | { readonly state: 'connecting' }
  | { readonly state: 'open'; readonly since: number }
  /** `reason` is empty when the platform did not say one: it is gone, or the way to it. */
  | { readonly state: 'waiting'; readonly code: number; readonly reason: string; readonly retryAt: number };

/** What the live socket has told, newest first. Every part is replaced, never changed. */
export interface LiveSnapshot {
  readonly connection: Connection;
  readonly entries: readonly StreamEntry[];
  /** Entries that ever came, also those that are no longer kept. */
  readonly received: number;
  /** Messages that the platform left out because this viewer was too slow for them. */
  readonly skipped: number;
  readonly devices: readonly DeviceEvent[];
  readonly audit: readonly AuditMessage[];
  /** Oldest first. */
  readonly metrics: readonly MetricsPoint[];
  readonly fifos: ReadonlyMap<string, FifoDepth>;
  readonly campaigns: CampaignPoints;
  /** CoAP messages and DTLS events; one that was told again, because more is known of it, stands where it stood. */
  readonly coap: readonly CoapLogEntry[];
  readonly lora: readonly LoraFrame[];
}

export const liveLimits = { entries: 5000, devices: 500, audit: 500, metrics: 300, coap: 1000, lora: 2000 };

const empty: LiveSnapshot = {
  connection: { state: 'connecting' },
  entries: [],
  received: 0,
  skipped: 0,
  devices: [],
  audit: [],
  metrics: [],
  fifos: new Map(),
  campaigns: new Map(),
  coap: [],
  lora: [],
};

/** Collects live events and shows them to the views, at most once a frame. */
export class LiveStore {
  private readonly schedule: (flush: () => void) => void;
  private readonly listeners = new Set<() => void>();
  private current: LiveSnapshot = empty;
  private next: LiveSnapshot = empty;
  private fresh: StreamEntry[] = [];
  private scheduled = false;

  constructor(schedule: (flush: () => void) => void = (flush) => requestAnimationFrame(flush)) {
    this.schedule = schedule;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): LiveSnapshot => this.current;

  setConnection(connection: Connection): void {
    this.change({ connection });
  }

  add(batch: LiveBatch): void {
    const devices: DeviceEvent[] = [];
    const audit: AuditMessage[] = [];
    const metrics: MetricsPoint[] = [];
    const lora: LoraFrame[] = [];
    let { fifos, campaigns, coap } = this.next;
    for (const event of batch.events) {
      switch (event.channel) {
        case 'messages':
          this.fresh.push({ kind: 'message', key: event.id, message: JSON.parse(event.body) as DataMessage });
          break;
        case 'refusals':
          this.fresh.push({ kind: 'refusal', key: event.traceId, refusal: event });
          break;
        case 'devices':
          devices.push(event);
          break;
        case 'audit':
          audit.push(event.message);
          break;
        case 'metrics':
          metrics.push(event.point);
          break;
        case 'fifos':
          fifos = new Map(event.fifos.map((fifo) => [fifo.name, fifo]));
          break;
        case 'campaigns':
          campaigns = withCampaignEvent(campaigns, event);
          break;
        case 'coap':
          coap = withEntry(coap, event.entry);
          break;
        case 'lora':
          lora.push(event.frame);
          break;
        case 'commands':
        case 'configuration':
        case 'resources':
        case 'clock':
        case 'twin':
          // The API has what lies before as well, and is asked anew (refreshOnEvents).
          break;
      }
    }
    // A tab in the background gets no frames, and what waits for one must stay bounded too.
    const surplus = this.fresh.length - liveLimits.entries;
    const lost = Math.max(0, surplus);
    if (lost > 0) this.fresh.splice(0, lost);
    this.change({
      received: this.next.received + lost,
      skipped: this.next.skipped + batch.skipped,
      devices: prepend(devices, this.next.devices, liveLimits.devices),
      audit: prepend(audit, this.next.audit, liveLimits.audit),
      metrics: appendPoints(this.next.metrics, metrics),
      fifos,
      campaigns,
      coap,
      lora: prepend(lora, this.next.lora, liveLimits.lora),
    });
  }

  /** The rates of the time before the socket was open. */
  setMetrics(points: readonly MetricsPoint[]): void {
    this.change({ metrics: appendPoints(points, this.next.metrics) });
  }

  clear(): void {
    this.fresh = [];
    this.change({ ...empty, connection: this.next.connection });
  }

  private change(part: Partial<LiveSnapshot>): void {
    this.next = { ...this.next, ...part };
    if (this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    if (this.fresh.length > 0) {
      this.next = {
        ...this.next,
        received: this.next.received + this.fresh.length,
        entries: prepend(this.fresh, this.next.entries, liveLimits.entries),
      };
      this.fresh = [];
    }
    this.current = this.next;
    for (const listener of this.listeners) listener();
  }
}

/** @param added oldest first @param kept newest first */
function prepend<Item>(added: readonly Item[], kept: readonly Item[], limit: number): readonly Item[] {
  if (added.length === 0) return kept;
  return [...added.toReversed(), ...kept].slice(0, limit);
}

function withEntry(kept: readonly CoapLogEntry[], entry: CoapLogEntry): readonly CoapLogEntry[] {
  const index = kept.findIndex(({ id }) => id === entry.id);
  return index < 0 ? prepend([entry], kept, liveLimits.coap) : kept.with(index, entry);
}

function appendPoints(
  kept: readonly MetricsPoint[],
  added: readonly MetricsPoint[],
): readonly MetricsPoint[] {
  const last = kept.at(-1)?.time ?? '';
  const newer = added.filter(({ time }) => time > last);
  return newer.length === 0 ? kept : [...kept, ...newer].slice(-liveLimits.metrics);
}
