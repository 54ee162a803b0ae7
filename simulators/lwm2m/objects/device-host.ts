import type { SimulatedFirmware } from '../../../core/contract/simulated-lwm2m.ts';
import type { Lwm2mVersion } from '../answer-formats.ts';
import type { Traffic } from '../radio.ts';

/** What objects can bring about. It is done when the request that asks for it was answered. */
export type DeviceEffect =
  | { readonly kind: 'update' | 'reboot' | 'factoryReset' | 'bootstrap' | 'periodsChanged' }
  | { readonly kind: 'disable'; readonly seconds: number };

/** The device around its objects. */
export interface DeviceHost {
  readonly endpointName: string;
  readonly number: number;
  readonly version: Lwm2mVersion;
  readonly firmware: SimulatedFirmware;
  /** The platform's time in milliseconds. */
  now(): number;
  after(name: string, delayMs: number, run: () => void): { cancel(): void };
  bringAbout(effect: DeviceEffect): void;
  /** @throws DownloadFailure; any other error is taken for a lost connection */
  download(uri: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  traffic(): Traffic;
  clearTraffic(): void;
  /** Where it sends from; undefined while it is not connected. */
  address(): string | undefined;
}
