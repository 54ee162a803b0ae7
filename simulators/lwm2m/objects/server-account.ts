import { codes } from '../../../core/protocols/coap/codes.ts';
import { cipherSuites, type SuiteName } from '../../../core/protocols/dtls/suites.ts';
import type { DeviceObjects, ObjectBehaviour, ObjectInstance } from '../device-objects.ts';
import { Refusal } from '../refusal.ts';
import {
  boolean,
  bytesOf,
  integer,
  isMultiple,
  isTrue,
  numberOf,
  opaque,
  type ResourceValue,
  string,
  textOf,
  time,
  unsigned,
} from '../resource-value.ts';
import type { DeviceHost } from './device-host.ts';

const securityObject = 0;
const serverObject = 1;
const ownShortServerId = 1;
/** LwM2M Core 1.1.1, E.2: what counts where Disable Timeout says nothing. */
const defaultDisableS = 86_400;
const psk = 0;

/** What a device knows of a server. */
export interface ServerAccount {
  readonly security: ObjectInstance;
  /** Undefined for the bootstrap server. */
  readonly server: ObjectInstance | undefined;
  readonly uri: string;
  readonly identity: string;
  readonly key: Uint8Array;
  readonly shortServerId: number;
  /** The name to say in the handshake (/0/x/14). */
  readonly serverName?: string | undefined;
  /** The cipher suites to offer, of those that are spoken (/0/x/16); undefined: all. */
  readonly suites?: readonly SuiteName[] | undefined;
}

export interface FirstAccount {
  readonly uri: string;
  readonly isBootstrap: boolean;
  readonly identity: string;
  /** Hexadecimal. */
  readonly secret: string;
  readonly lifetimeS: number;
  readonly binding: string;
}

/** Adds Security and Server, with the one server that a device comes with. */
export function addServerAccount(objects: DeviceObjects, host: DeviceHost, account: FirstAccount): void {
  objects.add(securityObject, host.version);
  objects.add(serverObject, host.version, serverBehaviour(objects, host));
  objects.addInstance(securityObject, 0, {
    0: string(account.uri),
    1: boolean(account.isBootstrap),
    2: integer(psk),
    3: opaque(Buffer.from(account.identity, 'utf8')),
    4: opaque(new Uint8Array()),
    5: opaque(Buffer.from(account.secret, 'hex')),
    10: account.isBootstrap ? undefined : integer(ownShortServerId),
  });
  if (account.isBootstrap) return;
  objects.addInstance(serverObject, 0, {
    0: integer(ownShortServerId),
    1: unsigned(account.lifetimeS),
    5: integer(defaultDisableS),
    6: boolean(true),
    7: string(account.binding),
    // Where it is not there, Send is not allowed (LwM2M Core 1.1.1, E.2).
    23: host.version === '1.0' ? undefined : boolean(false),
  });
}

/**
 * The server to register at: of those that have an account and a key, the one with the lowest priority number (/1/x/13),
 * else the first; undefined when there is none.
 */
export function runServerOf(objects: DeviceObjects): ServerAccount | undefined {
  const orderOf = ({ server }: ServerAccount): number => numberOf(server?.resources.get(13)) ?? Infinity;
  const accounts = runAccounts(objects);
  return accounts.reduce<ServerAccount | undefined>(
    (first, each) => (first === undefined || orderOf(each) < orderOf(first) ? each : first),
    undefined,
  );
}

function runAccounts(objects: DeviceObjects): ServerAccount[] {
  const accounts: ServerAccount[] = [];
  for (const security of objects.instances(securityObject)) {
    const shortServerId = numberOf(objects.value(security, 10));
    if (isTrue(objects.value(security, 1)) || shortServerId === undefined) continue;
    const server = objects
      .instances(serverObject)
      .find((each) => numberOf(objects.value(each, 0)) === shortServerId);
    const account = server && accountOf(objects, security, server, shortServerId);
    if (account) accounts.push(account);
  }
  return accounts;
}

export function bootstrapServerOf(objects: DeviceObjects): ServerAccount | undefined {
  const security = objects.instances(securityObject).find((each) => isTrue(objects.value(each, 1)));
  return security && accountOf(objects, security, undefined, 0);
}

/** Undefined where it has no pre-shared key, which is all that the device can prove itself with. */
function accountOf(
  objects: DeviceObjects,
  security: ObjectInstance,
  server: ObjectInstance | undefined,
  shortServerId: number,
): ServerAccount | undefined {
  const uri = textOf(objects.value(security, 0));
  const identity = bytesOf(objects.value(security, 3));
  const key = bytesOf(objects.value(security, 5));
  if (uri === undefined || !identity || !key || numberOf(objects.value(security, 2)) !== psk)
    return undefined;
  const serverName = textOf(objects.value(security, 14));
  return {
    ...{ security, server, uri, identity: Buffer.from(identity).toString('utf8'), key, shortServerId },
    ...{ serverName: serverName === '' ? undefined : serverName, suites: suitesOf(objects, security) },
  };
}

function suitesOf(objects: DeviceObjects, security: ObjectInstance): readonly SuiteName[] | undefined {
  const listed = objects.value(security, 16);
  if (!listed || !isMultiple(listed) || listed.size === 0) return undefined;
  const ids = [...listed.values()].map((value) => numberOf(value));
  return ids.flatMap((id) => cipherSuites.filter((suite) => suite.id === id).map(({ name }) => name));
}

/** Says in all server accounts that a bootstrap has just written them (/1/x/12, LwM2M 1.1). */
export function noteBootstrap(objects: DeviceObjects, nowMs: number): void {
  for (const server of objects.instances(serverObject)) setIfModelled(objects, server, 12, time(nowMs));
}

/** Keeps the alert with which the server has ended a handshake (/1/x/11, LwM2M 1.1). */
export function noteAlert(objects: DeviceObjects, server: ObjectInstance, alert: number): void {
  setIfModelled(objects, server, 11, unsigned(alert));
}

function setIfModelled(
  objects: DeviceObjects,
  instance: ObjectInstance,
  resourceId: number,
  value: ResourceValue,
): void {
  const isThere = instance.object.model.resources.some(({ id }) => id === resourceId);
  if (isThere) objects.set(instance, resourceId, value);
}

function serverBehaviour(objects: DeviceObjects, host: DeviceHost): ObjectBehaviour {
  return {
    check: (_, id, value) => {
      if (id === 1 && (numberOf(value) ?? 0) < 1)
        throw new Refusal(codes.badRequest, 'a registration lasts at least 1 s');
    },
    written: (_, ids) => {
      // What the registration says is told at once (LwM2M Core 1.1.1, E.2: Lifetime, Binding).
      if (ids.includes(1) || ids.includes(7)) host.bringAbout({ kind: 'update' });
      if (ids.includes(2) || ids.includes(3)) host.bringAbout({ kind: 'periodsChanged' });
    },
    execute: (instance, resourceId) => {
      if (resourceId === 4) {
        const seconds = numberOf(objects.value(instance, 5)) ?? defaultDisableS;
        host.bringAbout({ kind: 'disable', seconds });
      } else if (resourceId === 8) host.bringAbout({ kind: 'update' });
      else if (bootstrapServerOf(objects)) host.bringAbout({ kind: 'bootstrap' });
      else throw new Refusal(codes.methodNotAllowed, 'the device knows no bootstrap server');
    },
  };
}
