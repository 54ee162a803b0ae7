import {
  explore,
  RawText,
  secretsOf,
  type WalkCall,
  walkAsStranger,
} from '../../core/testing/tenant-walk.ts';
import { TestBench } from '../simulators/test-bench.ts';
import { endpointName, type Furniture, fittingRequests, furnish, type Make } from './tenant-furniture.ts';

/** Every mode of MQTT is open to plain clients. */
const settings = { connectorPlainOnLoopback: true };
/** Signing oneself out ends a walk. */
const signingOut = '/api/v0/logout';

/** A tenant that has one of each thing, and a stranger beside it, on a real platform with its simulators. */
export class TwoTenants {
  readonly ownersKey = '0123456789abcdef0123456789abcdef';
  strangersKey = '';
  /** Texts that belong to the owner alone. */
  secrets: readonly string[] = [];
  /** What the owner finds at first. */
  world: Awaited<ReturnType<typeof explore>> = { seen: new Map(), texts: new Set(), good: new Map() };
  private test: TestBench;
  private made: Furniture | undefined;
  private readonly dataDir: string | undefined;

  constructor(dataDir?: string) {
    this.dataDir = dataDir;
    this.test = new TestBench({ dataDir, settings });
  }

  async start(): Promise<void> {
    await this.test.bench.start();
    const { body } = await this.test.call('POST', '/bench/v1/tenants', { name: 'stranger' });
    this.strangersKey = body.masterKey;
    this.made = await furnish(this.make);
    await this.registerTwin();
    const { routes, call, fits } = this;
    const mine = await explore(routes, call, this.strangersKey, fits);
    this.world = await explore(routes, call, this.ownersKey, fits);
    this.secrets = secretsOf(this.world, mine.texts, /alpha|A1FA/i);
  }

  /** What the owner's LwM2M device says of itself is kept. */
  private async registerTwin(): Promise<void> {
    const { text } = await this.call('GET', '/api/v0/whoami', this.ownersKey);
    const via = this.platform.inventory.findInterface(JSON.parse(text).content, 'lwm2m', endpointName);
    if (!via) throw new Error(`the owner has no LwM2M device: ${text}`);
    const objects = [{ objectId: 3, instanceIds: [0] }];
    const registration = { lwm2mVersion: '1.1', contentFormats: [], objects } as const;
    await new Promise<void>((resolve, reject) =>
      this.platform.twin.engine.registered(via, registration, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** Ends the platform and starts it again on the same data. */
  async restart(): Promise<void> {
    await this.test.bench.stop();
    this.test = new TestBench({ dataDir: this.dataDir, settings });
    await this.test.bench.start();
  }

  stop(): Promise<void> {
    return this.test.bench.stop();
  }

  get platform() {
    return this.test.bench.platform;
  }

  /** Those that ask for a key. */
  get routes() {
    return this.platform.routes.filter(({ role, url }) => role !== 'public' && url !== signingOut);
  }

  get furniture(): Furniture {
    if (!this.made) throw new Error('nothing is there before start()');
    return this.made;
  }

  get fits() {
    return fittingRequests(this.furniture);
  }

  readonly call: WalkCall = async (method, path, key, body) => {
    const raw = body instanceof RawText ? body : new RawText(JSON.stringify(body), 'application/json');
    const response = await fetch(`${this.platform.endpoints().http}${path}`, {
      method,
      headers: { 'X-API-KEY': key, ...(body === undefined ? {} : { 'content-type': raw.contentType }) },
      ...(body === undefined ? {} : { body: raw.text }),
    });
    return { status: response.status, text: await response.text() };
  };

  /** Calls as the owner. */
  readonly make: Make = async (path, body, method = 'POST') => {
    const { status, text } = await this.call(method, path, this.ownersKey, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  };

  /** Knocks everywhere as the stranger, with what fits the fields of requests by their names. */
  walk(owned: (name: string) => string) {
    const { routes, call, strangersKey, secrets, fits } = this;
    return walkAsStranger({ routes, call, strangersKey, good: this.world.good, secrets, owned, fits });
  }

  /** Paths at which the owner does not find what was there at first. */
  async changedPaths(except: RegExp = changesByItself): Promise<string[]> {
    const { routes, call, fits, world } = this;
    const { seen } = await explore(routes, call, this.ownersKey, fits);
    return [...world.seen]
      .filter(([path]) => !except.test(path))
      .filter(([path, text]) => steady(seen.get(path)) !== steady(text))
      .map(([path, text]) => `${path}: ${steady(text)} became ${steady(seen.get(path))}`);
  }
}

/** Figures of the last seconds, and the time. */
const changesByItself = /metrics|\/activity$|\/clock$/;
/** What ends with the program as well: traces, free ports, and the link to a short message centre. */
export const notKept = /metrics|listeners|traces|\/activity$|\/clock$|\/sms\/centre$/;
const steady = (text = 'gone'): string => text.replace(/"(lastActivity|lastLogin|uptimeMs)":\d+/g, '');
