import type { SentConfig } from '../../../contract/bootstrap/entries.ts';
import { securityModes } from '../../../contract/bootstrap/server-objects.ts';
import type { ResourceRecord } from '../../../protocols/lwm2m/content.ts';
import { Lwm2mPath } from '../../../protocols/lwm2m/path.ts';
import { bytesOfBase64, type Lwm2mValue } from '../../../protocols/lwm2m/value.ts';
import { pskKeyOf } from '../psk-key.ts';

export const securityObject = 0;
export const serverObject = 1;
export const oscoreObject = 21;
const apnObject = 11;

type Sent = SentConfig['runServers'][number];
type Security = Omit<Sent['security'], 'publicKeyOrIdentity' | 'secretKey' | 'serverPublicKey'>;
type Kind = 'STRING' | 'INTEGER' | 'UNSIGNED_INTEGER' | 'BOOLEAN' | 'apn';
type Resources<Fields> = { readonly [Name in keyof Required<Fields>]: readonly [id: number, kind: Kind] };

/** Resources of the Security object (LwM2M Core 1.1.1, E.1) by their names in a configuration. */
const securityResources: Resources<Security> = {
  lwm2mServerUri: [0, 'STRING'],
  securityMode: [2, 'INTEGER'],
  smsSecurityMode: [6, 'INTEGER'],
  lwm2mServerSmsNumber: [9, 'STRING'],
  shortServerId: [10, 'INTEGER'],
  clientHoldOffTime: [11, 'INTEGER'],
  bootstrapServerAccountTimeout: [12, 'INTEGER'],
  matchingType: [13, 'UNSIGNED_INTEGER'],
  sni: [14, 'STRING'],
  certificateUsage: [15, 'UNSIGNED_INTEGER'],
  dtlsTlsCiphersuite: [16, 'UNSIGNED_INTEGER'],
};

/** Resources of the Server object (LwM2M Core 1.1.1, E.2). */
const serverResources: Resources<Sent['server']> = {
  shortServerId: [0, 'INTEGER'],
  lifetime: [1, 'INTEGER'],
  defaultMinimumPeriod: [2, 'INTEGER'],
  defaultMaximumPeriod: [3, 'INTEGER'],
  disableTimeout: [5, 'INTEGER'],
  notificationStoringWhenDisabledOrOffline: [6, 'BOOLEAN'],
  binding: [7, 'STRING'],
  apnLink: [10, 'apn'],
  registrationPriorityOrder: [13, 'UNSIGNED_INTEGER'],
  initialRegistrationDelayTimer: [14, 'UNSIGNED_INTEGER'],
  registrationFailureBlock: [15, 'BOOLEAN'],
  bootstrapOnRegistrationFailure: [16, 'BOOLEAN'],
  communicationRetryCount: [17, 'UNSIGNED_INTEGER'],
  communicationRetryTimer: [18, 'UNSIGNED_INTEGER'],
  communicationSequenceDelayTimer: [19, 'UNSIGNED_INTEGER'],
  communicationSequenceRetryCount: [20, 'UNSIGNED_INTEGER'],
  trigger: [21, 'BOOLEAN'],
  preferredTransport: [22, 'STRING'],
  muteSend: [23, 'BOOLEAN'],
};

/** Values of the Security object of a run server; 3, 4 and 5 are there in every mode, empty where it has none. */
export function securityRecords(instance: number, { security }: Sent): ResourceRecord[] {
  const { publicKeyOrIdentity = '', secretKey, serverPublicKey = '', securityMode } = security;
  const isPsk = securityMode === securityModes.PSK;
  const opaque = (id: number, value: Uint8Array): ResourceRecord => ({
    path: Lwm2mPath.of(securityObject, instance, id),
    value: { type: 'OPAQUE', value },
  });
  return inOrder([
    ...recordsOf(securityResources, security, [securityObject, instance]),
    { path: Lwm2mPath.of(securityObject, instance, 1), value: { type: 'BOOLEAN', value: false } },
    opaque(3, isPsk ? new Uint8Array(Buffer.from(publicKeyOrIdentity, 'utf8')) : nothing),
    opaque(4, bytesOfBase64(serverPublicKey) ?? nothing),
    opaque(5, isPsk && secretKey !== undefined ? pskKeyOf(secretKey) : nothing),
  ]);
}

/** Values of the Server object of a run server. */
export function serverRecords(instance: number, { server }: Sent): ResourceRecord[] {
  return inOrder(recordsOf(serverResources, server, [serverObject, instance]));
}

const nothing = new Uint8Array();

function recordsOf<Fields extends object>(
  resources: Resources<Fields>,
  fields: Fields,
  place: readonly [object: number, instance: number],
): ResourceRecord[] {
  return Object.entries<readonly [number, Kind]>(resources).flatMap(
    ([name, [id, kind]]): ResourceRecord[] => {
      const given: unknown = Reflect.get(fields, name);
      if (given === undefined) return [];
      const path = Lwm2mPath.of(...place, id);
      if (kind === 'UNSIGNED_INTEGER' && name === 'dtlsTlsCiphersuite') {
        const suites = Array.isArray(given) ? given : [given];
        return suites.map((suite, index) => ({ path: path.child(index), value: toValue(kind, suite) }));
      }
      return [{ path, value: toValue(kind, given) }];
    },
  );
}

/** What the contract has checked to be of this kind. */
function toValue(kind: Kind, given: unknown): Lwm2mValue {
  switch (kind) {
    case 'STRING':
      return { type: kind, value: String(given) };
    case 'BOOLEAN':
      return { type: kind, value: given === true };
    case 'apn':
      return { type: 'OBJLNK', value: { objectId: apnObject, instanceId: Number(given) } };
    default:
      return { type: kind, value: Number(given) };
  }
}

const inOrder = (records: ResourceRecord[]): ResourceRecord[] =>
  records.sort((one, other) => (one.path.resourceId ?? 0) - (other.path.resourceId ?? 0));
