import type { z } from 'zod';
import { type ConnectorName, connectorNames } from '../contract/connectors.ts';
import { externalDefinition, mqttDefinition } from '../contract/devices.ts';
import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';

/** Connectors whose interfaces can be made now, each with its definition and the node id that lies in it. */
const offered: Partial<Record<ConnectorName, { schema: z.ZodType; nodeId(definition: never): string }>> = {
  mqtt: {
    schema: mqttDefinition,
    nodeId: ({ clientId }: z.output<typeof mqttDefinition>) => clientId,
  },
  'x-connector': {
    schema: externalDefinition,
    nodeId: ({ nodeId }: z.output<typeof externalDefinition>) => nodeId,
  },
};

export interface InterfaceIdentity {
  readonly connector: ConnectorName;
  readonly nodeId: string;
  readonly definition: Readonly<Record<string, unknown>>;
}

/**
 * Checks the definition of a new interface and finds its node id.
 * @param place of the interface in the request, for the error: `body.interfaces.0`
 * @throws PlatformError `inventory.connectorUnavailable`, `api.invalidParameter`
 */
export function identifyInterface(
  request: { connector: string; definition: Record<string, unknown> },
  place: string,
): InterfaceIdentity {
  const connector = requireConnector(request.connector);
  const kind = offered[connector];
  if (!kind) throw unavailable(connector);
  const checked = kind.schema.safeParse(request.definition);
  if (!checked.success) {
    const details = checked.error.issues.map(
      (issue) => `${[place, 'definition', ...issue.path].join('.')}: ${issue.message}`,
    );
    throw invalidParameter(details.join('; '));
  }
  return {
    connector,
    nodeId: kind.nodeId(checked.data as never),
    definition: checked.data as Record<string, unknown>,
  };
}

/** @throws PlatformError `inventory.connectorUnavailable` when no connector has this name */
export function requireConnector(name: string): ConnectorName {
  const found = connectorNames.find((connector) => connector === name);
  if (!found) throw unavailable(name);
  return found;
}

function unavailable(name: string): PlatformError {
  const names = Object.keys(offered).join(', ');
  return new PlatformError(
    'inventory.connectorUnavailable',
    'The connector does not exist or is not offered yet.',
    {
      details: `${name}; offered: ${names}`,
    },
  );
}
