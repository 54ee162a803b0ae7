import type { IConnectPacket } from 'mqtt-packet';
import type { CertificateVerdict, ClientCertificates } from '../../accounts/client-certificates.ts';
import { keyPattern } from '../../accounts/key-record.ts';
import type { KeyAuthenticator, KeyGrant } from '../../accounts/types.ts';
import type { ConnectionSecurity } from '../../platform/sockets.ts';
import { type ConnackCode, connackCodes, type MqttMode } from './mode.ts';

/** Who may go on to open a session. */
export interface Admitted {
  readonly grant: KeyGrant;
  readonly mode: MqttMode;
  readonly username: string;
  readonly protocolVersion: 3 | 4;
  readonly keepAliveS: number;
  /** Id of the CA certificate by which the client was accepted; undefined when its key asks for no certificate. */
  readonly certifiedBy: string | undefined;
}

export interface NotAdmitted {
  readonly code: ConnackCode;
  readonly reason: string;
  /** The key's, when that was accepted, so that the refusal belongs to its tenant. */
  readonly grant?: KeyGrant;
}

/** Looks at a CONNECT packet: the protocol's version, the API key, the mode (manual 6.1.1), the certificate (6.3.4). */
export function admit(
  packet: IConnectPacket,
  security: ConnectionSecurity | undefined,
  host: {
    readonly keys: KeyAuthenticator;
    readonly clientCertificates: ClientCertificates;
    readonly modes: ReadonlyMap<string, MqttMode>;
  },
): Admitted | NotAdmitted {
  const { protocolVersion, username = '', keepalive: keepAliveS = 0 } = packet;
  if (protocolVersion !== 3 && protocolVersion !== 4) {
    return unacceptableVersion(`MQTT protocol level ${protocolVersion ?? 'unknown'}`);
  }
  const grant = host.keys.authenticate(packet.password?.toString());
  if (typeof grant === 'string') {
    const reason = `the password is no valid API key (${grant})`;
    return { code: connackCodes.badUserNameOrPassword, reason };
  }
  const mode = host.modes.get(username);
  if (!mode) {
    const known = [...host.modes.keys()].join(', ');
    // A key in the wrong place must not get into logs.
    const shown = keyPattern.test(username) ? 'that looks like an API key' : JSON.stringify(username);
    const reason = `no mode has the user name ${shown}; use ${known}`;
    return { code: connackCodes.badUserNameOrPassword, reason, grant };
  }
  const { clientId } = packet;
  const verdict = judgeCertificate({ grant, mode, clientId, security }, host.clientCertificates);
  if (verdict !== 'not-needed' && 'refused' in verdict) {
    // Where no certificate can be shown 6.3.4.2 names one code, and for MQTTS the table of 6.4 another.
    const { badUserNameOrPassword, notAuthorized } = connackCodes;
    const code = verdict.refused === 'endpoint' ? badUserNameOrPassword : notAuthorized;
    return { code, reason: verdict.reason, grant };
  }
  const certifiedBy = verdict === 'not-needed' ? undefined : verdict.acceptedBy;
  return { grant, mode, username, protocolVersion, keepAliveS, certifiedBy };
}

/** Only where one connection is one device must the certificate name the client id (manual 6.3.4). */
export function judgeCertificate(
  client: {
    readonly grant: KeyGrant;
    readonly mode: MqttMode;
    readonly clientId: string;
    readonly security: ConnectionSecurity | undefined;
  },
  certificates: ClientCertificates,
): CertificateVerdict {
  const { grant, mode, clientId, security } = client;
  return certificates.judge({
    keyId: grant.keyId,
    security,
    clientId: mode.isDevice ? clientId : undefined,
  });
}

/** A protocol that is not spoken is answered all the same (MQTT 3.1.1, 3.1.2.2). */
export function unacceptableVersion(what: string): NotAdmitted {
  const reason = `${what}: only MQTT 3.1 and 3.1.1 are spoken`;
  return { code: connackCodes.unacceptableProtocolVersion, reason };
}

export interface Refusal {
  readonly code: ConnackCode;
  readonly reason: string;
  readonly clientId: string;
  /** Undefined when the key was not accepted, so that the refusal belongs to no tenant. */
  readonly tenantId: string | undefined;
}
