import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { ReceivedPacket } from '../protocols/semtech-udp/push-data.ts';
import { loraDefinition, loraDeviceId } from './lora-definition.ts';
import { heardAs, TestLoraDevice } from './lora-device.ts';
import { TestGateway } from './lora-gateway.ts';
import { startTestPlatform, type TestPlatform } from './test-platform.ts';
import { until } from './until.ts';

export { loraDefinition, loraDeviceId };
export const loraDeviceUrl = `/api/v1/deviceMgt/devices/${loraDeviceId}`;

/** A platform with a LoRa network, a gateway and a registered device, for the tests of a file. */
export interface LoraBench extends TestPlatform {
  readonly gateway: TestGateway;
  readonly device: TestLoraDevice;
  readonly loraPort: number;
  /** Registers the device of the manual; fields of its definition may be others. */
  register(definition?: Record<string, unknown>): Promise<void>;
  /** A further gateway; it is closed after the test. */
  openGateway(id: string): Promise<TestGateway>;
  /** The gateway hears a frame, and the time for copies passes. */
  hear(frame: Uint8Array, as?: Partial<ReceivedPacket>): Promise<void>;
  /** The device joins. */
  join(): Promise<void>;
  /** The device registers, joins, and has sent a first uplink on port 1. */
  activate(definition?: Record<string, unknown>): Promise<void>;
  /** The interface of the device, as the API shows it. */
  interface(): Promise<any>;
  /** The newest message of the device's stream. */
  messages(): Promise<any[]>;
  /** What was dropped, by the audit log, the newest first. */
  drops(): Promise<string[]>;
  /** Time passes until what is to go out in this window has to go out. */
  lapse(): void;
}

export function loraBench(options: Parameters<typeof startTestPlatform>[0] = {}): LoraBench {
  let started: TestPlatform;
  let gateway: TestGateway;
  let device: TestLoraDevice;
  let port: number;
  const further: TestGateway[] = [];
  beforeAll(async () => {
    const ports = { http: 0, https: undefined, mqtt: 0, mqtts: undefined, lora: 0 };
    started = await startTestPlatform({ ports, ...options });
    port = Number(started.platform.endpoints().lora?.split(':').at(-1));
  });
  afterAll(() => started.stop());
  beforeEach(async () => {
    await started.platform.reset();
    device = new TestLoraDevice();
    gateway = await TestGateway.start(port);
  });
  afterEach(async () => {
    await Promise.all([gateway, ...further.splice(0)].map((each) => each.close()));
  });

  const call: TestPlatform['call'] = (...request) => started.call(...request);
  const own: Partial<LoraBench> = {
    register: async (definition = {}) => {
      const { status, body } = await call('POST', '/api/v1/deviceMgt/devices', {
        id: loraDeviceId,
        interfaces: [{ connector: 'lora', enabled: true, definition: { ...loraDefinition, ...definition } }],
      });
      if (status !== 200) throw new Error(JSON.stringify(body));
    },
    openGateway: async (id) => {
      const opened = await TestGateway.start(port, id);
      further.push(opened);
      return opened;
    },
    hear: async (frame, as) => {
      await gateway.push([heardAs(frame, as)]);
      started.wireClock.advance(200);
    },
    join: async () => {
      await own.hear?.(device.joinRequest());
      const { data } = await gateway.sent();
      device.join(data);
      await until(async () => (await own.interface?.())?.status === 'INITIALIZED');
    },
    activate: async (definition) => {
      await own.register?.(definition);
      await own.join?.();
      await own.hear?.(device.uplink({ port: 1, payload: '00' }));
      await until(async () => (await own.messages?.())?.length === 1);
      // Asked for its battery.
      own.lapse?.();
      await gateway.sent();
      await until(async () => (await own.interface?.())?.activity.lastDlFcnt === 0);
    },
    interface: async () => (await call('GET', `${loraDeviceUrl}/interfaces`)).body[0],
    messages: async () => (await call('GET', `/api/v0/data/streams/${loraDeviceId}`)).body,
    drops: async () => {
      const { body } = await call('GET', '/api/v0/auditlog/messages');
      return body
        .filter(({ description }: { description: string }) => description === 'Frame dropped')
        .map(({ content }: { content: { reason: string } }) => content.reason);
    },
    lapse: () => started.wireClock.advance(500),
  };
  return new Proxy(own as LoraBench, {
    get: (_target, name) => {
      if (name === 'gateway') return gateway;
      if (name === 'device') return device;
      if (name === 'loraPort') return port;
      return Reflect.has(own, name) ? Reflect.get(own, name) : Reflect.get(started, name);
    },
  });
}
