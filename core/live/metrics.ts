import type { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { MetricsPoint } from '../contract/live.ts';
import { type Clock, isoTime, type Timer } from '../platform/clock.ts';

/** How many seconds are kept: five minutes, the width of the dashboard's chart. */
const keptPoints = 300;
const secondMs = 1000;

interface Counts {
  stored: Record<string, number>;
  refused: number;
}

/** Counts messages by tenant and second of the wire. */
export class Metrics {
  private readonly bus: EventBus<PlatformEvents>;
  private readonly wireClock: Clock;
  private readonly current = new Map<string, Counts>();
  private readonly history = new Map<string, MetricsPoint[]>();
  private timer: Timer | undefined;

  constructor(bus: EventBus<PlatformEvents>, wireClock: Clock) {
    this.bus = bus;
    this.wireClock = wireClock;
  }

  start(): void {
    this.bus.on('messageStored', this, ({ tenantId, connector }) => {
      const { stored } = this.countsOf(tenantId);
      stored[connector] = (stored[connector] ?? 0) + 1;
    });
    this.bus.on('messageRefused', this, ({ tenantId }) => {
      this.countsOf(tenantId).refused++;
    });
    this.timer = this.wireClock.every('metrics', secondMs, () => this.closeSecond());
  }

  stop(): void {
    this.timer?.cancel();
    this.bus.release(this);
  }

  /** The last seconds of a tenant, oldest first; a tenant that never had a message has none. */
  latest(tenantId: string): readonly MetricsPoint[] {
    return this.history.get(tenantId) ?? [];
  }

  private closeSecond(): void {
    const time = isoTime(this.wireClock.now());
    for (const [tenantId, { stored, refused }] of this.current) {
      const point = { time, stored, refused };
      const points = this.history.get(tenantId) ?? [];
      points.push(point);
      if (points.length > keptPoints) points.shift();
      this.history.set(tenantId, points);
      this.current.set(tenantId, { stored: {}, refused: 0 });
      this.bus.emit('metricsPoint', { tenantId, point });
    }
  }

  private countsOf(tenantId: string): Counts {
    let counts = this.current.get(tenantId);
    if (!counts) {
      counts = { stored: {}, refused: 0 };
      this.current.set(tenantId, counts);
    }
    return counts;
  }
}
