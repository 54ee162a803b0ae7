import type { LiveBatch, LiveChannel } from '../../core/contract/live.ts';

/** Areas of server state, as the first part of their query keys. */
export const areas = [
  'devices',
  'commands',
  'configuration',
  'resources',
  'campaigns',
  'audit',
  'fifos',
  'policies',
  'keys',
  'users',
  'certificates',
  'tenants',
  'identity',
  'simulators',
  'health',
  'clock',
] as const;
export type Area = (typeof areas)[number];

/** What is asked for anew when a channel tells something; undefined where the event itself is all there is to know. */
const byChannel: Readonly<Record<LiveChannel, Area | undefined>> = {
  devices: 'devices',
  audit: 'audit',
  fifos: 'fifos',
  commands: 'commands',
  configuration: 'configuration',
  resources: 'resources',
  campaigns: 'campaigns',
  messages: undefined,
  refusals: undefined,
  clock: 'clock',
  metrics: undefined,
  twin: undefined,
  coap: undefined,
  lora: undefined,
};

/** Events that come together are one change, which is asked for once. */
const togetherMs = 100;
/** Shortest time between two refreshes of an area, however much happens. */
const shortestMs = 1500;
/** What a person waits for, step by step. */
const shorterMs: Readonly<Partial<Record<Area, number>>> = { commands: 200, configuration: 200, clock: 200 };

/**
 * Refreshes what live events say has changed: after a rest at once, and in a stream of events each area at most
 * every {@link shortestMs}, or {@link shorterMs}.
 */
export function refreshOnEvents(refresh: (area: Area) => void): {
  batch(batch: LiveBatch): void;
  all(): void;
} {
  const waiting = new Set<Area>();
  const refreshedAtMs = new Map<Area, number>();
  const due = (area: Area): void => {
    if (waiting.has(area)) return;
    waiting.add(area);
    const restedMs = performance.now() - (refreshedAtMs.get(area) ?? -Infinity);
    const waitMs = Math.max(togetherMs, (shorterMs[area] ?? shortestMs) - restedMs);
    setTimeout(() => {
      waiting.delete(area);
      refreshedAtMs.set(area, performance.now());
      refresh(area);
    }, waitMs);
  };
  return {
    batch: ({ events }) => {
      for (const { channel } of events) {
        const area = byChannel[channel];
        if (area) due(area);
      }
    },
    all: () => areas.forEach(refresh),
  };
}
