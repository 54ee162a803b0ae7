import type { BootstrapConfigs } from '../../../bootstrap/bootstrap-configs.ts';
import type { BootstrapEntry } from '../../../bootstrap/entry-record.ts';
import type { RunServer } from '../../../contract/bootstrap/configs.ts';
import type { SentConfig } from '../../../contract/bootstrap/entries.ts';
import { securityModes } from '../../../contract/bootstrap/server-objects.ts';
import type { PskInfo } from '../../../contract/psk.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../../inventory/types.ts';
import { type RandomSource, randomHex } from '../../../platform/random.ts';
import { pskKeyOf } from '../psk-key.ts';
import { BootstrapFailure } from './bootstrap-failure.ts';

/** One run server, with all that is written for it. */
export interface PlannedServer {
  readonly id: string;
  readonly sent: SentConfig['runServers'][number];
  /** Instances to write; undefined: any that is free. */
  readonly securityInstance: number | undefined;
  readonly serverInstance: number | undefined;
}

export interface BootstrapPlan {
  readonly servers: readonly PlannedServer[];
  /** What the device's interface gets, where the bootstrap manages it. */
  readonly provision: { readonly target: DeviceInterface; readonly pskInfo: PskInfo } | undefined;
}

export interface PlanParts {
  readonly configs: Pick<BootstrapConfigs, 'find'>;
  readonly registry: Pick<InterfaceRegistry, 'findInterface'>;
  readonly random: RandomSource;
  /** Where the device reaches the platform's own LwM2M server; undefined: it does not listen. */
  readonly runServerUri: string | undefined;
}

/** Bytes of keys and identities that are made at a bootstrap. */
const keyBytes = 16;

/** Written where the configuration says nothing: the Server object has no instance without (LwM2M 1.0.2, E.2). */
const serverDefaults = {
  lifetime: 300,
  notificationStoringWhenDisabledOrOffline: true,
  binding: 'U',
} as const;

/**
 * What a client is to be told, with everything checked that can be known before it is spoken to.
 * @throws BootstrapFailure
 */
export function planBootstrap(entry: BootstrapEntry, parts: PlanParts): BootstrapPlan {
  const { bootstrapConfigId } = entry.definition ?? {};
  if (bootstrapConfigId === undefined) {
    throw new BootstrapFailure('the entry names no bootstrap configuration (definition.bootstrapConfigId)');
  }
  const config = parts.configs.find(entry.tenantId, bootstrapConfigId);
  if (!config) throw new BootstrapFailure(`there is no bootstrap configuration ${bootstrapConfigId}`);
  let provision: BootstrapPlan['provision'];
  const servers = config.runServers.map((server): PlannedServer => {
    const { pskInfo, target, uri } = server.useLiveObjects
      ? ownServer(entry, server, parts)
      : { pskInfo: otherPsk(entry, server), target: undefined, uri: undefined };
    if (target && pskInfo) provision = { target, pskInfo };
    return planServer(server, pskInfo, uri);
  });
  return { servers, provision };
}

function planServer(
  { id, lwm2mDefinition }: RunServer,
  pskInfo: PskInfo | undefined,
  ownUri: string | undefined,
): PlannedServer {
  const { settings: ofSecurity, ...security } = lwm2mDefinition.security;
  const { settings: ofServer, ...server } = lwm2mDefinition.server;
  return {
    id,
    securityInstance: ofSecurity?.objectInstanceId,
    serverInstance: ofServer?.objectInstanceId,
    sent: {
      security: {
        ...security,
        ...(ownUri !== undefined && { lwm2mServerUri: ownUri, securityMode: securityModes.PSK }),
        ...(pskInfo && { publicKeyOrIdentity: pskInfo.identity, secretKey: pskInfo.secret }),
      },
      server: { ...serverDefaults, ...server },
    },
  };
}

/** The key for another server; undefined where its security mode needs none. */
function otherPsk(entry: BootstrapEntry, server: RunServer): PskInfo | undefined {
  if (server.lwm2mDefinition.security.securityMode !== securityModes.PSK) return undefined;
  return givenPsk(entry, server);
}

/** @throws BootstrapFailure when the entry has no key for the run server */
function givenPsk({ security, definition }: BootstrapEntry, { id }: RunServer): PskInfo {
  const given = definition?.runServers?.find((server) => server.id === id)?.security?.pskInfo;
  if (given) return { identity: given.identity ?? security.pskInfo.identity, secret: given.secret };
  throw new BootstrapFailure(`the entry has no security.pskInfo for run server ${id}, which needs one`);
}

/** Manual 7.7.1.3.2 and 7.7.1.3.3. `target` is the interface where it is to be told of the key. */
function ownServer(entry: BootstrapEntry, server: RunServer, parts: PlanParts) {
  const uri = parts.runServerUri;
  if (uri === undefined) {
    throw new BootstrapFailure(
      `run server ${server.id} is this platform, whose LwM2M server does not listen; start it with a port`,
    );
  }
  const found = parts.registry.findInterface(entry.tenantId, 'lwm2m', entry.endpointName);
  if (!found) {
    throw new BootstrapFailure(
      `no device has the interface lwm2m:${entry.endpointName}, and run server ${server.id} is this platform; register it first`,
    );
  }
  const name = `interface lwm2m:${found.nodeId} of ${found.device.id}`;
  if (!found.enabled) throw new BootstrapFailure(`${name} is disabled`);
  const { bootstrap, security } = found.definition as {
    bootstrap?: { managed?: boolean };
    security?: { pskInfo: PskInfo };
  };
  const isManaged = bootstrap?.managed === true;
  if (server.renewSecurityOnBootstrap && !isManaged) {
    throw new BootstrapFailure(
      `run server ${server.id} gets new credentials at each bootstrap (renewSecurityOnBootstrap), and ${name} does not take them: set bootstrap.managed to true`,
    );
  }
  const pskInfo = server.renewSecurityOnBootstrap
    ? { identity: randomHex(parts.random, keyBytes), secret: randomHex(parts.random, keyBytes) }
    : givenPsk(entry, server);
  if (isManaged) return { uri, pskInfo, target: found };
  const differs = differenceOf(security?.pskInfo, pskInfo);
  if (differs === undefined) return { uri, pskInfo, target: undefined };
  throw new BootstrapFailure(
    `${name} has another ${differs} than the entry has for run server ${server.id}; make them equal, or set bootstrap.managed to true`,
  );
}

function differenceOf(one: PskInfo | undefined, other: PskInfo): string | undefined {
  if (one?.identity !== other.identity) return 'PSK identity';
  return Buffer.from(pskKeyOf(one.secret)).equals(pskKeyOf(other.secret)) ? undefined : 'PSK secret';
}
