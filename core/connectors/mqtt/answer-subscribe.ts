import { generate, type ISubscribePacket } from 'mqtt-packet';
import { type MqttSession, subscriptionRefused } from './mode.ts';

/** Hears of each topic, and whether it was refused. */
export type SubscriptionEar = (topic: string, qos: 0 | 1 | 2, wasRefused: boolean) => void;

/** Subscribes and gives the SUBACK. */
export function answerSubscribe(
  { subscriptions, messageId = 0 }: ISubscribePacket,
  session: MqttSession,
  protocolVersion: 3 | 4,
  told: SubscriptionEar,
): Buffer {
  const granted = subscriptions.map(({ topic, qos }) => {
    const answer = session.subscribe(topic, qos);
    told(topic, qos, answer === subscriptionRefused);
    // MQTT 3.1 has no code for a refusal (manual 6.1.3).
    return answer === subscriptionRefused && protocolVersion === 3 ? qos : answer;
  });
  return generate({ cmd: 'suback', messageId, granted });
}
