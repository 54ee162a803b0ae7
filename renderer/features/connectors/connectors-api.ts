import { useQuery } from '@tanstack/react-query';
import type { ExternalConnectorView } from '../../../core/contract/external-connectors.ts';
import { api } from '../../api/client.ts';

const lookedAtMs = 3000;

/** Open connections of external connectors; asked for again and again, for no event tells of them. */
export const useConnectors = () =>
  useQuery({
    queryKey: ['connectors'],
    queryFn: () => api.list<ExternalConnectorView>('/bench/v1/connectors', { query: { limit: 1000 } }),
    refetchInterval: lookedAtMs,
  });
