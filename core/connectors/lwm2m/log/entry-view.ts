import type { CoapLogEntry } from '../../../contract/coap-log.ts';
import { decodeMessage } from '../../../protocols/coap/codec.ts';
import { noBytes } from '../../../protocols/coap/message.ts';
import type { DtlsSession } from '../../../protocols/dtls/session.ts';
import type { CoapEvent, LogEntry } from './coap-log.ts';
import { coapSummary, coapView } from './coap-view.ts';
import { dtlsView } from './dtls-view.ts';
import type { LogModels } from './payload-view.ts';

/** An entry of the log as the API shows it. */
export function entryView(entry: LogEntry, models: LogModels): CoapLogEntry {
  const { seq, timeMs, peer, event, owner, traceId, conversation } = entry;
  const { server, session, pskIdentity } = conversation;
  const direction = 'direction' in event ? event.direction : undefined;
  const note = 'note' in event ? event.note : undefined;
  const raw = event.kind === 'coap' ? event.datagram : event.kind === 'handshake' ? event.body : noBytes;
  return {
    id: String(seq),
    time: new Date(timeMs).toISOString(),
    server,
    protocol: event.kind === 'coap' ? 'coap' : 'dtls',
    ...(direction && { direction }),
    peer,
    ...(event.kind === 'coap' ? messageOf(event, models) : dtlsView(event)),
    ...(note && { note }),
    ...(owner && { nodeId: owner.nodeId }),
    ...(pskIdentity !== undefined && { pskIdentity }),
    bytes: raw.length,
    raw: Buffer.from(raw).toString('hex'),
    ...(session && { session: sessionView(session) }),
    ...(traceId !== undefined && { traceId }),
  };
}

function messageOf(
  { datagram, malformed, request, masked }: CoapEvent,
  models: LogModels,
): Pick<CoapLogEntry, 'summary' | 'coap' | 'error' | 'masked'> {
  if (malformed !== undefined) return { summary: 'No CoAP message', error: malformed };
  const message = decodeMessage(datagram);
  const coap = coapView(message, request, models);
  const { error } = coap.payload ?? {};
  return {
    summary: coapSummary(coap, message),
    coap,
    ...(masked && { masked }),
    ...(error !== undefined && { error }),
  };
}

const sessionView = (session: DtlsSession): NonNullable<CoapLogEntry['session']> => ({
  id: session.id,
  suite: session.suite,
  resumed: session.resumed,
  connectionId: session.hasConnectionId,
  extendedMasterSecret: session.extendedMasterSecret,
  ...(session.serverName !== undefined && { serverName: session.serverName }),
});
