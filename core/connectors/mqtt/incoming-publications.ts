import type { IPublishPacket } from 'mqtt-packet';
import type { MqttSession } from './mode.ts';
import { OrderedAcks } from './ordered-acks.ts';

const publishAck = 0x40;
const publishReceived = 0x50;
const publishComplete = 0x70;

/** What one client publishes, with the acknowledgements that its QoS asks for (MQTT 3.1.1, 4.3). */
export class IncomingPublications {
  private readonly write: (bytes: Buffer) => void;
  private readonly acks: OrderedAcks;
  /** Packet ids of QoS 2 publications taken and not yet released by the client. */
  private readonly unreleased = new Set<number>();

  constructor(write: (bytes: Buffer) => void) {
    this.write = write;
    this.acks = new OrderedAcks(write);
  }

  /** How many are not acknowledged yet. */
  get unacknowledged(): number {
    return this.acks.size;
  }

  /**
   * Hands a publication to the session; `settled` is called when its acknowledgement may go.
   * @returns what is wrong with the packet, when something is.
   */
  take(packet: IPublishPacket, session: MqttSession, settled: () => void): string | undefined {
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const publication = { topic: packet.topic, payload, qos: packet.qos };
    if (packet.qos === 0) {
      session.publish(publication, nothing);
      return undefined;
    }
    const packetId = packet.messageId ?? 0;
    if (packetId === 0) return 'a publication with QoS 1 or 2 has the packet id 0';
    if (packet.qos === 2) {
      // Sent again before its PUBREL: it is taken already, and only the answer was lost.
      if (this.unreleased.has(packetId)) {
        this.acks.settle(this.acks.add(acknowledgement(publishReceived, packetId)));
        return undefined;
      }
      this.unreleased.add(packetId);
    }
    const slot = this.acks.add(acknowledgement(packet.qos === 2 ? publishReceived : publishAck, packetId));
    session.publish(publication, () => {
      this.acks.settle(slot);
      settled();
    });
    return undefined;
  }

  /** Takes a PUBREL: the client knows that its QoS 2 publication was taken. */
  release(packetId: number): void {
    this.unreleased.delete(packetId);
    this.write(acknowledgement(publishComplete, packetId));
  }
}

function nothing(): void {}

/** PUBACK, PUBREC and PUBCOMP differ in their first byte only. */
function acknowledgement(type: number, packetId: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes[0] = type;
  bytes[1] = 2;
  bytes.writeUInt16BE(packetId, 2);
  return bytes;
}
