import { useQuery } from '@tanstack/react-query';
import type { BootstrapConfigJson } from '../../../core/contract/bootstrap/configs.ts';
import type { BootstrapEntryJson } from '../../../core/contract/bootstrap/entries.ts';
import type { EntryImportReport } from '../../../core/contract/bootstrap/imports.ts';
import { api } from '../../api/client.ts';

export const configsUrl = '/api/v1/bootstrap/lwm2m/configs';
export const entriesUrl = '/api/v1/bootstrap/lwm2m/entries';
const page = { query: { limit: 1000 } };
/** No event tells of bootstraps. */
const lookedAtMs = 3000;

/** The oldest first. */
export const useConfigs = () =>
  useQuery({
    queryKey: ['bootstrap', 'configs'],
    queryFn: () => api.list<BootstrapConfigJson>(configsUrl, page),
  });

/** The first by endpoint name, asked for again and again. */
export const useEntries = () =>
  useQuery({
    queryKey: ['bootstrap', 'entries'],
    queryFn: () => api.list<BootstrapEntryJson>(entriesUrl, page),
    refetchInterval: lookedAtMs,
  });

export const createConfig = (request: unknown): Promise<BootstrapConfigJson> => api.post(configsUrl, request);

export const replaceConfig = (id: string, request: unknown): Promise<BootstrapConfigJson> =>
  api.put(`${configsUrl}/${id}`, request);

export const deleteConfig = (id: string): Promise<void> => api.delete(`${configsUrl}/${id}`);

export const createEntry = (request: unknown): Promise<BootstrapEntryJson> => api.post(entriesUrl, request);

export const entryUrl = (endpointName: string): string => `${entriesUrl}/${encodeURIComponent(endpointName)}`;

/** Secrets that the request does not have stay as they are. */
export const replaceEntry = (endpointName: string, request: unknown): Promise<BootstrapEntryJson> =>
  api.put(entryUrl(endpointName), request);

export const deleteEntry = (endpointName: string): Promise<void> => api.delete(entryUrl(endpointName));

/** @param dryRun only says what would happen */
export const importEntries = (file: File, dryRun: boolean): Promise<EntryImportReport> =>
  api.post('/bench/v1/bootstrap/lwm2m/entries/imports', file, { query: { dryRun } });
