import type { ResourceRecord } from '../../../protocols/lwm2m/content.ts';
import { Lwm2mPath } from '../../../protocols/lwm2m/path.ts';

/** Paths of object 5 (LwM2M Core 1.1.1, E.6) and of the firmware version in object 3. */
export const firmwarePaths = {
  instance: Lwm2mPath.parse('/5/0'),
  package: Lwm2mPath.parse('/5/0/0'),
  packageUri: Lwm2mPath.parse('/5/0/1'),
  update: Lwm2mPath.parse('/5/0/2'),
  state: Lwm2mPath.parse('/5/0/3'),
  deviceVersion: Lwm2mPath.parse('/3/0/3'),
} as const;

/** State, /5/0/3. */
export const firmwareStates = { idle: 0, downloading: 1, downloaded: 2, updating: 3 } as const;
export type FirmwareState = (typeof firmwareStates)[keyof typeof firmwareStates];

/** Update Result, /5/0/5: those that need a word. */
export const firmwareResults = { initial: 0, success: 1, deferred: 11 } as const;

export type DeviceProtocol = 'coap' | 'coaps' | 'http' | 'https' | 'coap+tcp' | 'coaps+tcp';

/** Firmware Update Protocol Support, /5/0/8, by number. */
const protocols: readonly DeviceProtocol[] = ['coap', 'coaps', 'http', 'https', 'coap+tcp', 'coaps+tcp'];
/** Firmware Update Delivery Method, /5/0/9, by number. */
const deliveryMethods = ['pull', 'push', 'both'] as const;

/** What a device says of its object 5. */
export interface FirmwareStatus {
  readonly state: FirmwareState;
  readonly result: number;
  /** Version of the package that it has got, /5/0/7. */
  readonly packageVersion: string | undefined;
  /** By which it can fetch a package; CoAP where it says nothing. */
  readonly protocols: readonly DeviceProtocol[];
  readonly delivery: (typeof deliveryMethods)[number];
}

/** @returns a text when the values do not say in which state the device is */
export function readFirmwareStatus(values: readonly ResourceRecord[]): FirmwareStatus | string {
  const found = (resourceId: number): unknown[] =>
    values
      .filter(({ path }) => path.objectId === 5 && path.instanceId === 0 && path.resourceId === resourceId)
      .map(({ value }) => value.value);
  const state = Number(found(3)[0]);
  if (!(state >= 0 && state <= 3))
    return `the device says no state from 0 to 3 in /5/0/3, but ${found(3)[0]}`;
  const named = found(8).flatMap((number) => protocols[Number(number)] ?? []);
  const version = found(7)[0];
  return {
    state: state as FirmwareState,
    result: Number(found(5)[0] ?? firmwareResults.initial),
    packageVersion: typeof version === 'string' && version !== '' ? version : undefined,
    protocols: found(8).length === 0 ? ['coap'] : named,
    delivery: deliveryMethods[Number(found(9)[0] ?? 2)] ?? 'both',
  };
}

/** What an update result means to the platform: error code of the update, and words. */
const failures: Readonly<Record<number, readonly [code: string, text: string]>> = {
  2: ['ASSET_ORIGINATED_ERROR', 'not enough flash memory for the package'],
  3: ['ASSET_ORIGINATED_ERROR', 'out of RAM while the package was downloaded'],
  4: ['ASSET_ORIGINATED_ERROR', 'the connection was lost while the package was downloaded'],
  5: ['INVALID_RESOURCE', 'the integrity check of the package failed'],
  6: ['INVALID_RESOURCE', 'the type of the package is not supported'],
  7: ['ASSET_ORIGINATED_ERROR', 'the URI of the package is not valid'],
  8: ['ASSET_ORIGINATED_ERROR', 'the installation failed'],
  9: ['ASSET_ORIGINATED_ERROR', 'the protocol of the URI is not supported'],
  10: ['ASSET_ORIGINATED_ERROR', 'the update was cancelled at the device'],
};

export function failureOfResult(result: number): { code: string; deviceCode: string; text: string } {
  const [code, text] = failures[result] ?? ['ASSET_ORIGINATED_ERROR', 'a result that no standard names'];
  return { code, deviceCode: `UPDATE_RESULT_${result}`, text: `Update result ${result} (/5/0/5): ${text}.` };
}

/** The same of an error code in a device's answer. @param code 404 for 4.04 */
export function failureOfAnswer(code: number): { code: string; deviceCode: string } {
  const codes: Readonly<Record<number, string>> = {
    401: 'NOT_AUTHORIZED',
    403: 'NOT_AUTHORIZED',
    404: 'UNKNOWN_RESOURCE',
    413: 'INVALID_RESOURCE',
  };
  return {
    code: codes[code] ?? 'ASSET_ORIGINATED_ERROR',
    deviceCode: `${Math.floor(code / 100)}.${String(code % 100).padStart(2, '0')}`,
  };
}
