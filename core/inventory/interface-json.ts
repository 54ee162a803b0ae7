import { interfaceKindOf } from '../contract/interface-kinds/index.ts';
import { featureNames, type InterfaceKind } from '../contract/interface-kinds/interface-kind.ts';
import type { InterfaceJson } from '../contract/interfaces.ts';
import { isoTime } from '../platform/clock.ts';
import type { Device, DeviceInterface } from './types.ts';

/** @param named true where the interface stands alone, so that it must say whose it is (manual 5.4.3.2). */
export function toInterfaceJson(of: DeviceInterface, named = true): InterfaceJson {
  const kind = interfaceKindOf(of.connector);
  return {
    connector: of.connector,
    nodeId: of.nodeId,
    ...(named && { deviceId: of.device.id }),
    enabled: of.enabled,
    status: of.status,
    definition: publicDefinition(kind, of.definition),
    ...(of.lastContactMs !== undefined && { lastContact: isoTime(of.lastContactMs) }),
    capabilities: toCapabilities(kind, of),
    activity: kind.hidesActivity ? {} : { ...of.activity },
    ...(kind.features.resource !== 'never' && resourceVersions(of.device)),
    created: isoTime(of.createdMs),
    updated: isoTime(of.updatedMs),
  };
}

/** Versions of resources that the device has said, under both names of the compatible API (manual 5.4.2.2). */
export function resourceVersions({ resourceVersions: versions }: Device) {
  if (!versions || Object.keys(versions).length === 0) return undefined;
  return { firmwares: { ...versions }, resources: { ...versions } };
}

/** The definition without what is secret in it: all that ever leaves the platform. */
export function publicDefinition(
  kind: InterfaceKind,
  definition: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  let shown: Readonly<Record<string, unknown>> = definition;
  for (const secret of kind.secrets) shown = without(shown, secret.split('.'));
  return { ...shown };
}

function without(
  from: Readonly<Record<string, unknown>>,
  [name = '', ...deeper]: readonly string[],
): Readonly<Record<string, unknown>> {
  const { [name]: found, ...others } = from;
  if (found === undefined) return from;
  if (deeper.length === 0) return others;
  const isObject = typeof found === 'object' && found !== null;
  return isObject ? { ...from, [name]: without(found as Record<string, unknown>, deeper) } : from;
}

/**
 * The examples of the manual name a version where a feature can be used, and none where it cannot (5.4.2.2),
 * but for the twin of LwM2M (5.5.4.5.1).
 */
function toCapabilities(
  kind: InterfaceKind,
  { capabilities }: DeviceInterface,
): InterfaceJson['capabilities'] {
  const entries = featureNames.map((name) => {
    const available = capabilities[name];
    const versioned = available || kind.alwaysVersioned.includes(name);
    return [name, versioned ? { version: 1, available } : { available }];
  });
  return Object.fromEntries(entries) as InterfaceJson['capabilities'];
}
