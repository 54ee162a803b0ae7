import { type Alert, alertName, alerts, decodeAlert, encodeAlert } from './alert.ts';
import { MalformedError } from './bytes.ts';
import { DtlsError } from './errors.ts';
import { HandshakeChannel } from './handshake-channel.ts';
import { type HandshakeMessage, messageTypes } from './handshake-message.ts';
import type { DtlsLimits } from './limits.ts';
import type { DtlsEvent, DtlsLog } from './log.ts';
import { contentTypes, type DtlsRecord, maxPlaintextBytes } from './record.ts';
import { RecordLayer } from './record-layer.ts';
import type { OpenedRecord, RecordProtection } from './record-protection.ts';
import type { DtlsClock, DtlsTimer, PeerAddress } from './seams.ts';
import { type CloseReason, DtlsSession, type SessionFacts, type SessionLink } from './session.ts';

/** One side's state machine of the handshake. */
export interface Handshake {
  /** Takes the next message. @throws DtlsError, MalformedError: the handshake has failed */
  take(message: HandshakeMessage): void;
  /** What it means for this side that Finished could not be decrypted. */
  badKey(): DtlsError;
  /** What a fatal alert of the other side means. */
  alerted(description: number): DtlsError;
}

export interface ConnectionParts {
  readonly clock: DtlsClock;
  readonly limits: DtlsLimits;
  transmit(datagram: Uint8Array, to: PeerAddress): void;
  /** The handshake is done; handlers of the session are to be set within the call. */
  opened(connection: Connection, session: DtlsSession): void;
  /** The handshake has failed. */
  failed(connection: Connection, error: DtlsError): void;
  /** The session is over. */
  closed(connection: Connection, reason: CloseReason): void;
  /** The peer has changed its address. */
  moved?(connection: Connection, before: PeerAddress): void;
  readonly log?: DtlsLog | undefined;
}

/** Numbers that a connection begins with: of records to send, and of messages to come and to send. */
export interface FirstNumbers {
  readonly record: number;
  readonly received: number;
  readonly sent: number;
}

/** A handshake with one peer, and the session that comes of it. */
export class Connection implements SessionLink {
  peer: PeerAddress;
  /** Of the hello that it began with, which tells it from others at the same address. */
  readonly clientRandom: Uint8Array;
  readonly startedMs: number;
  /** When the last authentic record came. */
  lastHeardMs: number;
  readonly records: RecordLayer;
  readonly channel: HandshakeChannel;
  private readonly parts: ConnectionParts;
  private handshake: Handshake | undefined;
  /** Undefined until the handshake is done. */
  session: DtlsSession | undefined;
  private state: 'handshake' | 'open' | 'closed' = 'handshake';
  private held: DtlsRecord[] = [];
  private early: Uint8Array[] = [];
  private deadline: DtlsTimer | undefined;

  constructor(parts: ConnectionParts, peer: PeerAddress, clientRandom: Uint8Array, first: FirstNumbers) {
    this.parts = parts;
    this.peer = peer;
    this.clientRandom = clientRandom;
    this.records = new RecordLayer(first.record);
    this.startedMs = parts.clock.now();
    this.lastHeardMs = this.startedMs;
    const transmit = (datagram: Uint8Array): void => parts.transmit(datagram, this.peer);
    const { clock, limits } = parts;
    const log = parts.log && ((event: DtlsEvent): void => this.log(event));
    this.channel = new HandshakeChannel(
      { clock, limits, records: this.records, transmit, log },
      first.received,
      first.sent,
    );
  }

  /** Begins, with the state machine of this side. */
  start(handshake: Handshake): void {
    const { clock, limits } = this.parts;
    this.handshake = handshake;
    this.deadline = clock.after('dtls: end of a handshake', limits.handshakeTimeoutMs, () =>
      this.fail(
        new DtlsError('dtls.timeout', `The handshake was not done within ${limits.handshakeTimeoutMs} ms.`),
      ),
    );
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Runs a part of the handshake; what it throws ends the handshake. */
  attempt(run: () => void): void {
    if (this.state !== 'handshake') return;
    try {
      run();
    } catch (error) {
      if (error instanceof DtlsError) this.fail(error);
      else if (error instanceof MalformedError) {
        const message = `A handshake message is malformed: ${error.message}.`;
        this.fail(new DtlsError('dtls.malformed', message, alerts.decodeError));
      } else throw error;
    }
  }

  /** From now on records of the second epoch are protected and can be opened. */
  setKeys(sealing: RecordProtection, opening: RecordProtection): void {
    this.records.setKeys(sealing, opening);
  }

  /** Takes up what came before there were keys. */
  takeHeld(): void {
    const { held } = this;
    this.held = [];
    for (const record of held) this.receive(record, this.peer);
  }

  /** The handshake is done. @param answersRepeats whether the last flight was ours */
  finish(facts: SessionFacts, answersRepeats: boolean): void {
    this.state = 'open';
    this.handshake = undefined;
    this.deadline?.cancel();
    this.channel.stop();
    if (!answersRepeats) this.channel.forgetFlight();
    const session = new DtlsSession(facts, this);
    this.session = session;
    const { early } = this;
    this.early = [];
    this.log({ kind: 'opened', session });
    this.parts.opened(this, session);
    for (const bytes of early) session.deliver(bytes);
  }

  /** Takes a record; false when it is not one of this connection. */
  receive(record: DtlsRecord, from: PeerAddress): boolean {
    if (this.state === 'closed') return false;
    const opened = this.records.open(record);
    if (opened === 'replayed') return true;
    if (opened === 'no-keys') return this.hold(record);
    if (opened === 'undecryptable') return this.undecryptable(record);
    if (record.epoch === 1) this.heard(record, from);
    switch (opened.type) {
      case contentTypes.handshake:
        this.takeHandshake(opened, record.epoch);
        break;
      case contentTypes.alert:
        this.takeAlert(opened, record.epoch);
        break;
      case contentTypes.applicationData:
        if (record.epoch === 1) this.takeData(opened.content);
        break;
      case contentTypes.changeCipherSpec:
        // It says nothing that the epoch of the next record does not say.
        this.log({ kind: 'changeCipherSpec', direction: 'in' });
        break;
      default:
        break;
    }
    return true;
  }

  send(bytes: Uint8Array): void {
    if (this.state !== 'open') throw new DtlsError('dtls.closed', 'The session is over.');
    if (bytes.length > maxPlaintextBytes) {
      const message = `A message of ${bytes.length} bytes does not fit into a record (${maxPlaintextBytes}).`;
      throw new DtlsError('dtls.limit', message);
    }
    this.parts.transmit(this.records.seal(1, contentTypes.applicationData, bytes), this.peer);
  }

  close(reason: CloseReason, detail?: string): void {
    const wasOpen = this.state === 'open';
    // The one who has replaced the session would not understand it; one that has sent an alert is gone.
    if (wasOpen && reason !== 'replaced' && reason !== 'peerAlert') {
      this.sendAlert({ level: 'warning', description: alerts.closeNotify });
    }
    this.end();
    if (!wasOpen || !this.session) return;
    this.log({ kind: 'closed', reason, detail });
    this.parts.closed(this, reason);
    this.session.end(reason, detail);
  }

  /** Ends the handshake, and tells the other side if there is something to tell. */
  fail(error: DtlsError): void {
    if (this.state !== 'handshake') return;
    if (error.alert !== undefined) this.sendAlert({ level: 'fatal', description: error.alert });
    this.end();
    this.parts.failed(this, error);
  }

  private end(): void {
    this.state = 'closed';
    this.handshake = undefined;
    this.deadline?.cancel();
    this.channel.forgetFlight();
    this.held = [];
    this.early = [];
  }

  private hold(record: DtlsRecord): boolean {
    const { maxHeldRecords, maxHandshakeMessageBytes } = this.parts.limits;
    const isShort = record.fragment.length <= maxHandshakeMessageBytes;
    if (isShort && this.held.length < maxHeldRecords) this.held.push(record);
    return true;
  }

  private undecryptable({ type, epoch }: DtlsRecord): boolean {
    if (this.session) this.session.undecryptable += 1;
    // The first record under new keys is Finished. When that cannot be read, the keys differ, and nothing that comes
    // later will help; in an open session such a record is no more than a stray one (RFC 6347, 4.1.2.7).
    const isFinished = type === contentTypes.handshake || type === contentTypes.connectionId;
    if (epoch === 1 && isFinished) this.attempt(() => this.failOnBadKey());
    return false;
  }

  private failOnBadKey(): void {
    if (this.handshake) this.fail(this.handshake.badKey());
  }

  /** An authentic record came. */
  private heard(record: DtlsRecord, from: PeerAddress): void {
    this.lastHeardMs = this.parts.clock.now();
    const { peer } = this;
    if (from === peer || (from.port === peer.port && from.address === peer.address)) return;
    if (!this.session || record.connectionId === undefined || !this.records.isNewest(record)) return;
    this.peer = from;
    this.log({ kind: 'moved', before: peer });
    this.parts.moved?.(this, peer);
    this.session.move(peer);
  }

  private takeHandshake({ content }: OpenedRecord, epoch: number): void {
    if (this.state === 'open') {
      this.takeLate(content, epoch);
      return;
    }
    this.attempt(() =>
      this.channel.receive(content, (message) => {
        if ((message.type === messageTypes.finished) !== (epoch === 1)) {
          const text = `Handshake message ${message.type} came ${epoch === 1 ? '' : 'not '}encrypted.`;
          throw new DtlsError('dtls.unexpectedMessage', text, alerts.unexpectedMessage);
        }
        this.handshake?.take(message);
      }),
    );
  }

  /** A handshake message in an open session: the end of the handshake once more, or one that asks for another. */
  private takeLate(content: Uint8Array, epoch: number): void {
    if (epoch !== 1) return;
    const type = content[0];
    if (type === messageTypes.clientHello || type === messageTypes.helloRequest) {
      this.sendAlert({ level: 'warning', description: alerts.noRenegotiation });
      return;
    }
    try {
      this.channel.receive(content, () => {});
    } catch (error) {
      if (!(error instanceof DtlsError || error instanceof MalformedError)) throw error;
    }
  }

  private takeAlert({ content }: OpenedRecord, epoch: number): void {
    // Anybody can send an alert that is not encrypted; in a session none is believed.
    if (this.state === 'open' && epoch === 0) return;
    let alert: Alert;
    try {
      alert = decodeAlert(content);
    } catch {
      return;
    }
    this.log({ kind: 'alert', direction: 'in', alert });
    const { level, description } = alert;
    const isEnd = description === alerts.closeNotify;
    if (this.state === 'open') {
      if (isEnd) this.close('peerClosed');
      else if (level === 'fatal') this.close('peerAlert', alertName(description));
    } else if ((isEnd || level === 'fatal') && this.handshake) this.fail(this.handshake.alerted(description));
  }

  private takeData(content: Uint8Array): void {
    if (this.session) {
      // The peer goes on, so it has our last flight.
      this.channel.forgetFlight();
      this.session.deliver(content);
    } else if (this.early.length < this.parts.limits.maxHeldRecords) this.early.push(content);
  }

  private sendAlert(alert: Alert): void {
    this.log({ kind: 'alert', direction: 'out', alert });
    const record = this.records.seal(this.records.writeEpoch, contentTypes.alert, encodeAlert(alert));
    this.parts.transmit(record, this.peer);
  }

  private log(event: DtlsEvent): void {
    this.parts.log?.(this, event);
  }
}
