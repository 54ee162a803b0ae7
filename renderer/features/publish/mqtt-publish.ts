import { platformOrigin } from '../../api/client.ts';

const connectTimeoutMs = 10_000;

export interface DevicePublication {
  readonly clientId: string;
  /** API key with the role DEVICE_ACCESS. */
  readonly key: string;
  readonly topic: string;
  readonly payload: string;
}

/**
 * Connects as the device, publishes once with QoS 1, waits for the acknowledgement, and disconnects: what any MQTT
 * client would do, over WebSocket. A session that the device has open ends by it.
 * @throws Error when the platform refuses the connection, or does not acknowledge
 */
export async function publishAsDevice({ clientId, key, topic, payload }: DevicePublication): Promise<void> {
  const { default: mqtt } = await import('mqtt');
  const client = await mqtt.connectAsync(
    `${platformOrigin().replace(/^http/, 'ws')}/mqtt`,
    {
      clientId,
      username: 'json+device',
      password: key,
      protocolVersion: 4,
      reconnectPeriod: 0,
      connectTimeout: connectTimeoutMs,
      // The timers of a worker are for pages in the background; this one is looked at.
      timerVariant: 'native',
    },
    // A client that is refused does not try again.
    false,
  );
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('close', () =>
        reject(new Error('The platform ended the connection without an acknowledgement.')),
      );
      client.publishAsync(topic, payload, { qos: 1 }).then(() => resolve(), reject);
    });
  } finally {
    await client.endAsync();
  }
}
