import { describe, expect, it } from 'vitest';
import { captureKey, type DtlsCapture, dtlsCaptures } from '../../testing/dtls-captures.ts';
import { decodeAlert } from './alert.ts';
import { decodeFragments, encodeMessage, messageTypes } from './handshake-message.ts';
import { decodeClientHello, decodeHelloVerifyRequest, decodeServerHello } from './hello.ts';
import { decodeClientKeyExchange } from './key-exchange.ts';
import {
  type ConnectionKeys,
  connectionKeys,
  extendedMasterSecret,
  masterSecret,
  premasterSecret,
  verifyData,
} from './prf.ts';
import { contentTypes, type DtlsRecord, readRecords } from './record.ts';
import { RecordProtection } from './record-protection.ts';
import { type CipherSuite, cipherSuites } from './suites.ts';
import { Transcript } from './transcript.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const premaster = premasterSecret(captureKey);

/** Listens in with the key: what was said, by whom. */
class Listener {
  readonly heard: string[] = [];
  readonly suites: string[] = [];
  private readonly transcript = new Transcript();
  private clientRandom = new Uint8Array(0);
  private serverRandom = new Uint8Array(0);
  private suite: CipherSuite | undefined;
  private isExtended = false;
  private master = new Uint8Array(0);
  private keys: ConnectionKeys | undefined;

  take(from: 'client' | 'server', datagram: Uint8Array): void {
    const { records, malformed } = readRecords(datagram, 0);
    expect(malformed).toBe(false);
    for (const record of records) {
      if (record.epoch === 1) this.takeProtected(from, record);
      else if (record.type === contentTypes.handshake) this.takeMessages(record.fragment);
      else expect(hex(record.fragment)).toBe('01');
    }
  }

  private takeProtected(from: 'client' | 'server', record: DtlsRecord): void {
    const opened = new RecordProtection(this.suite!, this.keys![from]).open(record);
    expect(opened, `${from}, record ${record.sequence}`).toBeDefined();
    const { type, content } = opened!;
    if (type === contentTypes.applicationData) this.heard.push(`${from}: ${Buffer.from(content).toString()}`);
    else if (type === contentTypes.alert)
      this.heard.push(`${from}: alert ${decodeAlert(content).description}`);
    else this.takeFinished(from, content);
    // Those whose makers count their nonces as we do are sealed to the same bytes.
    if (hex(record.fragment.subarray(0, 2)) !== '0001') return;
    const again = new RecordProtection(this.suite!, this.keys![from]).seal(1, record.sequence, type, content);
    expect(hex(readRecords(again, 0).records[0]!.fragment)).toBe(hex(record.fragment));
  }

  private takeFinished(from: 'client' | 'server', content: Uint8Array): void {
    const [message] = decodeFragments(content);
    const { hash } = this.suite!;
    const expected = verifyData(hash, this.master, from, this.transcript.digest(hash));
    expect(hex(message!.part)).toBe(hex(expected));
    this.transcript.add({ ...message!, body: message!.part });
    this.heard.push(`${from}: Finished`);
  }

  private takeMessages(content: Uint8Array): void {
    for (const { type, messageSequence, part: body } of decodeFragments(content)) {
      const message = { type, messageSequence, body };
      expect(hex(encodeMessage(message))).toContain(hex(body));
      if (type === messageTypes.helloVerifyRequest) {
        decodeHelloVerifyRequest(body);
        this.transcript.clear();
        continue;
      }
      this.transcript.add(message);
      if (type === messageTypes.clientHello)
        this.clientRandom = new Uint8Array(decodeClientHello(body).random);
      else if (type === messageTypes.serverHello) this.takeServerHello(body);
      else if (type === messageTypes.clientKeyExchange) this.takeKeyExchange(body);
      else expect(type).toBe(messageTypes.serverHelloDone);
      // The first hello does not count when there is a second.
      if (type === messageTypes.clientHello && messageSequence === 1) {
        this.transcript.clear();
        this.transcript.add(message);
      }
    }
  }

  private takeServerHello(body: Uint8Array): void {
    const hello = decodeServerHello(body);
    this.serverRandom = new Uint8Array(hello.random);
    this.suite = cipherSuites.find(({ id }) => id === hello.suite);
    this.isExtended = hello.extensions.extendedMasterSecret === true;
    this.suites.push(this.suite!.name);
  }

  private takeKeyExchange(body: Uint8Array): void {
    const { identity } = decodeClientKeyExchange(body, false);
    this.heard.push(`identity ${Buffer.from(identity).toString()}`);
    const { hash } = this.suite!;
    this.master = new Uint8Array(
      this.isExtended
        ? extendedMasterSecret(hash, premaster, this.transcript.digest(hash))
        : masterSecret(hash, premaster, this.clientRandom, this.serverRandom),
    );
    this.keys = connectionKeys(this.suite!, this.master, this.clientRandom, this.serverRandom);
  }
}

describe.each(dtlsCaptures as DtlsCapture[])('what $name said to each other', ({ name, datagrams }) => {
  it('is understood with the key: messages, Finished of both, data and alerts', () => {
    const listener = new Listener();
    for (const { from, bytes } of datagrams) listener.take(from, bytes);
    expect(name).toContain(listener.suites[0]);
    expect(listener.heard.slice(0, 4)).toEqual([
      'identity device',
      'client: Finished',
      'server: Finished',
      'client: hello from the client\n',
    ]);
    expect(listener.heard[4]).toMatch(/^server: hello from the (client|server)\n$/);
    expect(listener.heard).toContain('client: alert 0');
  });
});
