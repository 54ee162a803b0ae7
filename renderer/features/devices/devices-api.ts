import type { InterfaceStatus } from '../../../core/contract/connectors.ts';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { InterfaceJson } from '../../../core/contract/interfaces.ts';
import { api, type Listed, type Query } from '../../api/client.ts';

export const devicesUrl = '/api/v1/deviceMgt/devices';
export const devicePath = (deviceId: string): string => `${devicesUrl}/${encodeURIComponent(deviceId)}`;
/** Key of the mutation that saves a device; it is under way until the page of the saved one is open. */
export const saveKey = (deviceId: string) => ['devices', 'save', deviceId] as const;

/** What a row of the list shows. */
const fields = 'id,name,group,tags,properties,interfaces,created';
/** Devices of one call: what a window shows is far less, and the platform answers it in no time. */
export const devicePageSize = 200;

/** Of a list of devices: the filter in RSQL, and the field to sort by. */
export interface DeviceChoice {
  readonly filter: string;
  readonly sort?: string | undefined;
}

export function listDevices(
  { filter, sort }: DeviceChoice,
  page: number,
  signal: AbortSignal,
): Promise<Listed<DeviceJson>> {
  const place = { limit: devicePageSize, offset: page * devicePageSize };
  return api.list<DeviceJson>(devicesUrl, { query: { filterQuery: filter, sort, fields, ...place }, signal });
}

/** Devices by a part of their id or name, for the palette and for choices. */
export async function searchDevices(text: string, signal?: AbortSignal): Promise<DeviceJson[]> {
  const options = signal ? { signal } : {};
  const pattern = `*${text.replaceAll('*', '')}*`;
  const both = await Promise.all(
    ['id', 'name'].map((field) =>
      api.get<DeviceJson[]>(devicesUrl, {
        ...options,
        query: { [field]: pattern, limit: 8, fields: 'id,name,properties' },
      }),
    ),
  );
  return [...new Map(both.flat().map((device) => [device.id, device])).values()].slice(0, 8);
}

/** How many devices a filter finds. */
export async function countDevices(query: Query): Promise<number> {
  return (await api.list<DeviceJson>(devicesUrl, { query: { ...query, limit: 1, fields: 'id' } })).total;
}

const bestFirst: readonly InterfaceStatus[] = [
  'CONNECTIVITY_ERROR',
  'ONLINE',
  'REACTIVATED',
  'ACTIVATED',
  'INITIALIZING',
  'INITIALIZED',
  'SLEEPING',
  'REGISTERED',
  'OFFLINE',
  'DEACTIVATED',
];

/** The state of a device: a fault of any interface first, then the best of them. */
export function statusOf(interfaces: readonly InterfaceJson[] | undefined): InterfaceStatus | 'none' {
  const present = new Set((interfaces ?? []).map(({ status }) => status));
  return bestFirst.find((status) => present.has(status)) ?? 'none';
}

export function lastContactOf(interfaces: readonly InterfaceJson[] | undefined): string | undefined {
  return (
    (interfaces ?? [])
      .map(({ lastContact }) => lastContact ?? '')
      .sort()
      .at(-1) || undefined
  );
}
