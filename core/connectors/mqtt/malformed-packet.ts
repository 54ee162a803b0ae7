import type { Packet } from 'mqtt-packet';

/** What is wrong with a packet that the parser lets pass, and for which MQTT 3.1.1 asks to close; undefined: nothing. */
export function malformation(packet: Packet): string | undefined {
  switch (packet.cmd) {
    case 'publish':
      return malformedText('the topic of a publication', packet.topic);
    case 'subscribe': {
      if (!packet.messageId) return 'SUBSCRIBE has the packet id 0'; // 2.3.1
      if (packet.subscriptions.length === 0) return 'SUBSCRIBE names no topic'; // 3.8.3
      return firstMalformed(packet.subscriptions.map(({ topic }) => topic));
    }
    case 'unsubscribe':
      if (!packet.messageId) return 'UNSUBSCRIBE has the packet id 0';
      if (packet.unsubscriptions.length === 0) return 'UNSUBSCRIBE names no topic'; // 3.10.3
      return firstMalformed(packet.unsubscriptions);
    default:
      return undefined;
  }
}

function firstMalformed(filters: readonly string[]): string | undefined {
  for (const filter of filters) {
    const wrong = malformedText('a topic filter', filter);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/**
 * Section 1.5.3: a text is well-formed UTF-8 without U+0000. The parser has put U+FFFD where the bytes were none,
 * and no topic or filter of the platform holds that character, so who really sends it loses nothing.
 */
function malformedText(what: string, text: string): string | undefined {
  if (!suspicious.test(text)) return undefined;
  return text.includes('\0')
    ? `${what} holds the character U+0000`
    : `${what} holds bytes that are no UTF-8, or the character U+FFFD: ${JSON.stringify(text)}`;
}

const suspicious = /[\0\ufffd]/;
