import type { DeviceResourceJson, DeviceResourcesJson } from '../contract/resource-updates.ts';
import { isoTime } from '../platform/clock.ts';

/** What a device has of a resource, and what was asked for. */
export interface DeviceResource {
  readonly reported?: StampedVersion;
  readonly requested?: StampedVersion;
  /** What the device said about its version. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface StampedVersion {
  readonly version: string;
  readonly atMs: number;
}

export function toDeviceResourceJson({ reported, requested, metadata }: DeviceResource): DeviceResourceJson {
  return {
    ...(reported && { reported: { version: reported.version, timestamp: isoTime(reported.atMs) } }),
    ...(requested && { requested: { version: requested.version, timestamp: isoTime(requested.atMs) } }),
    ...(metadata && { metadata: { ...metadata } }),
  };
}

export function toDeviceResourcesJson(resources: ReadonlyMap<string, DeviceResource>): DeviceResourcesJson {
  return Object.fromEntries([...resources].map(([id, each]) => [id, toDeviceResourceJson(each)]));
}
