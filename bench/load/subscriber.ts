import {
  encodeSubscribe,
  type Login,
  packetIdOfPublish,
  packetTypes,
  writePuback,
} from '../lib/mqtt-packets.ts';
import { MqttSocket, type Target } from './mqtt-socket.ts';

const publishQos1 = packetTypes.publish | 0b0010;
const duplicateFlag = 0b1000;

/** One application that takes messages with QoS 1 and acknowledges each. */
export class Subscriber {
  received = 0;
  duplicates = 0;
  private readonly mqtt: MqttSocket;
  private ids: number[] = [];

  private constructor(mqtt: MqttSocket) {
    this.mqtt = mqtt;
  }

  /** Connects and waits until the subscription is granted. */
  static async open(
    target: Target,
    client: { readonly id: string; readonly login: Login; readonly topic: string },
    lost: (reason: Error) => void,
  ): Promise<Subscriber> {
    const mqtt = await MqttSocket.open(target, client.id, client.login, lost);
    const subscriber = new Subscriber(mqtt);
    await new Promise<void>((resolve, reject) => {
      mqtt.onChunk(
        (bytes, first, bodyStart) => {
          if (first === packetTypes.suback) {
            if (bytes[bodyStart + 2] === 1) resolve();
            else reject(new Error(`the subscription to ${client.topic} was refused`));
          } else if ((first & ~duplicateFlag) === publishQos1) {
            if (first & duplicateFlag) subscriber.duplicates++;
            subscriber.ids.push(packetIdOfPublish(bytes, bodyStart));
          }
        },
        () => subscriber.acknowledge(),
      );
      mqtt.socket.write(encodeSubscribe(client.topic, 1));
    });
    return subscriber;
  }

  close(): void {
    this.mqtt.close();
  }

  private acknowledge(): void {
    const { ids } = this;
    if (ids.length === 0) return;
    this.ids = [];
    this.received += ids.length;
    const answer = Buffer.allocUnsafe(ids.length * 4);
    for (const [index, id] of ids.entries()) writePuback(answer, index * 4, id);
    this.mqtt.socket.write(answer);
  }
}
