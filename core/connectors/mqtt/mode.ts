import type { KeyGrant } from '../../accounts/types.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { ConnectionSecurity } from '../../platform/sockets.ts';

/** CONNACK return codes of MQTT 3.1.1, section 3.2.2.3. */
export const connackCodes = {
  accepted: 0,
  unacceptableProtocolVersion: 1,
  identifierRejected: 2,
  serverUnavailable: 3,
  badUserNameOrPassword: 4,
  notAuthorized: 5,
} as const;

export type ConnackCode = (typeof connackCodes)[keyof typeof connackCodes];

/** SUBACK return code of a subscription that is refused (MQTT 3.1.1, 3.9.3). */
export const subscriptionRefused = 0x80;

/** A client that named a mode by its user name and showed a key that is accepted. */
export interface ConnectRequest {
  readonly clientId: string;
  readonly username: string;
  readonly grant: KeyGrant;
  /** 3: MQTT 3.1 (`MQIsdp`), 4: MQTT 3.1.1. */
  readonly protocolVersion: 3 | 4;
  readonly keepAliveS: number;
  readonly remoteAddress: string;
  /** Address of this machine that the client has reached. */
  readonly localAddress: string;
  readonly security: ConnectionSecurity | undefined;
  /** True when the key asks for a client certificate and the client has shown a right one. */
  readonly certified: boolean;
}

/** The connection as a session sees it. */
export interface SessionLink {
  /**
   * Publishes to the client.
   * @returns the packet id, 0 for QoS 0. It stays in use until the client acknowledges it.
   */
  send(topic: string, payload: string, qos: 0 | 1): number;
  /** True while the client reads too slowly for more to be sent; {@link MqttSession.writable} tells the end. */
  readonly clogged: boolean;
  /** Ends the connection; the reason goes to the log. */
  close(reason: string): void;
}

export interface Publication {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
}

/** What a client is connected for: one of the modes of manual 6.1, for one connection. */
export interface MqttSession {
  /** The interface of the device that the connection is; undefined: it is no device's. */
  readonly via?: DeviceInterface;
  /** Takes a publication; `settled` lets its acknowledgement go (or nothing, for QoS 0). */
  publish(publication: Publication, settled: () => void): void;
  /** @returns the granted QoS, or {@link subscriptionRefused}. */
  subscribe(topic: string, qos: 0 | 1 | 2): 0 | 1 | typeof subscriptionRefused;
  unsubscribe(topic: string): void;
  /** The client acknowledged a packet that {@link SessionLink.send} numbered. */
  acknowledged(packetId: number): void;
  /** The client can take more again. */
  writable(): void;
  /** The connection has ended. */
  closed(): void;
}

export type OpenResult =
  | { readonly session: MqttSession }
  | {
      readonly refusal: ConnackCode;
      readonly reason: string;
      /** The interface that is not let in, where there is one. */
      readonly via?: DeviceInterface;
    };

/** One meaning of MQTT, chosen by the user name (manual 6.1.1). */
export interface MqttMode {
  readonly usernames: readonly string[];
  /** True when one connection is one device, so that a client certificate must name its client id (manual 6.3.4). */
  readonly isDevice: boolean;
  /** Opens a session or says why not. What it rejects with counts as server unavailable. */
  open(request: ConnectRequest, link: SessionLink): Promise<OpenResult>;
}
