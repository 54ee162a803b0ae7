import { codes } from '../protocols/coap/codes.ts';
import type { LoggedMessage } from '../protocols/coap/context.ts';
import type { CoapRequest } from '../protocols/coap/request.ts';
import type { Answer } from '../protocols/coap/request-server.ts';
import { contentFormatNumbers } from '../protocols/lwm2m/content-format.ts';
import { TestLwm2mDevice } from './lwm2m-device.ts';
import { until } from './until.ts';

const [idle, downloading, downloaded, updating] = [0, 1, 2, 3];

/** Object 5 of a test device (LwM2M Core 1.1.1, E.6), over whichever session the device has now. */
export class TestFirmware {
  state = idle as number;
  result = 0;
  /** /3/0/3; undefined: the device has no such resource. */
  version: string | undefined = '1.0';
  /** /5/0/7 while there is a package. */
  packageVersion: string | undefined;
  /** /5/0/8. */
  protocols: readonly number[] | undefined;
  /** /5/0/9: 0 pull, 1 push, 2 both. */
  delivery = 1;
  /** The package as it came. */
  image: Uint8Array | undefined;
  /** Where it was told to fetch it. */
  uri = '';
  /** What it was told, in order. */
  readonly told: string[] = [];
  /** It has got a package; the state is downloaded. */
  onPackage: () => void = () => {};
  /** The package has come; the state is what it was. */
  onReceiving: () => void = () => {};
  /** It was told to fetch a package; the state is downloading. */
  onUri: (uri: string) => void = () => {};
  /** It was told to install; what it answers. */
  onUpdate: () => Answer = () => ({ code: codes.changed });
  /** What it answers to a package in place of taking it. */
  packageRefusal: Answer | undefined;
  private device: TestLwm2mDevice | undefined;

  /** Answers by this device from now on. */
  attach(device: TestLwm2mDevice): void {
    this.device = device;
    const { script } = device;
    script['GET /5/0'] = () => this.instance();
    script['GET /5/0/3'] = () => ({
      ...text(String(this.state)),
      observed: { opened: (observer) => void device.observers.push(observer), closed: () => {} },
    });
    script['GET /3/0/3'] = () => (this.version === undefined ? { code: codes.notFound } : text(this.version));
    script['PUT /5/0/0'] = (request) => this.takePackage(request);
    script['PUT /5/0/1'] = (request) => this.takeUri(request);
    script['POST /5/0/2'] = () => {
      this.told.push('update');
      return this.onUpdate();
    };
  }

  /** Changes its state, and notifies that. */
  become(state: number, result = this.result): void {
    this.state = state;
    this.result = result;
    for (const observer of this.device?.observers ?? []) void observer.notify(text(String(state)));
  }

  /** Has fetched its package. */
  fetched(image: Uint8Array): void {
    this.image = image;
    this.become(downloaded);
  }

  /** Installs what it has, as a device that restarts: its session is gone, and the state is idle when it is back. */
  install(version: string, result = 1): void {
    this.version = version;
    this.state = idle;
    this.result = result;
  }

  private instance(): Answer {
    const values: { n: string; v?: number; vs?: string }[] = [
      { n: '1', vs: this.uri },
      { n: '3', v: this.state },
      { n: '5', v: this.result },
      { n: '9', v: this.delivery },
    ];
    if (this.packageVersion !== undefined) values.push({ n: '7', vs: this.packageVersion });
    for (const [index, v] of (this.protocols ?? []).entries()) values.push({ n: `8/${index}`, v });
    const payload = Buffer.from(JSON.stringify([{ bn: '/5/0/', ...values[0] }, ...values.slice(1)]));
    return { code: codes.content, contentFormat: contentFormatNumbers.SENML_JSON, payload };
  }

  private takePackage({ payload }: CoapRequest): Answer {
    if (payload.length === 1 && payload[0] === 0) return this.reset('reset by /5/0/0');
    this.told.push('package');
    this.onReceiving();
    if (this.packageRefusal) return this.packageRefusal;
    this.image = payload;
    this.result = 0;
    this.become(downloaded);
    this.onPackage();
    return { code: codes.changed };
  }

  private takeUri({ payload }: CoapRequest): Answer {
    this.uri = Buffer.from(payload).toString();
    if (this.uri === '') return this.reset('reset by /5/0/1');
    this.told.push('uri');
    this.result = 0;
    this.become(downloading);
    this.onUri(this.uri);
    return { code: codes.changed };
  }

  private reset(what: string): Answer {
    this.told.push(what);
    if (this.state === updating) return { code: codes.methodNotAllowed };
    this.image = undefined;
    this.packageVersion = undefined;
    this.become(idle, 0);
    return { code: codes.changed };
  }
}

function text(value: string): Answer {
  return { code: codes.content, contentFormat: contentFormatNumbers.TEXT, payload: Buffer.from(value) };
}

/** The platform that a device is of: in this process, or in one of its own. */
export interface FirmwarePlatform {
  call(method: string, path: string, body?: unknown): Promise<{ readonly body: any }>;
  readonly platform: { endpoints(): { readonly coaps?: string | undefined } };
}

/** A device with object 5, its interface at a platform, and the updates that it is asked for. */
export class FirmwareClient {
  readonly deviceId: string;
  /** Of its resources in the API. */
  readonly path: string;
  readonly firmware: TestFirmware;
  /** Its session now. */
  client!: TestLwm2mDevice;
  location = '';
  /** Told of each message of CoAP of its sessions. */
  onMessage: (message: LoggedMessage) => void = () => {};
  private readonly bench: () => FirmwarePlatform;
  private readonly name: string;
  private readonly query: readonly string[];
  private readonly open = new Set<TestLwm2mDevice>();

  /** @param bench the platform, which may be another one after a restart @param query of its registrations */
  constructor(
    bench: () => FirmwarePlatform,
    name: string,
    firmware = new TestFirmware(),
    query: readonly string[] = [],
  ) {
    this.bench = bench;
    this.name = name;
    this.firmware = firmware;
    this.query = query;
    this.deviceId = `urn:lo:nsid:lwm2m:${name}`;
    this.path = `/api/v1/deviceMgt/devices/${this.deviceId}/resources`;
  }

  /** Makes the device of the platform. */
  async create(): Promise<void> {
    const security = { mode: 'PSK', pskInfo: { identity: this.name, secret: '00ff' } };
    const definition = { endpointName: this.name, security };
    await this.bench().call('POST', '/api/v1/deviceMgt/devices', {
      id: this.deviceId,
      interfaces: [{ connector: 'lwm2m', enabled: true, definition }],
    });
  }

  /** Another session, over which it answers from now on. */
  async connect(): Promise<TestLwm2mDevice> {
    const port = Number(new URL(this.bench().platform.endpoints().coaps ?? '').port);
    const key = Uint8Array.of(0, 0xff);
    const device = await TestLwm2mDevice.connect({
      ...{ port, identity: this.name, key, log: (message) => this.onMessage(message) },
    });
    this.open.add(device);
    this.firmware.attach(device);
    return device;
  }

  /** Over a new session when it has none. */
  async register(): Promise<void> {
    if (!this.client || !this.open.has(this.client)) this.client = await this.connect();
    const objects = '</>;rt="oma.lwm2m";ct="110",</1/0>,</3/0>,</5/0>';
    const query = [`ep=${this.name}`, 'lwm2m=1.1', ...this.query];
    const answer = await this.client.register(query, objects);
    this.location = `/${answer.locationPath.join('/')}`;
  }

  /** Its session is gone without a word. */
  async vanish(): Promise<void> {
    this.open.delete(this.client);
    await this.client.vanish();
  }

  /** It vanishes, and registers anew. */
  async restart(): Promise<void> {
    await this.vanish();
    await this.register();
  }

  async ask(requestedVersion = '2', more: object = {}): Promise<any> {
    const body = { requestedVersion, ...more };
    return (await this.bench().call('POST', `${this.path}/fw/updates`, body)).body;
  }

  async latest(): Promise<any> {
    return (await this.bench().call('GET', `${this.path}/fw/updates/latest`)).body;
  }

  /** Waits until the latest update is so. */
  async has(part: object): Promise<any> {
    let update: any;
    await until(async () => {
      update = await this.latest();
      return Object.entries(part).every(([name, value]) => update[name] === value);
    });
    return update;
  }

  /** How often it was told so. */
  times(what: string): number {
    return this.firmware.told.filter((each) => each === what).length;
  }

  async close(): Promise<void> {
    await Promise.all([...this.open].map((device) => device.close()));
    this.open.clear();
  }
}
