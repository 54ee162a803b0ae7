import { isRequest, methodText } from '../../../protocols/coap/codes.ts';
import type { LoggedMessage } from '../../../protocols/coap/context.ts';
import { tokenKey } from '../../../protocols/coap/exchanges.ts';
import type { CoapMessage } from '../../../protocols/coap/message.ts';
import { findStrings, optionNumbers } from '../../../protocols/coap/options.ts';
import type { DtlsEvent, LoggedConnection } from '../../../protocols/dtls/log.ts';
import type { DtlsSession } from '../../../protocols/dtls/session.ts';
import type { CoapLog, LogEntry, LoggedConversation, LogOwner } from './coap-log.ts';
import { withoutSecrets } from './hide-secrets.ts';

/** Requests whose responses may still come, observations among them. */
const mostRequests = 200;

/** What goes over one DTLS connection, from its handshake on, or between an address and the port without DTLS. */
export class Conversation implements LoggedConversation {
  readonly server: LoggedConversation['server'];
  owner: LogOwner | undefined;
  session: DtlsSession | undefined;
  pskIdentity: string | undefined;
  /** The last message of the device. */
  lastReceived: LogEntry | undefined;
  private readonly log: CoapLog;
  private readonly connection: LoggedConnection;
  /** Methods and paths by direction and token, those that were used longest ago first. */
  private readonly requests = new Map<string, string>();

  constructor(log: CoapLog, connection: LoggedConnection, server: LoggedConversation['server']) {
    this.log = log;
    this.connection = connection;
    this.server = server;
  }

  get peer(): string {
    const { address, port } = this.connection.peer;
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  }

  /** It is known now whose messages these are. */
  belongsTo(owner: LogOwner): void {
    if (this.owner?.nodeId === owner.nodeId && this.owner.tenantId === owner.tenantId) return;
    const wasKnown = this.owner !== undefined;
    this.owner = owner;
    if (!wasKnown) this.log.claim(this, owner);
  }

  dtls(timeMs: number, event: DtlsEvent): void {
    const kept = event.kind === 'handshake' ? { ...event, body: new Uint8Array(event.body) } : event;
    this.log.add(timeMs, this, kept);
  }

  coap({ direction, timeMs, datagram, note, message, malformed }: LoggedMessage): void {
    const request = message && this.requestOf(direction, message);
    const { bytes, masked } = withoutSecrets(datagram, message, request);
    // A copy of its own: a view would keep the whole buffer that it is of.
    const entry = this.log.add(timeMs, this, {
      ...{ kind: 'coap', direction, datagram: new Uint8Array(bytes), note, malformed, request, masked },
    });
    if (direction === 'in') this.lastReceived = entry;
  }

  /** The last message of the device has led to a data message, or to the refusal of one. */
  join(entry: LogEntry | undefined, traceId: string | undefined): void {
    if (entry && traceId !== undefined) this.log.join(entry, traceId);
  }

  /** The request that a message is, or answers: `GET /3/0`; undefined for an empty one, and when it is not known. */
  private requestOf(direction: 'in' | 'out', message: CoapMessage): string | undefined {
    if (message.code === 0) return undefined;
    const asks = isRequest(message.code);
    // A response has the token of a request that went the other way.
    const key = `${asks === (direction === 'in') ? '<' : '>'}${tokenKey(message.token)}`;
    const request = asks
      ? `${methodText(message.code)} /${findStrings(message.options, optionNumbers.uriPath).join('/')}`
      : this.requests.get(key);
    if (request === undefined) return undefined;
    // Which were used is told apart only when some are about to be forgotten.
    if (!asks && this.requests.size < mostRequests / 2) return request;
    this.requests.delete(key);
    this.requests.set(key, request);
    if (this.requests.size > mostRequests) {
      for (const oldest of this.requests.keys()) {
        this.requests.delete(oldest);
        break;
      }
    }
    return request;
  }
}
