import type { IPublishPacket } from 'mqtt-packet';
import { RawMqttClient } from './raw-mqtt-client.ts';

/** What a device does with what comes on a topic: the answer is published to the topic's answer topic. */
export type Reaction = (payload: any) => object | undefined;

const answerTopics: Readonly<Record<string, string>> = { 'dev/cmd': 'dev/cmd/res', 'dev/cfg/upd': 'dev/cfg' };

/** An MQTT device that takes commands and configuration, and answers as it is told. */
export class MqttDevice {
  readonly client: RawMqttClient;
  /** Everything that came, in its order. */
  readonly received: { topic: string; payload: any }[] = [];
  private readonly reactions: Readonly<Record<string, Reaction>>;

  private constructor(client: RawMqttClient, reactions: Readonly<Record<string, Reaction>>) {
    this.client = client;
    this.reactions = reactions;
  }

  /** @param reactions by topic; the device subscribes to these. Without an answer it stays silent. */
  static async connect(
    port: number,
    login: { clientId: string; password: string },
    reactions: Readonly<Record<string, Reaction>> = {
      'dev/cmd': ({ cid }) => ({ res: { done: true }, cid }),
      'dev/cfg/upd': (report) => report,
    },
  ): Promise<MqttDevice> {
    const { client, code } = await RawMqttClient.connect(port, { ...login, username: 'json+device' });
    if (code !== 0) throw new Error(`the device was refused with code ${code}`);
    const device = new MqttDevice(client, reactions);
    for (const topic of Object.keys(reactions)) {
      if ((await client.subscribe(topic)) > 1) throw new Error(`the device may not subscribe to ${topic}`);
    }
    void device.live();
    return device;
  }

  private async live(): Promise<void> {
    for (;;) {
      let packet: IPublishPacket;
      try {
        packet = await this.client.next('publish');
      } catch {
        return;
      }
      const { topic, messageId = 0 } = packet;
      this.client.send({ cmd: 'puback', messageId });
      const payload = JSON.parse(String(packet.payload));
      this.received.push({ topic, payload });
      const answer = this.reactions[topic]?.(payload);
      const answerTopic = answerTopics[topic];
      if (answer && answerTopic) this.client.publish(answerTopic, JSON.stringify(answer), 1, 9);
    }
  }
}
