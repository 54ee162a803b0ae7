import { alerts } from './alert.ts';
import { MalformedError, noBytes, sameBytes } from './bytes.ts';
import { Connection, type ConnectionParts } from './connection.ts';
import { ConnectionTable, type Place } from './connection-table.ts';
import { Cookies } from './cookie.ts';
import { DtlsError } from './errors.ts';
import type { KeyLog } from './handshake-keys.ts';
import { decodeFragments, encodeMessage, type MessageFragment, messageTypes } from './handshake-message.ts';
import { decodeHelloStart, encodeHelloVerifyRequest, type HelloStart } from './hello.ts';
import { type DtlsLimits, defaultDtlsLimits } from './limits.ts';
import type { DtlsLog } from './log.ts';
import type { PskLookup } from './psk.ts';
import { contentTypes, type DtlsRecord, dtls10, plainRecord, readRecords } from './record.ts';
import { ResumptionCache } from './resumption.ts';
import type { DtlsClock, DtlsRandom, DtlsTimer, PeerAddress } from './seams.ts';
import { ServerHandshake, type ServerHandshakeParts } from './server-handshake.ts';
import type { CloseReason, DtlsSession } from './session.ts';
import { cipherSuites, type SuiteName, suitesNamed } from './suites.ts';

/** A handshake that came to nothing. */
export interface HandshakeFailure {
  readonly peer: PeerAddress;
  /** Undefined when the client had not said it yet. */
  readonly pskIdentity: string | undefined;
  readonly error: DtlsError;
}

export interface DtlsServerOptions {
  readonly clock: DtlsClock;
  readonly random: DtlsRandom;
  send(datagram: Uint8Array, to: PeerAddress): void;
  readonly pskOf: PskLookup;
  /** A handshake is done. Set the session's handlers within the call. */
  onSession(session: DtlsSession): void;
  /** A handshake has failed: unknown identity, wrong key, and so on. For the audit log and for limits on rates. */
  onHandshakeFailed?(failure: HandshakeFailure): void;
  /** Suites that may be used; all when not given. Which one is used is the client's choice. */
  readonly suites?: readonly SuiteName[];
  readonly limits?: Partial<DtlsLimits>;
  /** Length of connection ids, 0 to 32; 0 switches them off. 8 when not given. */
  readonly connectionIdBytes?: number;
  /** Refuses clients without RFC 7627. */
  readonly requireExtendedMasterSecret?: boolean;
  readonly keyLog?: KeyLog | undefined;
  readonly log?: DtlsLog | undefined;
}

/** How many datagrams and records were dropped, and why. */
export interface DropCounts {
  /** No DTLS, or damaged. */
  malformed: number;
  /** Records of no connection that is known, as from before a restart. */
  unknownConnection: number;
  /** Hellos that came while {@link DtlsLimits.maxHandshakes} or {@link DtlsLimits.maxSessions} was reached. */
  busy: number;
}

const defaultConnectionIdBytes = 8;
const sweepPeriodMs = 60_000;

/** A server of DTLS 1.2 with pre-shared keys: it is fed with datagrams, and gives sessions. */
export class DtlsServer {
  readonly drops: DropCounts = { malformed: 0, unknownConnection: 0, busy: 0 };
  private readonly options: DtlsServerOptions;
  private readonly limits: DtlsLimits;
  private readonly connectionIdBytes: number;
  private readonly table = new ConnectionTable();
  private readonly handshakes = new Map<Connection, ServerHandshake>();
  private readonly cookies: Cookies;
  private readonly resumptions: ResumptionCache;
  private readonly connectionParts: ConnectionParts;
  private readonly handshakeParts: ServerHandshakeParts;
  private sweepTimer: DtlsTimer | undefined;
  private isStopped = false;

  constructor(options: DtlsServerOptions) {
    const { clock, random, pskOf, suites, requireExtendedMasterSecret = false, keyLog } = options;
    this.options = options;
    this.limits = { ...defaultDtlsLimits, ...options.limits };
    this.connectionIdBytes = options.connectionIdBytes ?? defaultConnectionIdBytes;
    this.cookies = new Cookies(clock, random, this.limits.cookieLifetimeMs);
    this.resumptions = new ResumptionCache(clock, this.limits);
    this.connectionParts = {
      clock,
      limits: this.limits,
      transmit: (datagram, to) => options.send(datagram, to),
      opened: (connection, session) => this.opened(connection, session),
      failed: (connection, error) => this.failed(connection, error),
      closed: (connection, reason) => this.closed(connection, reason),
      moved: (connection, before) => this.table.move(connection, before),
      log: options.log,
    };
    this.handshakeParts = {
      random,
      pskOf,
      suites: suites ? suitesNamed(suites) : cipherSuites,
      resumptions: this.resumptions,
      requireExtendedMasterSecret,
      keyLog,
      newConnectionId: (connection) => this.newConnectionId(connection),
    };
  }

  get sessionCount(): number {
    return this.table.sessionCount;
  }

  /** Handshakes that are under way. */
  get handshakeCount(): number {
    return this.table.handshakeCount;
  }

  /** Takes a datagram; its bytes must not change afterwards. */
  receive(datagram: Uint8Array, from: PeerAddress): void {
    if (this.isStopped) return;
    const { records, malformed } = readRecords(datagram, this.connectionIdBytes);
    if (malformed) this.drops.malformed += 1;
    for (const record of records) this.takeRecord(record, from);
  }

  /** The open sessions of an identity; a device that came back from another address may have several. */
  sessionsOf(pskIdentity: string): readonly DtlsSession[] {
    return this.table.ofIdentity(pskIdentity);
  }

  /**
   * Ends the sessions of an identity, which cannot be resumed either, and its handshakes.
   * @returns how many sessions there were
   */
  closeIdentity(pskIdentity: string): number {
    this.resumptions.forgetIdentity(pskIdentity);
    for (const [connection, handshake] of this.handshakes) {
      if (handshake.pskIdentity !== pskIdentity) continue;
      const text = `PSK identity ${pskIdentity} was closed while its handshake was under way.`;
      connection.fail(new DtlsError('dtls.unknownIdentity', text, alerts.unknownPskIdentity));
    }
    const sessions = this.table.ofIdentity(pskIdentity);
    for (const session of sessions) session.close();
    return sessions.length;
  }

  /** Ends all sessions and drops all handshakes; nothing is taken afterwards. */
  stop(): void {
    for (const connection of this.table.all()) this.drop(connection, 'closed');
    this.isStopped = true;
    this.resumptions.clear();
    this.sweepTimer?.cancel();
    this.sweepTimer = undefined;
  }

  private takeRecord(record: DtlsRecord, from: PeerAddress): void {
    if (record.connectionId) {
      const connection = this.table.byId(record.connectionId);
      if (connection) connection.receive(record, from);
      else this.drops.unknownConnection += 1;
      return;
    }
    const place = this.table.at(from);
    if (record.epoch === 0 && record.type === contentTypes.handshake && this.takeHello(record, from, place))
      return;
    if (!place) {
      this.drops.unknownConnection += 1;
      return;
    }
    const { open, pending } = place;
    // The old session stays until the new handshake is done, and what is not of the one is of the other.
    if (open && record.epoch > 0 && open.receive(record, from)) return;
    pending?.receive(record, from);
  }

  /** @returns false when it is no beginning of a ClientHello, or one of a handshake that is under way */
  private takeHello(record: DtlsRecord, from: PeerAddress, place: Place | undefined): boolean {
    let fragment: MessageFragment | undefined;
    let start: HelloStart;
    try {
      [fragment] = decodeFragments(record.fragment);
      if (fragment?.type !== messageTypes.clientHello || fragment.offset > 0) return false;
      start = decodeHelloStart(fragment.part);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      // Within a handshake it is the handshake's to say what is wrong.
      if (place?.pending) return false;
      this.drops.malformed += 1;
      return true;
    }
    if (start.cookie.length > 0) {
      const isOf = (known: Connection | undefined): boolean =>
        known !== undefined && sameBytes(known.clientRandom, start.random);
      if (isOf(place?.pending)) return false;
      // A late copy of the hello that the open session came from. Not for ever: a device whose random numbers are the
      // same after each start must get in again.
      if (isOf(place?.open) && this.isYoung(place?.open)) return true;
    }
    if (this.cookies.isGood(from, start)) this.begin(record, fragment, start, from);
    else this.askForCookie(record, start, from);
    return true;
  }

  /** True as long as copies of datagrams of its handshake may still come. */
  private isYoung(connection: Connection | undefined): boolean {
    const nowMs = this.options.clock.now();
    return connection !== undefined && nowMs - connection.startedMs < this.limits.handshakeTimeoutMs;
  }

  /** Keeps nothing: the cookie comes back with the next hello (RFC 6347, 4.2.1). */
  private askForCookie({ sequence }: DtlsRecord, start: HelloStart, from: PeerAddress): void {
    const body = encodeHelloVerifyRequest(this.cookies.make(from, start));
    const message = encodeMessage({ type: messageTypes.helloVerifyRequest, messageSequence: 0, body });
    this.options.send(plainRecord(contentTypes.handshake, dtls10, sequence, message), from);
  }

  private begin(record: DtlsRecord, fragment: MessageFragment, start: HelloStart, from: PeerAddress): void {
    if (!this.hasRoom(from)) {
      this.drops.busy += 1;
      return;
    }
    const { messageSequence } = fragment;
    const connection = new Connection(this.connectionParts, from, new Uint8Array(start.random), {
      record: record.sequence,
      received: messageSequence,
      sent: messageSequence,
    });
    const before = this.table.addPending(connection);
    if (before) this.drop(before, 'replaced');
    const handshake = new ServerHandshake(connection, this.handshakeParts);
    this.handshakes.set(connection, handshake);
    connection.start(handshake);
    connection.receive(record, from);
  }

  private hasRoom(from: PeerAddress): boolean {
    const place = this.table.at(from);
    if (!place?.pending && this.table.handshakeCount >= this.limits.maxHandshakes) return false;
    const { sessionCount, handshakeCount } = this.table;
    return (
      place?.open !== undefined || sessionCount + handshakeCount < this.limits.maxSessions || this.evict()
    );
  }

  /** Ends the session that was silent the longest, if that is long enough. */
  private evict(): boolean {
    const before = this.options.clock.now() - this.limits.staleSessionMs;
    let oldest: Connection | undefined;
    for (const [connection] of this.table.openConnections()) {
      if (connection.lastHeardMs <= (oldest?.lastHeardMs ?? before)) oldest = connection;
    }
    oldest?.close('evicted');
    return oldest !== undefined;
  }

  private newConnectionId(connection: Connection): Uint8Array {
    if (this.connectionIdBytes === 0) return noBytes;
    let id: Uint8Array;
    do id = this.options.random.bytes(this.connectionIdBytes);
    while (this.table.byId(id));
    this.table.addId(id, connection);
    return id;
  }

  private opened(connection: Connection, session: DtlsSession): void {
    this.handshakes.delete(connection);
    const before = this.table.open(connection, session);
    // One that is found by its id may be of another device, which had this address before.
    const mayStay = before?.session?.hasConnectionId && before.session.pskIdentity !== session.pskIdentity;
    if (before && !mayStay) before.close('replaced');
    this.sweepTimer ??= this.options.clock.after('dtls: idle sessions', sweepPeriodMs, () => this.sweep());
    this.options.onSession(session);
  }

  private failed(connection: Connection, error: DtlsError): void {
    const pskIdentity = this.handshakes.get(connection)?.pskIdentity;
    this.drop(connection, 'closed');
    this.options.log?.(connection, { kind: 'failed', pskIdentity, error });
    this.options.onHandshakeFailed?.({ peer: connection.peer, pskIdentity, error });
  }

  private closed(connection: Connection, reason: CloseReason): void {
    this.table.remove(connection);
    const resumption = connection.session?.resumption;
    // After a fatal alert a session is not to be gone on with (RFC 5246, 7.2.2).
    if (resumption && reason === 'peerAlert') this.resumptions.forget(resumption.sessionId);
  }

  /** Forgets a connection, and ends it if it is not over. */
  private drop(connection: Connection, reason: CloseReason): void {
    this.handshakes.delete(connection);
    this.table.remove(connection);
    connection.close(reason);
  }

  private sweep(): void {
    this.sweepTimer = undefined;
    const before = this.options.clock.now() - this.limits.sessionIdleMs;
    for (const [connection] of this.table.openConnections()) {
      if (connection.lastHeardMs <= before) connection.close('idle');
    }
    if (this.table.sessionCount === 0) return;
    this.sweepTimer = this.options.clock.after('dtls: idle sessions', sweepPeriodMs, () => this.sweep());
  }
}
