import { useQuery } from '@tanstack/react-query';
import type {
  ApiKeyJson,
  CreateApiKeyRequest,
  DebugModeRequest,
  UpdateApiKeyRequest,
} from '../../../core/contract/api-keys.ts';
import type { MqttSessionView } from '../../../core/contract/mqtt-sessions.ts';
import { askedAgainMs } from '../../api/asked-again.ts';
import { api, type Query } from '../../api/client.ts';

export const keysUrl = '/api/v0/apiKeys';
export const keyUrl = (id: string): string => `${keysUrl}/${encodeURIComponent(id)}`;
const pageSize = 1000;

/** All keys of the tenant, also the sessions of users. */
export const useKeys = (options: { enabled?: boolean } = {}) =>
  useQuery({ queryKey: ['keys'], queryFn: loadKeys, refetchInterval: askedAgainMs, ...options });

async function loadKeys(): Promise<ApiKeyJson[]> {
  const keys: ApiKeyJson[] = [];
  for (let page = 0; ; page++) {
    const query = { page, size: pageSize, showSessionKeys: true };
    const { data, totalCount } = await api.get<{ data: ApiKeyJson[]; totalCount: number }>(keysUrl, {
      query,
    });
    keys.push(...data);
    if (data.length < pageSize || keys.length >= totalCount) return keys;
  }
}

type NewKey = Pick<CreateApiKeyRequest, 'label' | 'roles'> & Partial<CreateApiKeyRequest>;

export const createKey = (key: NewKey): Promise<ApiKeyJson> => api.post(keysUrl, key);
const labelLength = 24;

/** A key for a device, with one role and the end of the device's name as its label. */
export const createDeviceKey = (deviceName: string, role: 'DEVICE_ACCESS' | 'DATA_W'): Promise<ApiKeyJson> =>
  createKey({ label: deviceName.split(':').at(-1)?.slice(-labelLength) || 'device', roles: [role] });
export const updateKey = (id: string, change: UpdateApiKeyRequest): Promise<ApiKeyJson> =>
  api.post(keyUrl(id), change);
export const deleteKey = (id: string): Promise<void> => api.delete(keyUrl(id));
export const setDebugMode = (id: string, mode: Partial<DebugModeRequest>): Promise<ApiKeyJson> =>
  api.put(`${keyUrl(id)}/debugMode`, mode);

/** Open MQTT sessions: the first of them and how many there are. */
export const useMqttSessions = (filter: Query) =>
  useQuery({
    queryKey: ['keys', 'sessions', filter],
    queryFn: () =>
      api.list<MqttSessionView>('/bench/v1/mqtt/sessions', { query: { ...filter, limit: shownSessions } }),
    refetchInterval: 3000,
  });

export const shownSessions = 5;
