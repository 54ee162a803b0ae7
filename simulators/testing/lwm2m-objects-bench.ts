import { type Lwm2mFleetInput, lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import { VirtualClock } from '../../core/platform/virtual-clock.ts';
import { codeText, methods } from '../../core/protocols/coap/codes.ts';
import type { Observer } from '../../core/protocols/coap/observers.ts';
import { CoapRequest, requestOptions } from '../../core/protocols/coap/request.ts';
import type { Answer } from '../../core/protocols/coap/request-server.ts';
import type { ObjectModels } from '../../core/protocols/lwm2m/models/object-models.ts';
import { Schedule } from '../fleet/schedule.ts';
import { AttributeStore } from '../lwm2m/attribute-store.ts';
import { type BuiltObjects, buildObjects } from '../lwm2m/build-objects.ts';
import type { DeviceObjects } from '../lwm2m/device-objects.ts';
import { Notifier } from '../lwm2m/notifier.ts';
import { ObjectOperations } from '../lwm2m/object-operations.ts';
import type { DeviceHost } from '../lwm2m/objects/device-host.ts';
import { numberOf } from '../lwm2m/resource-value.ts';
import { ServerRequests } from '../lwm2m/server-requests.ts';

export interface Asked {
  readonly query?: string[];
  readonly accept?: number;
  readonly contentFormat?: number;
  readonly payload?: string | Uint8Array;
  readonly observe?: boolean;
}

const account = {
  ...{ uri: 'coaps://h', isBootstrap: false, identity: 'i', secret: 'aa', lifetimeS: 300, binding: 'U' },
};

/** The objects of a simulated device, and the server with the short id 1 that asks for them, without a network. */
export class Lwm2mObjectsBench {
  readonly clock = new VirtualClock();
  readonly built: BuiltObjects;
  readonly requests: ServerRequests;
  /** Payloads of notifications. */
  readonly notified: string[] = [];
  /** Paths that were to be measured anew. */
  readonly measured: string[] = [];
  /** What requests were to bring about. */
  readonly effects: string[] = [];
  /** URIs that were to be fetched. */
  readonly fetched: string[] = [];
  traffic = { sentBytes: 0, receivedBytes: 0, messages: 0, largestBytes: 0 };
  /** What a download brings. */
  download: DeviceHost['download'] = () => Promise.reject(new Error('none'));
  isAwake = true;
  private readonly notifier: Notifier;

  constructor(models: ObjectModels, given: Partial<Lwm2mFleetInput> = {}) {
    const { clock } = this;
    const template = lwm2mFleetTemplate.parse({
      ...{ name: 'f', connector: 'lwm2m', objects: [{ id: 3303 }] },
      ...given,
    });
    const { version, firmware } = template;
    const host: DeviceHost = {
      ...{ endpointName: 'e', number: 1, version, firmware },
      now: () => clock.now(),
      after: (name, delayMs, run) => clock.after(name, delayMs, run),
      bringAbout: ({ kind }) => void this.effects.push(kind),
      download: (uri, mostBytes, signal) => {
        this.fetched.push(uri);
        return this.download(uri, mostBytes, signal);
      },
      traffic: () => this.traffic,
      clearTraffic: () => {
        this.traffic = { sentBytes: 0, receivedBytes: 0, messages: 0, largestBytes: 0 };
      },
      address: () => undefined,
    };
    this.built = buildObjects(template, models, host, account, () => {});
    const { objects } = this;
    const attributes = new AttributeStore();
    this.notifier = new Notifier({
      schedule: new Schedule(clock, 'test'),
      attributesOf: (path) => attributes.effective(path),
      numberAt: ({ ids }) => numberOf(objects.valueAt(ids[0] ?? 0, ids[1] ?? 0, ids[2] ?? 0)),
      measure: (path) => void this.measured.push(`${path}`),
      keepsNotifications: () => true,
      confirmable: true,
      isAwake: () => this.isAwake,
      unreachable: () => {},
    });
    objects.listener = {
      changed: (path) => this.notifier.changed(path),
      restructured: () => this.notifier.restructured(),
    };
    this.requests = new ServerRequests({
      ...{ operations: new ObjectOperations(objects), attributes, notifier: this.notifier, version },
      asker: () => ({ shortServerId: 1 }),
      now: () => clock.now(),
    });
  }

  get objects(): DeviceObjects {
    return this.built.objects;
  }

  wake(): void {
    this.isAwake = true;
    this.notifier.awake(true);
  }

  ask(method: keyof typeof methods, path: string, asked: Asked = {}): Answer & { readonly said: string } {
    const payload = Buffer.from(asked.payload ?? '');
    const options = requestOptions({ method: methods[method], path, ...asked, payload, options: [] });
    if (asked.observe) options.push({ number: 6, value: new Uint8Array() });
    const message = {
      ...({ type: 0, messageId: 1, token: Buffer.of(1) } as const),
      ...{ code: methods[method], options, payload },
    };
    const answer = this.requests.handle(new CoapRequest(message, payload, 'peer'));
    const text = Buffer.from((answer.payload as Uint8Array) ?? []);
    return { ...answer, said: `${codeText(answer.code)} ${text}`.trim() };
  }

  /** The code and the payload of an answer: `2.05 Fleetbench`. */
  said(...given: Parameters<Lwm2mObjectsBench['ask']>): string {
    return this.ask(...given).said;
  }

  /** Observes a path; what is notified is in `notified`. */
  observe(path: string): void {
    const { observed } = this.ask('GET', path, { observe: true });
    const observer = {
      notify: async (draft: { payload: Uint8Array }) => this.notified.push(`${Buffer.from(draft.payload)}`),
    };
    observed?.opened(observer as unknown as Observer);
  }
}
