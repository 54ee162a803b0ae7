import { useQuery } from '@tanstack/react-query';
import { useListeners } from '../../app/endpoints.tsx';
import { useHealth } from '../../app/use-health.ts';
import { useLive } from '../../live/live.tsx';
import { useLack } from '../../session/identity.ts';
import { readRefusals } from '../messages/messages-api.ts';
import { useFleets } from '../simulators/simulators-api.ts';
import { useDeviceCounts } from './device-counts.tsx';
import { type FailingThing, failingThings } from './failing-things.ts';
import { useRates } from './use-rates.ts';

const lookedAtMs = 5000;

/** What fails of all that who is signed in may see. */
export function useFailingThings(): FailingThing[] {
  const health = useHealth();
  const listeners = useListeners();
  const devices = useDeviceCounts();
  const fleets = useFleets({ enabled: useLack('DEVICE_R') === undefined, refetchInterval: lookedAtMs });
  const refused = useRates().lines.find(({ connector }) => connector === undefined);
  const before = useQuery({
    queryKey: ['messages', 'refusals'],
    enabled: useLack('DATA_R') === undefined,
    queryFn: ({ signal }) => readRefusals({ limit: 1 }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const lastRefusal = useLive(
    ({ entries }) => entries.find((entry) => entry.kind === 'refusal') as RefusalEntry | undefined,
  );
  return failingThings({
    health: health.data,
    listeners: listeners.data ?? [],
    devicesInError: devices.data?.byStatus.find(({ status }) => status === 'CONNECTIVITY_ERROR')?.total ?? 0,
    fleets: fleets.data ?? [],
    refused: refused?.total ?? 0,
    lastRefusal: lastRefusal?.refusal.reason ?? before.data?.[0]?.reason,
  });
}

type RefusalEntry = { readonly refusal: { readonly reason: string } };
