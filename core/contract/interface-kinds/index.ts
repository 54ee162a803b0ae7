import type { ConnectorName } from '../connectors.ts';
import type { InterfaceKind } from './interface-kind.ts';
import { loraKind } from './lora.ts';
import { lwm2mKind } from './lwm2m.ts';
import { mqttKind } from './mqtt.ts';
import { smsKind } from './sms.ts';
import { externalKind } from './x-connector.ts';

/** Connectors that have interfaces. `http` has none: an application posts for a stream, not as a device. */
export const interfaceKinds: readonly InterfaceKind[] = [
  mqttKind,
  smsKind,
  loraKind,
  lwm2mKind,
  externalKind,
];

const byName = new Map<string, InterfaceKind>(interfaceKinds.map((kind) => [kind.connector, kind]));

/** The kind of this connector's interfaces; undefined when it has none, or there is no such connector. */
export function findInterfaceKind(connector: string): InterfaceKind | undefined {
  return byName.get(connector);
}

/** The same for a connector that is known to have interfaces. */
export function interfaceKindOf(connector: ConnectorName): InterfaceKind {
  const kind = byName.get(connector);
  if (!kind) throw new Error(`The connector ${connector} has no interfaces.`);
  return kind;
}
