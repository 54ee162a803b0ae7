import { alertName } from '../../../protocols/dtls/alert.ts';
import { MalformedError } from '../../../protocols/dtls/bytes.ts';
import { handshakeName, messageTypes } from '../../../protocols/dtls/handshake-message.ts';
import { decodeClientHello, decodeServerHello } from '../../../protocols/dtls/hello.ts';
import { readIdentityOf } from '../../../protocols/dtls/key-exchange.ts';
import type { DtlsEvent } from '../../../protocols/dtls/log.ts';
import { suiteText } from '../../../protocols/dtls/suites.ts';

export interface DtlsView {
  readonly summary: string;
  readonly facts: { readonly name: string; readonly value: string }[];
  readonly error?: string;
}

/** A DTLS event as people read it. */
export function dtlsView(event: DtlsEvent): DtlsView {
  switch (event.kind) {
    case 'handshake':
      return { summary: handshakeName(event.type), ...factsOf(event) };
    case 'changeCipherSpec':
      return { summary: 'ChangeCipherSpec', facts: [] };
    case 'alert': {
      const { level, description } = event.alert;
      return { summary: `Alert ${level} ${alertName(description)}`, facts: [] };
    }
    case 'opened': {
      const { suite, resumed } = event.session;
      return { summary: `Session ${resumed ? 'resumed' : 'opened'}`, facts: facts({ suite }) };
    }
    case 'failed':
      return {
        summary: 'Handshake failed',
        facts: facts({ code: event.error.code }),
        error: event.error.message,
      };
    case 'closed': {
      const { reason, detail } = event;
      return {
        summary: `Session closed: ${detail === undefined ? reason : `${reason}, ${detail}`}`,
        facts: [],
      };
    }
    case 'moved':
      return {
        summary: 'The device has another address',
        facts: facts({ before: `${event.before.address} port ${event.before.port}` }),
      };
  }
}

function factsOf({ type, body, note }: Extract<DtlsEvent, { kind: 'handshake' }>): Omit<DtlsView, 'summary'> {
  if (note === 'duplicate') return { facts: [] };
  try {
    return { facts: facts(read(type, body)) };
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return { facts: [], error: `it is malformed: ${error.message}` };
  }
}

function read(type: number, body: Uint8Array): Record<string, string | undefined> {
  if (type === messageTypes.clientHello) {
    const { version, random, sessionId, suites, extensions } = decodeClientHello(body);
    return {
      version: versionText(version),
      random: hex(random),
      'session to resume': sessionId.length > 0 ? hex(sessionId) : undefined,
      suites: suites.map(suiteText).join(', '),
      ...extensionFacts(extensions),
    };
  }
  if (type === messageTypes.serverHello) {
    const { version, random, sessionId, suite, extensions } = decodeServerHello(body);
    return {
      version: versionText(version),
      random: hex(random),
      session: sessionId.length > 0 ? hex(sessionId) : undefined,
      suite: suiteText(suite),
      ...extensionFacts(extensions),
    };
  }
  return type === messageTypes.clientKeyExchange ? { 'PSK identity': readIdentityOf(body) } : {};
}

function extensionFacts({
  connectionId,
  extendedMasterSecret,
  serverName,
}: ReturnType<typeof decodeClientHello>['extensions']): Record<string, string | undefined> {
  return {
    'connection id': connectionId && (connectionId.length > 0 ? hex(connectionId) : 'offered, empty'),
    'extended master secret': extendedMasterSecret ? 'yes' : 'no',
    'server name': serverName,
  };
}

const versionText = (version: number): string =>
  version === 0xfefd ? 'DTLS 1.2' : version === 0xfeff ? 'DTLS 1.0' : `0x${version.toString(16)}`;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const facts = (values: Record<string, string | undefined>): DtlsView['facts'] =>
  Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
