import type { PlatformOptions } from '../platform.ts';
import { startTestPlatform, type TestPlatform } from './test-platform.ts';
import { until } from './until.ts';

/** The platform with its LwM2M and bootstrap servers, and the questions that tests with a device ask of it. */
export class Lwm2mBench {
  readonly platform: TestPlatform;

  private constructor(platform: TestPlatform) {
    this.platform = platform;
  }

  static async start(options: Partial<Omit<PlatformOptions, 'seams'>> = {}): Promise<Lwm2mBench> {
    const ports = { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0, bs: 0 };
    return new Lwm2mBench(await startTestPlatform({ ports, ...options }));
  }

  stop(): Promise<void> {
    return this.platform.stop();
  }

  url(name: 'coaps' | 'bs'): string {
    return this.platform.platform.endpoints()[name] ?? '';
  }

  async get(url: string): Promise<any> {
    return (await this.platform.call('GET', url)).body;
  }

  device(deviceId: string): Promise<any> {
    return this.get(`/api/v1/deviceMgt/devices/${deviceId}`);
  }

  async status(deviceId: string): Promise<string> {
    return (await this.device(deviceId)).interfaces[0].status;
  }

  /** Asks something of a device. @returns the operation when it has ended */
  async operate(deviceId: string, body: object): Promise<any> {
    const url = `/api/v1/deviceMgt/devices/${deviceId}/twin/operations`;
    const made = await this.platform.call('POST', url, body);
    if (made.status !== 201) throw new Error(`the operation was not made: ${JSON.stringify(made.body)}`);
    return this.ended(deviceId, made.body.id);
  }

  async ended(deviceId: string, id: string): Promise<any> {
    let operation: any;
    await until(async () => {
      operation = await this.get(`/api/v1/deviceMgt/devices/${deviceId}/twin/operations/${id}`);
      return !['PENDING', 'SENT', 'RETRYING'].includes(operation.status);
    });
    return operation;
  }

  /** Observes, and resolves when the device does. */
  async observe(deviceId: string, ...paths: string[]): Promise<string> {
    const url = `/api/v1/deviceMgt/devices/${deviceId}/twin/observations`;
    const { body } = await this.platform.call('POST', url, { paths, name: paths.join(' ') });
    await until(async () => (await this.get(`${url}/${body.id}`)).status === 'OBSERVING');
    return body.id;
  }

  /** The last value that the device has said; undefined when there is none. */
  async reported(deviceId: string, path: string): Promise<string | undefined> {
    const [, objectId, instanceId] = path.split('/');
    const url = `/api/v1/deviceMgt/devices/${deviceId}/twin/objects/${objectId}/${instanceId}`;
    const instance = await this.get(url);
    const values = (instance.attributes ?? []).flatMap(({ path: at, content, contents }: any) =>
      content ? [{ ...content, path: at }] : (contents ?? []),
    );
    return values.find((each: { path: string }) => each.path === path)?.reportedValue;
  }
}
