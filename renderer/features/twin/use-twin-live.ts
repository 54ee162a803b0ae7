import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { LiveBatch, LiveEvent } from '../../../core/contract/live.ts';
import type { TwinObjectJson } from '../../../core/contract/twin.ts';
import type {
  BenchObservationJson,
  BenchOperationJson,
  BenchTwinJson,
} from '../../../core/contract/twin-bench.ts';
import { LiveClient } from '../../live/live-client.ts';
import { LiveStore } from '../../live/live-store.ts';
import { liveUrl } from '../../live/live-url.ts';
import { useSession } from '../../session/session-store.ts';
import { withObservation, withOperation } from './twin-activity.ts';
import { patch, twinKeys } from './twin-api.ts';
import { withValues } from './twin-model.ts';
import { idsOf } from './twin-path.ts';

/** Shortest time between two looks at what events do not tell in whole. */
const lookAgainMs = 500;

/** Keeps what is known of a twin as the device tells it, for as long as it is shown. */
export function useTwinLive(deviceId: string): void {
  const key = useSession((state) => state.session?.key) ?? '';
  const queries = useQueryClient();
  useEffect(() => {
    const all = twinKeys.all(deviceId);
    const later = new Refreshes(queries);
    const client = new LiveClient({
      store: new LiveStore(),
      url: liveUrl(),
      hello: { key, channels: ['twin'], deviceId },
      // What was asked before the socket was open lacks what came until then.
      onWelcome: () => void queries.invalidateQueries({ queryKey: all }),
      onBatch: (batch) => takeBatch(queries, deviceId, batch, later),
    });
    client.start();
    return () => {
      client.stop();
      later.stop();
      // Nobody keeps it up to date from now on.
      void queries.invalidateQueries({ queryKey: all, refetchType: 'none' });
    };
  }, [key, deviceId, queries]);
}

type TwinEvent = Extract<LiveEvent, { channel: 'twin' }>;

function takeBatch(queries: QueryClient, deviceId: string, batch: LiveBatch, later: Refreshes): void {
  if (batch.skipped > 0) later.add(twinKeys.all(deviceId));
  for (const event of batch.events)
    if (event.channel === 'twin' && event.deviceId === deviceId) takeEvent(queries, deviceId, event, later);
}

function takeEvent(queries: QueryClient, deviceId: string, event: TwinEvent, later: Refreshes): void {
  const { operation, observation, cancelledObservationId, report } = event;
  if (operation) {
    patch<BenchOperationJson[]>(queries, twinKeys.operations(deviceId), (known) =>
      withOperation(known, operation),
    );
    // What a device does not name in its answer is gone, which the values in the answer do not tell.
    if (operation.type === 'READ' && operation.status === 'OK')
      for (const path of operation.paths ?? []) later.add(twinKeys.values(deviceId, idsOf(path)[0]));
  }
  const observations = twinKeys.observations(deviceId);
  if (observation)
    patch<BenchObservationJson[]>(queries, observations, (known) => withObservation(known, observation));
  if (cancelledObservationId !== undefined)
    patch<BenchObservationJson[]>(queries, observations, (known) =>
      known.filter(({ id }) => id !== cancelledObservationId),
    );
  if (!report) return;
  if (report.origin === 'notify') later.add(observations);
  if (report.origin === 'register' || report.origin === 'update') {
    later.add(twinKeys.objects(deviceId));
    later.add(twinKeys.values(deviceId));
  }
  const { values = [] } = report;
  const objects = queries.getQueryData<BenchTwinJson>(twinKeys.objects(deviceId))?.objects ?? [];
  for (const objectId of new Set(values.map(({ path }) => idsOf(path)[0] ?? 0))) {
    const own = values.filter(({ path }) => idsOf(path)[0] === objectId);
    const instances = objects.find((object) => object.objectId === objectId)?.instanceIds ?? [];
    if (own.some(({ path }) => !instances.includes(idsOf(path)[1] ?? 0))) {
      later.add(twinKeys.objects(deviceId));
      later.add(twinKeys.values(deviceId, objectId));
    }
    patch<TwinObjectJson>(queries, twinKeys.values(deviceId, objectId), (known) => withValues(known, own));
  }
}

/** Asks again for what has changed, each at most once in a while. */
class Refreshes {
  private readonly queries: QueryClient;
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(queries: QueryClient) {
    this.queries = queries;
  }

  add(queryKey: readonly unknown[]): void {
    const name = JSON.stringify(queryKey);
    if (this.waiting.has(name)) return;
    const timer = setTimeout(() => {
      this.waiting.delete(name);
      void this.queries.invalidateQueries({ queryKey });
    }, lookAgainMs);
    this.waiting.set(name, timer);
  }

  stop(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
  }
}
