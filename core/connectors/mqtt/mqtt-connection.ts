import { generate, type Packet, type Parser, parser } from 'mqtt-packet';
import type { ClientCertificates } from '../../accounts/client-certificates.ts';
import type { KeyRates, RatedUse } from '../../accounts/key-rates.ts';
import type { KeyAuthenticator, KeyGrant, KeyUse } from '../../accounts/types.ts';
import type { MqttSessionView } from '../../contract/mqtt-sessions.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Connection } from '../../platform/sockets.ts';
import { admit, judgeCertificate, type NotAdmitted, type Refusal, unacceptableVersion } from './admission.ts';
import { answerSubscribe, type SubscriptionEar } from './answer-subscribe.ts';
import { IncomingPublications } from './incoming-publications.ts';
import { malformation } from './malformed-packet.ts';
import {
  type ConnectRequest,
  connackCodes,
  type MqttMode,
  type MqttSession,
  type OpenResult,
  type SessionLink,
} from './mode.ts';
import { OutgoingBytes } from './outgoing-bytes.ts';
import { PacketIds } from './packet-ids.ts';
import type { PacketLog } from './packet-log.ts';
import { type Congestible, ReadingGate } from './reading-gate.ts';

export interface ConnectionLimits {
  readonly mqttConnectTimeoutMs: number;
  readonly mqttMaxPacketBytes: number;
  readonly mqttReceiveWindow: number;
  readonly mqttMaxUnsentBytes: number;
}

/** What a connection needs of its connector. */
export interface ConnectionHost extends Congestible {
  readonly keys: KeyAuthenticator & KeyUse;
  readonly rates: Pick<KeyRates, 'take' | 'describe'>;
  readonly clientCertificates: ClientCertificates;
  readonly modes: ReadonlyMap<string, MqttMode>;
  readonly limits: ConnectionLimits;
  /** Real time of the wire: keep-alive is about the network, not about the platform's clock. */
  readonly wireClock: Clock;
  readonly logger: Logger;
  /** What writes the packets of a client down, while somebody asks for it. */
  packetLog(client: ConnectRequest): PacketLog;
  refused(connection: Connection, refusal: Refusal): void;
  /** The client broke the protocol or a limit, so its connection is closed. `type` is that of the audit message. */
  violated(connection: MqttConnection, reason: string, type?: 'rate_limit_reached'): void;
  ended(connection: MqttConnection, reason: string): void;
}

type PacketOf<Name extends Packet['cmd']> = Extract<Packet, { cmd: Name }>;

const pingResponse = Buffer.from([0xd0, 0]);
/** How long a closed connection may take to send what it still has; a client that reads nothing gets no more. */
const lingerMs = 2000;

/** One client connection: MQTT 3.1 and 3.1.1 on the wire (manual 6.1), whatever the mode behind. */
export class MqttConnection implements SessionLink {
  readonly connection: Connection;
  grant: KeyGrant | undefined;
  clientId = '';
  private username = '';
  private mode: MqttMode | undefined;
  private certifiedBy: string | undefined;
  private readonly host: ConnectionHost;
  private readonly parser: Parser;
  private readonly outgoing: OutgoingBytes;
  private readonly incoming: IncomingPublications;
  private readonly gate: ReadingGate;
  private readonly packetIds = new PacketIds();
  private state: 'awaiting-connect' | 'opening' | 'open' | 'ended' = 'awaiting-connect';
  private session: MqttSession | undefined;
  private log: PacketLog | undefined;
  /** Packets that came before the CONNACK was sent, as MQTT allows. */
  private early: Packet[] = [];
  private protocolVersion: 3 | 4 = 4;
  private keepAliveUs = 0;
  private lastHeardUs: number;
  /** Why nothing more is taken of this client: its connection ends when what was taken is acknowledged. */
  private endingBecause: string | undefined;

  constructor(connection: Connection, host: ConnectionHost) {
    this.connection = connection;
    this.host = host;
    this.lastHeardUs = host.wireClock.monotonicUs();
    this.parser = parser();
    this.outgoing = new OutgoingBytes(connection.stream, host.limits.mqttMaxUnsentBytes, () => {
      this.session?.writable();
      this.gate.steer();
    });
    this.incoming = new IncomingPublications((bytes) => this.outgoing.write(bytes));
    this.gate = new ReadingGate({
      stream: connection.stream,
      platform: host,
      isFull: () =>
        this.incoming.unacknowledged >= host.limits.mqttReceiveWindow ||
        this.state === 'opening' ||
        this.outgoing.clogged,
      isOver: () => this.state === 'ended',
    });
  }

  start(): void {
    const { stream } = this.connection;
    this.parser.on('packet', (packet) => this.receive(packet));
    this.parser.on('error', (error) => this.refuseBroken(error));
    stream.on('data', (chunk: Buffer) => this.read(chunk));
    stream.on('error', (error) => this.end(`connection failed: ${error.message}`));
    stream.on('close', () => this.end('connection closed by the client without DISCONNECT'));
  }

  get clogged(): boolean {
    return this.outgoing.clogged;
  }

  /** The session as others may see it; undefined while there is none. */
  get view(): MqttSessionView | undefined {
    const { grant, clientId, username, certifiedBy } = this;
    if (this.state !== 'open' || !grant) return undefined;
    const { remoteAddress, security } = this.connection;
    return {
      ...{ clientId, username, apiKeyId: grant.keyId, remoteAddress, tls: security !== undefined },
      ...(certifiedBy !== undefined && { caCertificateId: certifiedBy }),
    };
  }

  send(topic: string, payload: string, qos: 0 | 1): number {
    const messageId = qos === 0 ? 0 : this.packetIds.take();
    const packet = { cmd: 'publish', topic, payload, qos, retain: false, dup: false } as const;
    this.outgoing.write(generate(qos === 0 ? packet : { ...packet, messageId }));
    this.log?.sent(topic, payload, qos);
    this.noteUse();
    return messageId;
  }

  close(reason: string): void {
    if (this.state === 'ended') return;
    // Who is sent away, and has not been let in yet, has sent nothing that counts.
    this.early = [];
    this.outgoing.flush();
    const { stream } = this.connection;
    // A client that does not read or does not close its side must not keep the socket.
    const linger = this.host.wireClock.after('mqtt linger', lingerMs, () => stream.destroy());
    stream.once('close', () => linger.cancel());
    stream.end(() => stream.destroy());
    this.end(reason);
  }

  /** Ends the connection when its client has been silent for too long (MQTT 3.1.1, 3.1.2.10). */
  checkSilence(nowUs: number): void {
    const silentUs = nowUs - this.lastHeardUs;
    if (this.state === 'awaiting-connect') {
      if (silentUs > this.host.limits.mqttConnectTimeoutMs * 1000) this.close('no CONNECT packet in time');
    } else if (this.keepAliveUs > 0 && silentUs > this.keepAliveUs * 1.5) {
      this.close(`silent for more than one and a half times its keep-alive of ${this.keepAliveUs / 1e6} s`);
    }
  }

  /** Ends the connection when what its client showed is no longer what its key asks for (manual 6.3.4). */
  checkCertificate(): void {
    const { grant, mode, clientId, certifiedBy } = this;
    if (this.state === 'ended' || !grant || !mode) return;
    const { clientCertificates } = this.host;
    if (certifiedBy !== undefined && clientCertificates.stillAccepts(grant.keyId, certifiedBy)) return;
    const { security } = this.connection;
    const verdict = judgeCertificate({ grant, mode, clientId, security }, clientCertificates);
    if (verdict === 'not-needed') this.certifiedBy = undefined;
    else if ('acceptedBy' in verdict) this.certifiedBy = verdict.acceptedBy;
    else this.violate(`not accepted any more: ${verdict.reason}`);
  }

  private read(chunk: Buffer): void {
    if (this.hasEnded()) return;
    this.lastHeardUs = this.host.wireClock.monotonicUs();
    let unparsedBytes = 0;
    try {
      unparsedBytes = this.parser.parse(chunk);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (this.hasEnded()) return;
    if (unparsedBytes > this.host.limits.mqttMaxPacketBytes) {
      this.violate(
        `a packet is longer than ${this.host.limits.mqttMaxPacketBytes} bytes (setting mqttMaxPacketBytes)`,
      );
      return;
    }
    this.gate.steer();
  }

  private hasEnded(): boolean {
    return this.state === 'ended';
  }

  private receive(packet: Packet): void {
    if (this.state === 'ended' || this.endingBecause !== undefined) return;
    if (this.state === 'opening') {
      this.early.push(packet);
      return;
    }
    if (this.state === 'awaiting-connect') {
      if (packet.cmd === 'connect') this.connect(packet);
      else this.violate(`the first packet must be CONNECT, got ${packet.cmd.toUpperCase()}`);
      return;
    }
    const wrong = malformation(packet);
    if (wrong !== undefined) {
      this.violate(wrong);
      return;
    }
    switch (packet.cmd) {
      case 'publish':
        this.publish(packet);
        break;
      case 'puback':
        this.released(packet.messageId);
        break;
      case 'pubrel':
        this.incoming.release(packet.messageId ?? 0);
        break;
      case 'subscribe':
        this.subscribe(packet, this.session);
        break;
      case 'unsubscribe':
        this.unsubscribe(packet);
        break;
      case 'pingreq':
        this.outgoing.write(pingResponse);
        break;
      case 'disconnect':
        this.close('client sent DISCONNECT');
        break;
      default:
        this.violate(`unexpected packet ${packet.cmd.toUpperCase()}`);
    }
  }

  private connect(packet: PacketOf<'connect'>): void {
    this.clientId = packet.clientId;
    const admission = admit(packet, this.connection.security, this.host);
    this.grant = admission.grant;
    if (!('mode' in admission)) {
      this.refuse(admission);
      return;
    }
    const { mode, grant, username, protocolVersion, keepAliveS, certifiedBy } = admission;
    this.mode = mode;
    this.username = username;
    this.certifiedBy = certifiedBy;
    const certified = certifiedBy !== undefined;
    this.protocolVersion = protocolVersion;
    this.state = 'opening';
    this.keepAliveUs = keepAliveS * 1e6;
    const { clientId } = this;
    const { remoteAddress, localAddress, security } = this.connection;
    const facts = { remoteAddress, localAddress, security, certified };
    const request = { clientId, username, grant, protocolVersion, keepAliveS, ...facts };
    this.log = this.host.packetLog(request);
    mode
      .open(request, this)
      .then(
        (result) => this.decided(result, { keepAliveS, remoteAddress, protocolVersion }),
        (error: Error) => this.refuse({ code: connackCodes.serverUnavailable, reason: error.message }),
      )
      .catch((error: unknown) => this.fail(error));
  }

  private decided(result: OpenResult, facts: Record<string, unknown>): void {
    if ('session' in result) {
      this.log?.accepted(facts, result.session.via);
      this.opened(result.session);
      return;
    }
    this.log?.refused(result.reason, result.via);
    this.log = undefined;
    this.refuse({ code: result.refusal, reason: result.reason });
  }

  private opened(session: MqttSession): void {
    if (this.state === 'ended') {
      // The client sent and went without waiting, and what it sent counts all the same.
      this.session = session;
      for (const packet of this.early) if (packet.cmd === 'publish') this.publish(packet);
      this.log?.ended('the client went before it was let in');
      session.closed();
      return;
    }
    this.session = session;
    this.state = 'open';
    this.outgoing.write(generate({ cmd: 'connack', returnCode: 0, sessionPresent: false }));
    const early = this.early;
    this.early = [];
    for (const packet of early) this.receive(packet);
    this.gate.steer();
  }

  private refuse({ code, reason }: NotAdmitted): void {
    const refusal = { code, reason, clientId: this.clientId, tenantId: this.grant?.tenantId };
    this.host.refused(this.connection, refusal);
    this.outgoing.write(generate({ cmd: 'connack', returnCode: code, sessionPresent: false }));
    this.close(`refused: ${reason}`);
  }

  private publish(packet: PacketOf<'publish'>): void {
    const { session, grant, mode } = this;
    if (!session || !grant || !mode || this.endingBecause !== undefined) return;
    const use: RatedUse = mode.isDevice ? 'mqttDevice' : 'mqttBridge';
    if (!this.host.rates.take(grant, use)) {
      // MQTT 3.1.1, 3.3.5: acknowledge it or close. Acknowledged would mean stored.
      const reason = `more publications than ${this.host.rates.describe(use)}`;
      this.host.violated(this, reason, 'rate_limit_reached');
      this.endingBecause = reason;
      this.endWhenAcknowledged();
      return;
    }
    this.noteUse();
    this.log?.received(packet);
    const wrong = this.incoming.take(packet, session, () => {
      if (this.connection.stream.isPaused()) this.gate.steer();
      this.endWhenAcknowledged();
    });
    if (wrong !== undefined) this.violate(wrong);
  }

  private subscribe(packet: PacketOf<'subscribe'>, session: MqttSession | undefined): void {
    if (!session) return;
    const told: SubscriptionEar = (...answer) => this.log?.subscribed(...answer);
    this.outgoing.write(answerSubscribe(packet, session, this.protocolVersion, told));
  }

  private unsubscribe({ unsubscriptions, messageId = 0 }: PacketOf<'unsubscribe'>): void {
    for (const topic of unsubscriptions) {
      this.log?.unsubscribed(topic);
      this.session?.unsubscribe(topic);
    }
    this.outgoing.write(generate({ cmd: 'unsuback', messageId, granted: [] }));
  }

  private released(packetId: number | undefined): void {
    if (packetId === undefined || !this.packetIds.release(packetId)) return;
    this.noteUse();
    this.log?.acknowledged(packetId);
    this.session?.acknowledged(packetId);
  }

  /** Messages in either direction are use of the key, so that one with `sessionTtl` does not end under them; pings are none. */
  private noteUse(): void {
    if (this.grant) this.host.keys.noteUse(this.grant);
  }

  private violate(reason: string): void {
    this.host.violated(this, reason);
    this.close(reason);
  }

  /** What is stored and not acknowledged would come again, and count again. */
  private endWhenAcknowledged(): void {
    if (this.endingBecause !== undefined && this.incoming.unacknowledged === 0)
      this.close(this.endingBecause);
  }

  /** What cannot be parsed. */
  private refuseBroken(error: Error): void {
    if (this.state === 'awaiting-connect' && /protocol version/i.test(error.message)) {
      this.refuse(unacceptableVersion(error.message));
    } else {
      this.violate(`broken packet: ${error.message}`);
    }
  }

  /** A defect met while serving one client ends that client's connection, and nothing else. */
  private fail(error: unknown): void {
    this.host.logger.error({ err: error, clientId: this.clientId }, 'MQTT connection failed inside');
    this.close(`internal error: ${String(error)}`);
  }

  private end(reason: string): void {
    if (this.state === 'ended') return;
    const opening = this.state === 'opening';
    this.state = 'ended';
    if (!opening) this.early = [];
    if (this.session) this.log?.ended(reason);
    this.session?.closed();
    this.host.ended(this, reason);
  }
}
