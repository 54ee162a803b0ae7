import { pskKeyOf } from '../core/connectors/lwm2m/psk-key.ts';
import { codes } from '../core/protocols/coap/codes.ts';
import type { Answer } from '../core/protocols/coap/request-server.ts';
import { contentFormatNumbers } from '../core/protocols/lwm2m/content-format.ts';
import { TestLwm2mDevice } from '../core/testing/lwm2m-device.ts';
import type { Platform } from './platform.ts';

export const meterId = 'urn:lo:nsid:lwm2m:meter-1';
const endpointName = 'meter-1';
const secret = 'the key of meter-1';

type Value = { readonly n: string } & Record<string, unknown>;

const senml = (path: string, values: readonly Value[]): Answer => ({
  code: codes.content,
  contentFormat: contentFormatNumbers.SENML_JSON,
  payload: Buffer.from(JSON.stringify(values.map(({ n, ...value }) => ({ n: `${path}/${n}`, ...value })))),
});

/** A meter of LwM2M 1.1 over DTLS: it has a temperature, a clock, and an object that nobody knows. */
export class Meter {
  readonly device: TestLwm2mDevice;
  private temperature = 21.5;
  private zone = 'Europe/Paris';

  private constructor(device: TestLwm2mDevice) {
    this.device = device;
    const { script } = device;
    script['GET /3/0'] = () =>
      senml('/3/0', [
        { n: '0', vs: 'Meters & Sons' },
        { n: '1', vs: 'M-100' },
        { n: '9', v: 87 },
        { n: '13', v: 1_893_456_000 },
        { n: '15', vs: this.zone },
        { n: '6/0', v: 1 },
        { n: '6/1', v: 5 },
      ]);
    script['GET /3303/0'] = () =>
      senml('/3303/0', [
        { n: '5700', v: this.temperature },
        { n: '5701', vs: 'Cel' },
      ]);
    script['GET /3/0/15'] = () => ({
      code: codes.content,
      contentFormat: 0,
      payload: Buffer.from(this.zone),
    });
    script['GET /3303/0/5700'] = { code: codes.content, contentFormat: 0, payload: Buffer.from('21.5') };
    script['PUT /3/0/15'] = ({ payload }) => {
      this.zone = Buffer.from(payload).toString();
      return { code: codes.changed };
    };
    script['POST /3/0/4'] = { code: codes.changed };
  }

  /** Makes the device at the platform, and registers. @param more objects, as `</6/0>` */
  static async start(platform: Platform, more = ''): Promise<Meter> {
    const security = { mode: 'PSK', pskInfo: { identity: endpointName, secret } };
    await platform.api('POST', '/api/v1/deviceMgt/devices', {
      ...{ id: meterId, name: 'Meter 1' },
      interfaces: [{ connector: 'lwm2m', enabled: true, definition: { endpointName, security } }],
    });
    const { coaps = '' } = await platform.api<{ coaps?: string }>('GET', '/bench/v1/endpoints');
    const port = Number(new URL(coaps).port);
    const device = await TestLwm2mDevice.connect({ port, identity: endpointName, key: pskKeyOf(secret) });
    await device.register(
      [`ep=${endpointName}`, 'lt=300', 'lwm2m=1.1'],
      `</>;rt="oma.lwm2m";ct="110 112",</1/0>,</3/0>,</3303/0>,</33333/0>${more}`,
    );
    return new Meter(device);
  }

  /** Its temperature is another from now on, and it tells so. */
  async notify(temperature: number): Promise<void> {
    this.temperature = temperature;
    const [observer] = this.device.observers;
    if (!observer) throw new Error('the meter is not observed');
    await observer.notify({
      code: codes.content,
      contentFormat: 0,
      payload: Buffer.from(String(temperature)),
    });
  }

  close(): Promise<void> {
    return this.device.close();
  }
}
