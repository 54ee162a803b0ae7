import { useQuery } from '@tanstack/react-query';
import type { ApiKeyJson, UpdateApiKeyRequest } from '../../../core/contract/api-keys.ts';
import type { Role } from '../../../core/contract/roles.ts';
import { api } from '../../api/client.ts';

const url = '/api/v0/apiKeys';
const keyUrl = (id: string): string => `${url}/${encodeURIComponent(id)}`;

export const useKeys = () =>
  useQuery({
    queryKey: ['keys'],
    queryFn: async () => (await api.get<{ data: ApiKeyJson[] }>(url, { query: { size: 1000 } })).data,
  });

export interface NewKey {
  readonly label: string;
  readonly description?: string;
  readonly roles: readonly Role[];
  readonly scope?: { readonly fifos: readonly string[] };
}

export const createKey = (key: NewKey): Promise<ApiKeyJson> => api.post(url, key);
export const updateKey = (id: string, change: UpdateApiKeyRequest): Promise<ApiKeyJson> =>
  api.post(keyUrl(id), change);
export const deleteKey = (id: string): Promise<void> => api.delete(keyUrl(id));
