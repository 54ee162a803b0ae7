import { encodePublish, type Login, type PublishTemplate, packetTypes } from '../lib/mqtt-packets.ts';
import { MqttSocket, type Target } from './mqtt-socket.ts';

export interface PublisherEvents {
  /** A message left: how long after it was meant to. */
  sent(lagMs: number): void;
  acknowledged(intendedMs: number, nowMs: number): void;
  /** So many acknowledgements came in one piece. */
  answered(publisher: Publisher, count: number): void;
}

/**
 * One device that publishes with QoS 1. The packet is encoded once, and only its id is patched. A message is
 * timed from when it was meant to be sent, also when it had to wait for a free packet id.
 */
export class Publisher {
  private readonly mqtt: MqttSocket;
  private readonly template: PublishTemplate;
  private readonly events: PublisherEvents;
  /** By packet id; ids run from 1 to the window. */
  private readonly intendedMs: Float64Array;
  private readonly freeIds: Uint16Array;
  private freeCount: number;
  private waiting: number[] = [];
  private waitingHead = 0;
  private answeredInChunk = 0;

  private constructor(mqtt: MqttSocket, template: PublishTemplate, window: number, events: PublisherEvents) {
    this.mqtt = mqtt;
    this.template = template;
    this.events = events;
    this.intendedMs = new Float64Array(window + 1);
    this.freeIds = Uint16Array.from({ length: window }, (_, index) => window - index);
    this.freeCount = window;
    mqtt.onChunk(
      (bytes, first, bodyStart) => {
        if (first === packetTypes.puback) this.acknowledge(bytes.readUInt16BE(bodyStart));
      },
      () => this.chunkEnd(),
    );
  }

  static async open(
    target: Target,
    client: { readonly id: string; readonly login: Login; readonly topic: string; readonly payload: Buffer },
    window: number,
    events: PublisherEvents,
    lost: (reason: Error) => void,
  ): Promise<Publisher> {
    const mqtt = await MqttSocket.open(target, client.id, client.login, lost);
    return new Publisher(mqtt, encodePublish(client.topic, client.payload), window, events);
  }

  /** Messages sent and not acknowledged, and those that wait for a packet id. */
  get outstanding(): number {
    return this.intendedMs.length - 1 - this.freeCount + this.waiting.length - this.waitingHead;
  }

  /** Sends one message that was meant to leave at `intendedMs`. */
  publishAt(intendedMs: number): void {
    if (this.freeCount === 0) this.waiting.push(intendedMs);
    else this.write([intendedMs]);
  }

  /** Sends messages in one piece, meant to leave now. */
  publishNow(count: number): void {
    if (count > 0) this.write(new Array<number>(count).fill(performance.now()));
  }

  close(): void {
    this.mqtt.close();
  }

  private write(intendedMs: readonly number[]): void {
    const { bytes, packetIdOffset } = this.template;
    const piece = Buffer.allocUnsafe(bytes.length * intendedMs.length);
    const nowMs = performance.now();
    for (let index = 0; index < intendedMs.length; index++) {
      const intended = intendedMs[index] as number;
      const packetId = this.freeIds[--this.freeCount] as number;
      const start = index * bytes.length;
      bytes.copy(piece, start);
      piece[start + packetIdOffset] = packetId >> 8;
      piece[start + packetIdOffset + 1] = packetId & 0xff;
      this.intendedMs[packetId] = intended;
      this.events.sent(nowMs - intended);
    }
    this.mqtt.socket.write(piece);
  }

  private acknowledge(packetId: number): void {
    const intended = this.intendedMs[packetId];
    if (!intended) throw new Error(`PUBACK of packet id ${packetId}, which is not in use`);
    this.intendedMs[packetId] = 0;
    this.freeIds[this.freeCount++] = packetId;
    this.answeredInChunk++;
    this.events.acknowledged(intended, performance.now());
  }

  private chunkEnd(): void {
    const count = this.answeredInChunk;
    this.answeredInChunk = 0;
    const due = Math.min(this.freeCount, this.waiting.length - this.waitingHead);
    if (due > 0) {
      this.write(this.waiting.slice(this.waitingHead, this.waitingHead + due));
      this.waitingHead += due;
      if (this.waitingHead === this.waiting.length) {
        this.waiting = [];
        this.waitingHead = 0;
      }
    }
    if (count > 0) this.events.answered(this, count);
  }
}
