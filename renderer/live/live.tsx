import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useMemo, useSyncExternalStore } from 'react';
import { type LiveChannel, liveChannels, type MetricsPoint } from '../../core/contract/live.ts';
import { api } from '../api/client.ts';
import { useSession } from '../session/session-store.ts';
import { LiveClient } from './live-client.ts';
import { type LiveSnapshot, LiveStore } from './live-store.ts';
import { liveUrl } from './live-url.ts';
import { refreshOnEvents } from './refresh-on-events.ts';

interface Live {
  readonly store: LiveStore;
  readonly client: LiveClient;
}

const LiveContext = createContext<Live | undefined>(undefined);

/** The live socket of the signed-in window, for all views below. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const key = useSession((state) => state.session?.key) ?? '';
  const queries = useQueryClient();
  const live = useMemo(() => {
    const store = new LiveStore();
    const refresh = refreshOnEvents((area) => void queries.invalidateQueries({ queryKey: [area] }));
    const client = new LiveClient({
      store,
      url: liveUrl(),
      // CoAP and LoRa of all devices are too much for every view: those that show them ask themselves.
      hello: { key, channels: liveChannels.filter((channel) => channel !== 'coap' && channel !== 'lora') },
      onBatch: refresh.batch,
      onWelcome: (again) => {
        if (again) {
          // What happened in between is known by asking only, and must not be missing in the middle.
          store.clear();
          refresh.all();
        }
        // What was asked before the socket was open lacks what came until then.
        void queries.invalidateQueries({ queryKey: ['messages'] });
        void api.get<MetricsPoint[]>('/bench/v1/metrics').then(
          (points) => store.setMetrics(points),
          // The socket brings the rates from now on; only the past is missing.
          () => undefined,
        );
      },
      // An unknown key answers this with the reason, which ends the session.
      onRefused: () => void api.get('/api/v0/whoami').catch(() => undefined),
    });
    return { store, client };
  }, [key, queries]);
  useEffect(() => {
    live.client.start();
    return () => live.client.stop();
  }, [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLiveParts(): Live {
  const live = use(LiveContext);
  if (!live) throw new Error('LiveProvider is missing');
  return live;
}

/** A part of what the live socket has told; renders again when that part changes. */
export function useLive<Part>(select: (snapshot: LiveSnapshot) => Part): Part {
  const { store } = useLiveParts();
  return useSyncExternalStore(store.subscribe, () => select(store.snapshot()));
}

const loraChannels: LiveChannel[] = ['lora'];

/** Frames of all LoRa devices, while a view shows them. */
export const useLoraLive = (): LiveSnapshot => useOwnLive(true, loraChannels, undefined);

const deviceChannels: LiveChannel[] = ['messages', 'refusals', 'devices', 'audit', 'coap', 'lora'];

/** What one device does, complete even when the platform as a whole is too fast to show. */
export const useDeviceLive = (deviceId: string): LiveSnapshot =>
  useOwnLive(deviceId !== '', deviceChannels, deviceId);

/** What a socket of the view's own tells; without one, what that of the window does. */
function useOwnLive(wanted: boolean, channels: LiveChannel[], deviceId: string | undefined): LiveSnapshot {
  const key = useSession((state) => state.session?.key) ?? '';
  const queries = useQueryClient();
  // Of another device is another store.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as told above
  const store = useMemo(() => (wanted ? new LiveStore() : undefined), [wanted, deviceId]);
  useEffect(() => {
    if (!store) return undefined;
    const client = new LiveClient({
      store,
      url: liveUrl(),
      hello: { key, channels, ...(deviceId !== undefined && { deviceId }) },
      onWelcome: (again) => {
        if (again) store.clear();
        if (channels.includes('messages')) void queries.invalidateQueries({ queryKey: ['messages'] });
        if (channels.includes('coap')) void queries.invalidateQueries({ queryKey: ['coap'] });
        void queries.invalidateQueries({ queryKey: ['lora'] });
      },
    });
    client.start();
    return () => client.stop();
  }, [store, key, channels, deviceId, queries]);
  const shared = useLiveParts().store;
  const used = store ?? shared;
  return useSyncExternalStore(used.subscribe, used.snapshot);
}
