import type { Clock } from '../../platform/clock.ts';
import type { DatagramSocket, UdpAddress } from '../../platform/datagrams.ts';
import type { Logger } from '../../platform/logger.ts';
import type { RandomSource } from '../../platform/random.ts';
import { CoapContext } from '../../protocols/coap/context.ts';
import { CoapEndpoint } from '../../protocols/coap/endpoint.ts';
import type { RequestHandler } from '../../protocols/coap/request-server.ts';
import { SessionLink } from '../../protocols/coaps/session-link.ts';
import type { DtlsErrorCode } from '../../protocols/dtls/errors.ts';
import type { KeyLog } from '../../protocols/dtls/handshake-keys.ts';
import type { DtlsLimits } from '../../protocols/dtls/limits.ts';
import type { PskAnswer } from '../../protocols/dtls/psk.ts';
import { DtlsServer, type HandshakeFailure } from '../../protocols/dtls/server.ts';
import type { DtlsSession } from '../../protocols/dtls/session.ts';
import { FailureGuard, type FailureGuardSettings } from './failure-guard.ts';
import type { Conversation } from './log/conversation.ts';
import type { PortLog } from './log/port-log.ts';

export interface CoapsSettings extends FailureGuardSettings {
  /** Most DTLS sessions of one port. */
  readonly coapsMaxSessions: number;
  /** Most DTLS handshakes of one port that are under way. */
  readonly coapsMaxHandshakes: number;
  /** How long a DTLS handshake may take. */
  readonly coapsHandshakeTimeoutMs: number;
}

/** A client that was not let in, or whose handshake failed. */
export interface RefusedClient {
  readonly peer: UdpAddress;
  readonly pskIdentity: string;
  readonly code: DtlsErrorCode;
  /** For the operator; without secrets. */
  readonly reason: string;
  /** The client has failed as often as it may for now; until it may again, nothing more is told. */
  readonly isLast: boolean;
}

/** Who takes what comes over a session. */
export interface SessionHandlers {
  readonly request: RequestHandler;
  /** A response has come that nobody waits for, as to what was asked over an earlier session. It was rejected. */
  readonly unexpected?: () => void;
}

export interface CoapsPortParts {
  readonly wireClock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  readonly settings: CoapsSettings;
  readonly limits?: Partial<DtlsLimits>;
  readonly log: PortLog;
  /** Gets the keys of each session, in the format of NSS. */
  readonly keyLog?: KeyLog | undefined;
  /** The key of an identity, or why there is none. */
  pskOf(identity: string): PskAnswer;
  /** Whether anybody has this identity. */
  isKnown(identity: string): boolean;
  /** A client is in: who takes what comes of it. */
  opened(session: DtlsSession, endpoint: CoapEndpoint, conversation: Conversation): SessionHandlers;
  refused(client: RefusedClient): void;
}

/** A UDP port with DTLS-PSK and CoAP behind it: each DTLS session is a CoAP peer, whatever its address is. */
export class CoapsPort {
  private readonly parts: CoapsPortParts;
  private readonly guard: FailureGuard;
  private socket: DatagramSocket | undefined;
  private dtls: DtlsServer | undefined;

  constructor(parts: CoapsPortParts) {
    this.parts = parts;
    this.guard = new FailureGuard(parts.wireClock, parts.settings);
  }

  /** Sends by this socket from now on; what it receives is for {@link receive}. */
  attach(socket: DatagramSocket): void {
    this.socket = socket;
  }

  /** Lets clients in. */
  start(): void {
    const { wireClock: clock, random, settings, limits, logger, log, keyLog } = this.parts;
    const context = new CoapContext({
      clock,
      random,
      log: log.coap,
      handlerFailed: (error) => logger.error({ err: error }, 'a CoAP request could not be handled'),
    });
    this.dtls = new DtlsServer({
      clock,
      random,
      limits: {
        maxSessions: settings.coapsMaxSessions,
        maxHandshakes: settings.coapsMaxHandshakes,
        handshakeTimeoutMs: settings.coapsHandshakeTimeoutMs,
        ...limits,
      },
      send: (datagram, to) => this.socket?.send(datagram, to),
      pskOf: (identity, { peer }) =>
        this.guard.allows(this.clientOf(peer, identity)) ? this.parts.pskOf(identity) : tooOften,
      onSession: (session) => this.open(session, context),
      onHandshakeFailed: (failure) => this.failed(failure),
      log: log.dtls,
      keyLog,
    });
  }

  /** Ends all sessions. What comes in is dropped until the next {@link start}. */
  stop(): void {
    this.dtls?.stop();
    this.dtls = undefined;
    this.guard.clear();
  }

  get sessionCount(): number {
    return this.dtls?.sessionCount ?? 0;
  }

  receive(datagram: Uint8Array, from: UdpAddress): void {
    this.dtls?.receive(datagram, from);
  }

  /** Ends the sessions of an identity, whose key is no longer the one that they began with. */
  closeIdentity(pskIdentity: string): void {
    this.dtls?.closeIdentity(pskIdentity);
  }

  private open(session: DtlsSession, context: CoapContext): void {
    let handlers: SessionHandlers | undefined;
    const endpoint = new CoapEndpoint(
      new SessionLink(session),
      context,
      (request) => (handlers as SessionHandlers).request(request),
      () => handlers?.unexpected?.(),
    );
    handlers = this.parts.opened(session, endpoint, this.parts.log.of(session));
    endpoint.start();
  }

  /**
   * By address and identity, for many simulated devices share one address. Identities that nobody has count as one: who
   * tries many of them does not fill the audit log.
   */
  private clientOf({ address }: UdpAddress, identity: string): string {
    return this.parts.isKnown(identity) ? `${address} ${identity}` : address;
  }

  private failed({ peer, pskIdentity, error }: HandshakeFailure): void {
    const { address: remoteAddress } = peer;
    this.parts.logger.warn({ remoteAddress, pskIdentity, reason: error.message }, 'DTLS handshake failed');
    // Before it says who it is a client may stop for many reasons, and nobody can be told.
    if (pskIdentity === undefined || !isTheClients(error.code)) return;
    const client = this.clientOf(peer, pskIdentity);
    if (!this.guard.allows(client)) return;
    const isLast = this.guard.failed(client);
    this.parts.refused({ peer, pskIdentity, code: error.code, reason: error.message, isLast });
  }
}

const tooOften = { refused: 'it has failed too often (settings coapsMaxFailures, coapsFailureWindowMs)' };

const isTheClients = (code: DtlsErrorCode): boolean =>
  code === 'dtls.unknownIdentity' || code === 'dtls.badKey' || code === 'dtls.alertReceived';
