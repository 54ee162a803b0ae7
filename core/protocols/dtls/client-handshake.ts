import { timingSafeEqual } from 'node:crypto';
import { alertName, alerts } from './alert.ts';
import { ByteReader, hex, noBytes, sameBytes } from './bytes.ts';
import type { Connection, Handshake } from './connection.ts';
import { EphemeralKey, supportedGroups } from './ephemeral.ts';
import { DtlsError } from './errors.ts';
import { decodeExtensions, encodeExtensions, type HelloExtensions } from './extensions.ts';
import type { FlightPart } from './handshake-channel.ts';
import { type Agreement, agreeOnMasterSecret, type KeyLog, protectConnection } from './handshake-keys.ts';
import { type HandshakeMessage, messageTypes } from './handshake-message.ts';
import {
  decodeHelloVerifyRequest,
  decodeServerHello,
  encodeClientHello,
  type ReceivedServerHello,
} from './hello.ts';
import { decodeServerKeyExchange, encodeClientKeyExchange, type ServerShare } from './key-exchange.ts';
import { verifyData } from './prf.ts';
import { contentTypes, dtls10, dtls12 } from './record.ts';
import type { Resumption } from './resumption.ts';
import type { DtlsRandom } from './seams.ts';
import type { CipherSuite } from './suites.ts';
import { Transcript } from './transcript.ts';

export interface ClientHandshakeParts {
  readonly random: DtlsRandom;
  readonly suites: readonly CipherSuite[];
  readonly pskIdentity: string;
  readonly key: Uint8Array;
  readonly serverName: string | undefined;
  readonly extendedMasterSecret: boolean;
  readonly resume: Resumption | undefined;
  /** The id that the server shall put into its records; empty: none; undefined: ids are off. */
  readonly connectionId: Uint8Array | undefined;
  readonly keyLog: KeyLog | undefined;
}

/** A server that asks for a cookie again and again will never be content. */
const maxCookieRequests = 4;
const changeCipherSpec: FlightPart = {
  epoch: 0,
  type: contentTypes.changeCipherSpec,
  content: Uint8Array.of(1),
};

/** The client's side of a handshake (RFC 6347, 4.2.4). */
export class ClientHandshake implements Handshake {
  private readonly connection: Connection;
  private readonly parts: ClientHandshakeParts;
  private readonly transcript = new Transcript();
  private readonly extensions: HelloExtensions;
  private step: 'serverHello' | 'serverKeyExchange' | 'serverHelloDone' | 'finished' = 'serverHello';
  private cookieRequests = 0;
  private agreement: Agreement | undefined;
  private share: ServerShare | undefined;
  private sessionId: Uint8Array = noBytes;
  private master: Uint8Array = noBytes;
  private isResumed = false;

  constructor(connection: Connection, parts: ClientHandshakeParts) {
    this.connection = connection;
    this.parts = parts;
    const isEphemeral = parts.suites.some((suite) => suite.keyExchange === 'ECDHE_PSK');
    this.extensions = {
      serverName: parts.serverName,
      groups: isEphemeral ? supportedGroups : undefined,
      pointFormats: isEphemeral,
      extendedMasterSecret: parts.extendedMasterSecret,
      connectionId: parts.connectionId,
      renegotiationInfo: true,
    };
  }

  /** Sends the first hello. */
  begin(): void {
    this.connection.records.plainVersion = dtls10;
    this.sendHello(noBytes);
  }

  take(message: HandshakeMessage): void {
    const { type } = message;
    const { step } = this;
    if (step === 'serverHello' && type === messageTypes.helloVerifyRequest) this.takeCookie(message);
    else if (step === 'serverHello' && type === messageTypes.serverHello) this.takeServerHello(message);
    else if (step === 'serverKeyExchange' && type === messageTypes.serverKeyExchange) {
      this.takeKeyExchange(message);
    } else if (this.mayBeDone && type === messageTypes.serverHelloDone) this.takeDone(message);
    else if (step === 'finished' && type === messageTypes.finished) this.takeFinished(message);
    else {
      const text = `Handshake message ${type} has no place here: the client waits for ${step}.`;
      throw new DtlsError('dtls.unexpectedMessage', text, alerts.unexpectedMessage);
    }
  }

  badKey(): DtlsError {
    const text = `The server has another key than the client for PSK identity ${this.parts.pskIdentity}.`;
    return new DtlsError('dtls.badKey', text, alerts.badRecordMac);
  }

  alerted(description: number): DtlsError {
    const { pskIdentity } = this.parts;
    const received = { received: description };
    if (description === alerts.unknownPskIdentity) {
      const text = `The server does not let PSK identity ${pskIdentity} in.`;
      return new DtlsError('dtls.unknownIdentity', text, undefined, received);
    }
    const isAboutKey = description === alerts.badRecordMac || description === alerts.decryptError;
    if (this.step === 'finished' && isAboutKey)
      return new DtlsError('dtls.badKey', this.badKey().message, undefined, received);
    const text = `The server has sent the alert ${alertName(description)}.`;
    return new DtlsError('dtls.alertReceived', text, undefined, received);
  }

  /** The server's key exchange may be left out where it would say no more than a hint (RFC 4279, 2). */
  private get mayBeDone(): boolean {
    if (this.step === 'serverHelloDone') return true;
    return this.step === 'serverKeyExchange' && this.agreement?.suite.keyExchange === 'PSK';
  }

  private sendHello(cookie: Uint8Array): void {
    const { suites, resume } = this.parts;
    const body = encodeClientHello({
      version: dtls12,
      random: this.connection.clientRandom,
      sessionId: resume?.sessionId ?? noBytes,
      cookie,
      suites: suites.map((suite) => suite.id),
      extensions: this.extensions,
    });
    this.transcript.clear();
    const hello = this.remember(this.connection.channel.message(messageTypes.clientHello, body));
    const flight: FlightPart = { epoch: 0, type: contentTypes.handshake, content: hello };
    // A server that does not like the cookie asks for one again and again, at once.
    this.connection.channel.sendFlight([flight], true, false);
  }

  private takeCookie(message: HandshakeMessage): void {
    const { cookie } = decodeHelloVerifyRequest(message.body);
    this.cookieRequests += 1;
    if (this.cookieRequests > maxCookieRequests) {
      const text = `The server has asked for a cookie ${maxCookieRequests} times and wants another.`;
      throw new DtlsError('dtls.unexpectedMessage', text, alerts.unexpectedMessage);
    }
    this.sendHello(cookie);
  }

  private takeServerHello(message: HandshakeMessage): void {
    const hello = decodeServerHello(message.body);
    const { resume, connectionId } = this.parts;
    this.isResumed = resume !== undefined && sameBytes(hello.sessionId, resume.sessionId);
    const suite = this.chosenSuite(hello);
    this.connection.records.plainVersion = dtls12;
    this.transcript.add(message);
    this.sessionId = hello.sessionId;
    const serverConnectionId = hello.extensions.connectionId;
    this.agreement = {
      suite,
      clientRandom: this.connection.clientRandom,
      serverRandom: hello.random,
      extendedMasterSecret: hello.extensions.extendedMasterSecret === true,
      clientConnectionId: (serverConnectionId && connectionId) ?? noBytes,
      serverConnectionId: serverConnectionId ?? noBytes,
    };
    this.step = this.isResumed ? 'finished' : 'serverKeyExchange';
    if (!this.isResumed || !resume) return;
    this.protect(this.agreement, resume.masterSecret);
    this.connection.takeHeld();
  }

  /** The suite that the server has chosen, if its answer is one to what was asked. */
  private chosenSuite(hello: ReceivedServerHello): CipherSuite {
    const { suites, resume } = this.parts;
    const illegal = (text: string, alert: number = alerts.illegalParameter): DtlsError =>
      new DtlsError('dtls.illegalParameter', text, alert);
    if (hello.version !== dtls12) {
      const text = `The server has chosen DTLS version 0x${hello.version.toString(16)} in place of 1.2 (0xfefd).`;
      throw new DtlsError('dtls.version', text, alerts.protocolVersion);
    }
    const suite = suites.find((each) => each.id === hello.suite);
    if (!suite)
      throw illegal(`The server has chosen suite 0x${hello.suite.toString(16)}, which was not offered.`);
    const asked = decodeExtensions(new ByteReader(encodeExtensions(this.extensions))).present;
    for (const type of hello.present) {
      if (asked.has(type)) continue;
      throw illegal(
        `The server answers to extension ${type}, which was not asked.`,
        alerts.unsupportedExtension,
      );
    }
    if (!this.isResumed) return suite;
    if (resume?.suite !== suite) throw illegal('The server resumes a session with another suite.');
    if (resume.extendedMasterSecret !== (hello.extensions.extendedMasterSecret === true)) {
      throw illegal('The server resumes a session with other terms for its secret.', alerts.handshakeFailure);
    }
    return suite;
  }

  private takeKeyExchange(message: HandshakeMessage): void {
    const isEphemeral = this.agreement?.suite.keyExchange === 'ECDHE_PSK';
    this.share = decodeServerKeyExchange(message.body, isEphemeral).share;
    this.transcript.add(message);
    this.step = 'serverHelloDone';
  }

  private takeDone(message: HandshakeMessage): void {
    const { agreement } = this;
    if (!agreement) return;
    new ByteReader(message.body).end();
    this.transcript.add(message);
    const ephemeral = this.share && this.ephemeralFor(this.share.group);
    const shared = this.share && ephemeral?.sharedSecret(this.share.point);
    if (ephemeral && !shared) {
      const text = "The server's point of the key exchange is not on the curve.";
      throw new DtlsError('dtls.illegalParameter', text, alerts.illegalParameter);
    }
    const { channel } = this.connection;
    const identity = Buffer.from(this.parts.pskIdentity, 'utf8');
    const body = encodeClientKeyExchange({ identity, point: ephemeral?.point });
    const exchange = this.remember(channel.message(messageTypes.clientKeyExchange, body));
    const master = agreeOnMasterSecret(agreement, this.parts.key, shared, this.transcript);
    this.step = 'finished';
    this.protect(agreement, master);
    channel.sendFlight(
      [{ epoch: 0, type: contentTypes.handshake, content: exchange }, changeCipherSpec, this.finished()],
      true,
    );
    this.connection.takeHeld();
  }

  private ephemeralFor(group: number): EphemeralKey {
    if (!supportedGroups.includes(group)) {
      const text = `The server has chosen curve ${group}, which was not offered.`;
      throw new DtlsError('dtls.illegalParameter', text, alerts.illegalParameter);
    }
    return new EphemeralKey(group, this.parts.random);
  }

  private takeFinished(message: HandshakeMessage): void {
    const { agreement } = this;
    if (!agreement) return;
    const { hash } = agreement.suite;
    const expected = verifyData(hash, this.master, 'server', this.transcript.digest(hash));
    if (message.body.length !== expected.length || !timingSafeEqual(message.body, expected)) {
      const text = 'The server saw other handshake messages than the client: its Finished does not fit.';
      throw new DtlsError('dtls.illegalParameter', text, alerts.decryptError);
    }
    this.transcript.add(message);
    if (this.isResumed) this.connection.channel.sendFlight([changeCipherSpec, this.finished()], false);
    this.finish(agreement);
  }

  private finish({ suite, extendedMasterSecret, serverConnectionId }: Agreement): void {
    const { sessionId, master: masterSecret } = this;
    const { random, pskIdentity, serverName } = this.parts;
    const resumption = { sessionId, masterSecret, suite, extendedMasterSecret, pskIdentity, serverName };
    const facts = {
      id: hex(random.bytes(8)),
      pskIdentity,
      suite: suite.name,
      serverName,
      resumed: this.isResumed,
      extendedMasterSecret,
      hasConnectionId: serverConnectionId.length > 0,
      resumption: sessionId.length > 0 ? resumption : undefined,
    };
    this.connection.finish(facts, this.isResumed);
  }

  private protect(agreement: Agreement, master: Uint8Array): void {
    this.master = master;
    protectConnection(this.connection, agreement, master, 'client', this.parts.keyLog);
  }

  private finished(): FlightPart {
    const hash = this.agreement?.suite.hash ?? 'sha256';
    const body = verifyData(hash, this.master, 'client', this.transcript.digest(hash));
    const content = this.remember(this.connection.channel.message(messageTypes.finished, body));
    return { epoch: 1, type: contentTypes.handshake, content };
  }

  private remember(message: Uint8Array): Uint8Array {
    this.transcript.addEncoded(message);
    return message;
  }
}
