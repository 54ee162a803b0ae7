import { timingSafeEqual } from 'node:crypto';
import { alertName, alerts } from './alert.ts';
import { hex, noBytes } from './bytes.ts';
import type { Connection, Handshake } from './connection.ts';
import { EphemeralKey, supportedGroups } from './ephemeral.ts';
import { DtlsError } from './errors.ts';
import type { FlightPart } from './handshake-channel.ts';
import { type Agreement, agreeOnMasterSecret, type KeyLog, protectConnection } from './handshake-keys.ts';
import { type HandshakeMessage, messageTypes } from './handshake-message.ts';
import {
  type ClientHello,
  decodeClientHello,
  encodeServerHello,
  isAtLeastDtls12,
  randomBytes,
} from './hello.ts';
import { decodeClientKeyExchange, encodeServerKeyExchange } from './key-exchange.ts';
import { verifyData } from './prf.ts';
import type { PskAnswer, PskLookup } from './psk.ts';
import { contentTypes } from './record.ts';
import type { Resumption, ResumptionCache } from './resumption.ts';
import type { DtlsRandom } from './seams.ts';
import type { CipherSuite } from './suites.ts';
import { Transcript } from './transcript.ts';

export interface ServerHandshakeParts {
  readonly random: DtlsRandom;
  readonly suites: readonly CipherSuite[];
  readonly pskOf: PskLookup;
  readonly resumptions: ResumptionCache;
  readonly requireExtendedMasterSecret: boolean;
  readonly keyLog: KeyLog | undefined;
  /** An id for the connection, by which its records are found; empty when ids are off. */
  newConnectionId(connection: Connection): Uint8Array;
}

const sessionIdBytes = 16;
const changeCipherSpec: FlightPart = {
  epoch: 0,
  type: contentTypes.changeCipherSpec,
  content: Uint8Array.of(1),
};
const [firstGroup = 0] = supportedGroups;

/** The server's side of a handshake, from the ClientHello whose cookie was good (RFC 6347, 4.2.4). */
export class ServerHandshake implements Handshake {
  private readonly connection: Connection;
  private readonly parts: ServerHandshakeParts;
  private readonly transcript = new Transcript();
  private step: 'hello' | 'lookup' | 'keyExchange' | 'finished' = 'hello';
  private hello: ClientHello | undefined;
  private agreement: Agreement | undefined;
  private ephemeral: EphemeralKey | undefined;
  private sessionId: Uint8Array = noBytes;
  private master: Uint8Array = noBytes;
  private key: Uint8Array = noBytes;
  private isResumed = false;
  /** Known once the client has said it; for events. */
  pskIdentity: string | undefined;

  constructor(connection: Connection, parts: ServerHandshakeParts) {
    this.connection = connection;
    this.parts = parts;
  }

  take(message: HandshakeMessage): void {
    const { step } = this;
    if (step === 'hello' && message.type === messageTypes.clientHello) this.takeHello(message);
    else if (step === 'keyExchange' && message.type === messageTypes.clientKeyExchange) {
      this.takeKeyExchange(message);
    } else if (step === 'finished' && message.type === messageTypes.finished) this.takeFinished(message);
    else {
      const text = `Handshake message ${message.type} has no place here: the server is at ${step}.`;
      throw new DtlsError('dtls.unexpectedMessage', text, alerts.unexpectedMessage);
    }
  }

  badKey(): DtlsError {
    const text = `The client has another key than the server for PSK identity ${this.pskIdentity}.`;
    return new DtlsError('dtls.badKey', text, alerts.badRecordMac);
  }

  alerted(description: number): DtlsError {
    return new DtlsError('dtls.alertReceived', `The client has sent the alert ${alertName(description)}.`);
  }

  private takeHello(message: HandshakeMessage): void {
    const hello = decodeClientHello(message.body);
    if (!isAtLeastDtls12(hello.version)) {
      const text = `The client speaks DTLS version 0x${hello.version.toString(16)}, and 1.2 (0xfefd) is needed.`;
      throw new DtlsError('dtls.version', text, alerts.protocolVersion);
    }
    if (this.parts.requireExtendedMasterSecret && !hello.extensions.extendedMasterSecret) {
      const text = 'The client does not offer the extended master secret, which the server requires.';
      throw new DtlsError('dtls.illegalParameter', text, alerts.handshakeFailure);
    }
    this.hello = hello;
    this.transcript.add(message);
    const resumption = this.resumptionFor(hello);
    if (resumption) this.lookUp(resumption.pskIdentity, (answer) => this.resume(hello, resumption, answer));
    else this.begin(hello);
  }

  /** The session that the client may go on with, if its terms are still the same (RFC 7627, 5.3; RFC 6066, 3). */
  private resumptionFor(hello: ClientHello): Resumption | undefined {
    if (hello.sessionId.length === 0) return undefined;
    const found = this.parts.resumptions.find(hello.sessionId);
    if (!found) return undefined;
    const { suite, serverName } = found;
    const offersSecret = hello.extensions.extendedMasterSecret === true;
    if (found.extendedMasterSecret && !offersSecret) {
      const text = 'The client wants to resume a session without its extended master secret.';
      throw new DtlsError('dtls.illegalParameter', text, alerts.handshakeFailure);
    }
    const isSame =
      found.extendedMasterSecret === offersSecret &&
      serverName === hello.extensions.serverName &&
      hello.suites.includes(suite.id) &&
      this.parts.suites.includes(suite);
    return isSame ? found : undefined;
  }

  private resume(hello: ClientHello, resumption: Resumption, answer: PskAnswer): void {
    const { sessionId } = resumption;
    if (!('key' in answer) || !this.parts.resumptions.wasMadeWith(sessionId, answer.key)) {
      // The key was changed or taken away; a full handshake finds out which.
      this.parts.resumptions.forget(sessionId);
      this.begin(hello);
      return;
    }
    this.isResumed = true;
    this.pskIdentity = resumption.pskIdentity;
    this.key = answer.key;
    this.sessionId = sessionId;
    this.master = resumption.masterSecret;
    const { message, agreement } = this.serverHello(hello, resumption.suite);
    protectConnection(this.connection, agreement, this.master, 'server', this.parts.keyLog);
    this.step = 'finished';
    this.connection.channel.sendFlight([handshakePart(0, message), changeCipherSpec, this.finished()], true);
    this.connection.takeHeld();
  }

  /** Answers with a full handshake. */
  private begin(hello: ClientHello): void {
    const suite = this.chooseSuite(hello);
    this.sessionId = this.parts.resumptions.isOn ? this.parts.random.bytes(sessionIdBytes) : noBytes;
    const flight = [this.serverHello(hello, suite).message];
    const { channel } = this.connection;
    if (suite.keyExchange === 'ECDHE_PSK') {
      this.ephemeral = new EphemeralKey(commonGroup(hello) ?? firstGroup, this.parts.random);
      const body = encodeServerKeyExchange({ hint: noBytes, share: this.ephemeral });
      flight.push(this.remember(channel.message(messageTypes.serverKeyExchange, body)));
    }
    flight.push(this.remember(channel.message(messageTypes.serverHelloDone, noBytes)));
    this.step = 'keyExchange';
    channel.sendFlight(
      flight.map((message) => handshakePart(0, message)),
      true,
    );
  }

  /** The first suite of the client's that is enabled: a small device knows best what is cheap for it. */
  private chooseSuite(hello: ClientHello): CipherSuite {
    const canExchange = commonGroup(hello) !== undefined;
    for (const id of hello.suites) {
      const suite = this.parts.suites.find((each) => each.id === id);
      if (suite && (suite.keyExchange === 'PSK' || canExchange)) return suite;
    }
    const offered = hello.suites.map((id) => `0x${id.toString(16).padStart(4, '0')}`).join(', ');
    const text = `The client offers no cipher suite that is enabled here, but ${offered}.`;
    throw new DtlsError('dtls.noCommonSuite', text, alerts.handshakeFailure);
  }

  private serverHello(hello: ClientHello, suite: CipherSuite) {
    const { extensions } = hello;
    const { connectionId: clientConnectionId } = extensions;
    const serverRandom = this.parts.random.bytes(randomBytes);
    const serverConnectionId = clientConnectionId && this.parts.newConnectionId(this.connection);
    const agreement: Agreement = {
      suite,
      clientRandom: hello.random,
      serverRandom,
      extendedMasterSecret: extensions.extendedMasterSecret === true,
      clientConnectionId: clientConnectionId ?? noBytes,
      serverConnectionId: serverConnectionId ?? noBytes,
    };
    this.agreement = agreement;
    const body = encodeServerHello({
      random: serverRandom,
      sessionId: this.sessionId,
      suite: suite.id,
      extensions: {
        extendedMasterSecret: extensions.extendedMasterSecret,
        renegotiationInfo: extensions.renegotiationInfo,
        pointFormats: extensions.pointFormats && suite.keyExchange === 'ECDHE_PSK',
        connectionId: serverConnectionId,
      },
    });
    const message = this.remember(this.connection.channel.message(messageTypes.serverHello, body));
    return { agreement, message };
  }

  private takeKeyExchange(message: HandshakeMessage): void {
    const { agreement, ephemeral } = this;
    if (!agreement) return;
    const { identity, point } = decodeClientKeyExchange(message.body, ephemeral !== undefined);
    const shared = point && ephemeral?.sharedSecret(point);
    if (ephemeral && !shared) {
      const text = "The client's point of the key exchange is not on the curve.";
      throw new DtlsError('dtls.illegalParameter', text, alerts.illegalParameter);
    }
    this.transcript.add(message);
    const pskIdentity = readIdentity(identity);
    this.pskIdentity = pskIdentity;
    this.lookUp(pskIdentity, (answer) => {
      if ('refused' in answer) {
        const text = `PSK identity ${pskIdentity} is refused: ${answer.refused}`;
        throw new DtlsError('dtls.unknownIdentity', text, alerts.unknownPskIdentity);
      }
      this.key = answer.key;
      this.master = agreeOnMasterSecret(agreement, answer.key, shared, this.transcript);
      protectConnection(this.connection, agreement, this.master, 'server', this.parts.keyLog);
      this.step = 'finished';
      this.connection.takeHeld();
    });
  }

  private takeFinished(message: HandshakeMessage): void {
    const { agreement } = this;
    if (!agreement) return;
    const { hash } = agreement.suite;
    const expected = verifyData(hash, this.master, 'client', this.transcript.digest(hash));
    if (message.body.length !== expected.length || !timingSafeEqual(message.body, expected)) {
      const text = 'The client saw other handshake messages than the server: its Finished does not fit.';
      throw new DtlsError('dtls.illegalParameter', text, alerts.decryptError);
    }
    this.transcript.add(message);
    if (!this.isResumed) this.connection.channel.sendFlight([changeCipherSpec, this.finished()], false);
    this.finish(agreement);
  }

  private finish({ suite, extendedMasterSecret, serverConnectionId }: Agreement): void {
    const { sessionId, master: masterSecret, pskIdentity = '' } = this;
    const serverName = this.hello?.extensions.serverName;
    const resumption =
      sessionId.length > 0
        ? { sessionId, masterSecret, suite, extendedMasterSecret, pskIdentity, serverName }
        : undefined;
    if (resumption && !this.isResumed) this.parts.resumptions.keep(resumption, this.key);
    const facts = {
      id: hex(this.parts.random.bytes(8)),
      pskIdentity,
      suite: suite.name,
      serverName,
      resumed: this.isResumed,
      extendedMasterSecret,
      hasConnectionId: serverConnectionId.length > 0,
      resumption,
    };
    this.connection.finish(facts, !this.isResumed);
  }

  private finished(): FlightPart {
    const hash = this.agreement?.suite.hash ?? 'sha256';
    const body = verifyData(hash, this.master, 'server', this.transcript.digest(hash));
    return handshakePart(1, this.remember(this.connection.channel.message(messageTypes.finished, body)));
  }

  private remember(message: Uint8Array): Uint8Array {
    this.transcript.addEncoded(message);
    return message;
  }

  /** Asks for the key, now or later; nothing else is taken from the client until it is there. */
  private lookUp(identity: string, use: (answer: PskAnswer) => void): void {
    const { peer } = this.connection;
    const failed = (cause: unknown): DtlsError => {
      const text = `The key of PSK identity ${identity} could not be looked up.`;
      return new DtlsError('dtls.internal', text, alerts.internalError, { cause });
    };
    let answer: PskAnswer | Promise<PskAnswer>;
    try {
      answer = this.parts.pskOf(identity, { peer, serverName: this.hello?.extensions.serverName });
    } catch (cause) {
      throw failed(cause);
    }
    if (!(answer instanceof Promise)) {
      use(answer);
      return;
    }
    this.step = 'lookup';
    // The client has answered the flight; what else is missing of its own it sends again by itself.
    this.connection.channel.stop();
    answer.then(
      (later) => this.connection.attempt(() => use(later)),
      (cause) => this.connection.fail(failed(cause)),
    );
  }
}

const handshakePart = (epoch: 0 | 1, content: Uint8Array): FlightPart => ({
  epoch,
  type: contentTypes.handshake,
  content,
});

/** The first curve of the client's that is supported; one that names none has secp256r1 (RFC 8422, 4). */
function commonGroup({ extensions }: ClientHello): number | undefined {
  const { groups } = extensions;
  return groups ? groups.find((group) => supportedGroups.includes(group)) : firstGroup;
}

/** RFC 4279, 5.1: identities are UTF-8. */
function readIdentity(identity: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(identity);
  } catch {
    const text = `PSK identity 0x${hex(identity)} is not UTF-8.`;
    throw new DtlsError('dtls.unknownIdentity', text, alerts.unknownPskIdentity);
  }
}
