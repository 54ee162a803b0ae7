import type { IConnectPacket } from 'mqtt-packet';
import type { KeyAuthenticator, KeyGrant } from '../../accounts/types.ts';
import { type ConnackCode, connackCodes, type MqttMode } from './mode.ts';

/** Who may go on to open a session. */
export interface Admitted {
  readonly grant: KeyGrant;
  readonly mode: MqttMode;
  readonly username: string;
  readonly protocolVersion: 3 | 4;
  readonly keepAliveS: number;
}

export interface NotAdmitted {
  readonly code: ConnackCode;
  readonly reason: string;
  /** The key's, when that was accepted, so that the refusal belongs to its tenant. */
  readonly grant?: KeyGrant;
}

/** Looks at a CONNECT packet: the protocol's version, the API key, the mode (manual 6.1.1). */
export function admit(
  packet: IConnectPacket,
  host: { readonly keys: KeyAuthenticator; readonly modes: ReadonlyMap<string, MqttMode> },
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
    const reason = `no mode has the user name ${JSON.stringify(username)}; use ${known}`;
    return { code: connackCodes.badUserNameOrPassword, reason, grant };
  }
  return { grant, mode, username, protocolVersion, keepAliveS };
}

/** A protocol that is not spoken is answered all the same (MQTT 3.1.1, 3.1.2.2). */
export function unacceptableVersion(what: string): NotAdmitted {
  const reason = `${what}: only MQTT 3.1 and 3.1.1 are spoken`;
  return { code: connackCodes.unacceptableProtocolVersion, reason };
}
