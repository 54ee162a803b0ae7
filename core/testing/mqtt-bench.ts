import { afterAll, beforeAll, beforeEach } from 'vitest';
import { RawMqttClient } from './raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from './test-platform.ts';

/** A platform with MQTT devices, for the tests of a file. */
export interface MqttBench extends TestPlatform {
  /** Connects a device, whether it is taken or not. */
  open(clientId: string): Promise<{ client: RawMqttClient; code: number }>;
  /** Connects a device. Rejects when it is refused. */
  connect(clientId: string): Promise<RawMqttClient>;
  /** What came to a device on this topic, the next of all that came; acknowledged unless `acknowledge` is false. */
  next(client: RawMqttClient, topic: string, acknowledge?: boolean): Promise<any>;
  /** The audit log, newest first. */
  audit(): Promise<any>;
}

/** Starts before the first test of the file, holds nothing before each, and stops after the last. */
export function mqttBench(options: Parameters<typeof startTestPlatform>[0] = {}): MqttBench {
  let started: TestPlatform;
  let password: string;
  beforeAll(async () => {
    started = await startTestPlatform(options);
    password = await started.key(['DEVICE_ACCESS']);
  });
  afterAll(() => started.stop());
  beforeEach(() => started.platform.reset());

  const open: MqttBench['open'] = (clientId) =>
    RawMqttClient.connect(started.mqttPort, { clientId, username: 'json+device', password });
  const ofDevices: Omit<MqttBench, keyof TestPlatform> = {
    open,
    connect: async (clientId) => {
      const { client, code } = await open(clientId);
      if (code !== 0) throw new Error(`the device was refused with code ${code}`);
      return client;
    },
    next: async (client, topic, acknowledge = true) => {
      const { messageId = 0, qos, ...packet } = await client.next('publish');
      if (packet.topic !== topic) throw new Error(`a publication to ${packet.topic} came`);
      if (acknowledge && qos > 0) client.send({ cmd: 'puback', messageId });
      return JSON.parse(String(packet.payload));
    },
    audit: async () => (await started.call('GET', '/api/v0/auditlog/messages')).body,
  };
  // There is no platform yet when a test file takes this.
  return new Proxy(ofDevices as MqttBench, {
    get: (own, name) => Reflect.get(Reflect.has(own, name) ? own : started, name),
  });
}
