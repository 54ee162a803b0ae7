import { useQuery } from '@tanstack/react-query';
import type { HealthView } from '../../core/contract/bench.ts';
import { api } from '../api/client.ts';

const lookedAtMs = 5000;

/** State of the platform and its parts, as it goes on. */
export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: () => api.get<HealthView>('/bench/v1/health'),
    refetchInterval: lookedAtMs,
  });
