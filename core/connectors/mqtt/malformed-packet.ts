import type { Packet } from 'mqtt-packet';

/** What is wrong with a packet that the parser lets pass, and for which MQTT 3.1.1 asks to close; undefined: nothing. */
export function malformation(packet: Packet): string | undefined {
  switch (packet.cmd) {
    case 'publish':
      // 1.5.3: no U+0000 in a text.
      return packet.topic.includes('\0')
        ? 'the topic of a publication holds the character U+0000'
        : undefined;
    case 'subscribe':
      if (!packet.messageId) return 'SUBSCRIBE has the packet id 0'; // 2.3.1
      return packet.subscriptions.length === 0 ? 'SUBSCRIBE names no topic' : undefined; // 3.8.3
    case 'unsubscribe':
      if (!packet.messageId) return 'UNSUBSCRIBE has the packet id 0';
      return packet.unsubscriptions.length === 0 ? 'UNSUBSCRIBE names no topic' : undefined; // 3.10.3
    default:
      return undefined;
  }
}
