import { useQuery } from '@tanstack/react-query';
import type { SmscView } from '../../../core/contract/sms/smsc.ts';
import { api } from '../../api/client.ts';

const lookedAtMs = 5000;

/** Where the platform stands with its short message centre, as it goes on. */
export const useCentre = ({ enabled = true }: { enabled?: boolean } = {}) =>
  useQuery({
    queryKey: ['sms', 'centre'],
    queryFn: ({ signal }) => api.get<SmscView>('/bench/v1/sms/centre', { signal }),
    refetchInterval: lookedAtMs,
    enabled,
  });
