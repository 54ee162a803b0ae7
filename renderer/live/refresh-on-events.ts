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
};

/** Shortest time between two refreshes of an area, however much happens. */
const shortestMs = 1500;
/** What a person waits for, step by step. */
const shorterMs: Readonly<Partial<Record<Area, number>>> = { commands: 200, configuration: 200, clock: 200 };

/** Refreshes what live events say has changed, each area at most every {@link shortestMs}, or {@link shorterMs}. */
export function refreshOnEvents(refresh: (area: Area) => void): {
  batch(batch: LiveBatch): void;
  all(): void;
} {
  const waiting = new Map<Area, ReturnType<typeof setTimeout>>();
  const due = (area: Area): void => {
    if (waiting.has(area)) return;
    const timer = setTimeout(() => {
      waiting.delete(area);
      refresh(area);
    }, shorterMs[area] ?? shortestMs);
    waiting.set(area, timer);
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
