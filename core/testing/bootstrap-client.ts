import { codes, methods, methodText } from '../protocols/coap/codes.ts';
import type { CoapRequest, CoapResponse } from '../protocols/coap/request.ts';
import type { Answer } from '../protocols/coap/request-server.ts';
import type { CoapsClient } from '../protocols/coaps/coaps-client.ts';
import { decodeContent, type ValueFormat } from '../protocols/lwm2m/codec.ts';
import type { FindResource } from '../protocols/lwm2m/content.ts';
import { contentFormatNumbers, contentFormatOf } from '../protocols/lwm2m/content-format.ts';
import { formatDiscoverLinks } from '../protocols/lwm2m/object-links.ts';
import { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import { valueToJson } from '../protocols/lwm2m/value.ts';
import { type Credentials, connectCoaps } from './coaps-connection.ts';

/** Types of what a bootstrap writes, for formats that do not say them. */
const types: Readonly<Record<string, string>> = {
  '0/0': 'STRING',
  '0/1': 'BOOLEAN',
  '0/2': 'INTEGER',
  '0/3': 'OPAQUE',
  '0/4': 'OPAQUE',
  '0/5': 'OPAQUE',
  '0/6': 'INTEGER',
  '0/9': 'STRING',
  '0/10': 'INTEGER',
  '0/11': 'INTEGER',
  '0/12': 'INTEGER',
  '0/13': 'UNSIGNED_INTEGER',
  '0/14': 'STRING',
  '0/15': 'UNSIGNED_INTEGER',
  '0/16': 'UNSIGNED_INTEGER',
  '1/0': 'INTEGER',
  '1/1': 'INTEGER',
  '1/2': 'INTEGER',
  '1/3': 'INTEGER',
  '1/5': 'INTEGER',
  '1/6': 'BOOLEAN',
  '1/7': 'STRING',
  '1/10': 'OBJLNK',
  '1/13': 'UNSIGNED_INTEGER',
  '1/14': 'UNSIGNED_INTEGER',
  '1/15': 'BOOLEAN',
  '1/16': 'BOOLEAN',
  '1/17': 'UNSIGNED_INTEGER',
  '1/18': 'UNSIGNED_INTEGER',
  '1/19': 'UNSIGNED_INTEGER',
  '1/20': 'UNSIGNED_INTEGER',
  '1/21': 'BOOLEAN',
  '1/22': 'STRING',
  '1/23': 'BOOLEAN',
};

const findResource: FindResource = (object, resource) => {
  const type = types[`${object}/${resource}`];
  return type === undefined
    ? undefined
    : { type: type as never, multiple: `${object}/${resource}` === '0/16' };
};

export interface BootstrapClientOptions extends Credentials {
  /** Where it keeps its bootstrap server; 0 when not given. */
  readonly bootstrapInstance?: number;
  /** Answers in its place, to requests as `PUT /0/1`. */
  readonly answers?: Readonly<Record<string, Answer | (() => Answer | Promise<Answer>)>>;
  /** Formats it takes; all when not given. */
  readonly formats?: readonly ValueFormat[];
}

/** An LwM2M client that bootstraps: real UDP, DTLS and CoAP, with the objects Security and Server. */
export class BootstrapClient {
  /** What it was asked, in order: `PUT /0/1 TLV`. */
  readonly asked: string[] = [];
  /** Values by path, by resource as JSON: `/0/1` -> `{ '0': 'coaps://…' }`. */
  readonly objects = new Map<string, Record<string, unknown>>();
  private readonly options: BootstrapClientOptions;
  private client!: CoapsClient;

  private constructor(options: BootstrapClientOptions) {
    this.options = options;
    this.objects.set(`/0/${options.bootstrapInstance ?? 0}`, { bootstrapServer: true });
  }

  /** @throws DtlsError when the server does not let it in */
  static async connect(options: BootstrapClientOptions): Promise<BootstrapClient> {
    const made = new BootstrapClient(options);
    made.client = await connectCoaps(options, (request) => made.handle(request));
    return made;
  }

  /** Bootstrap-Request. */
  request(...query: readonly string[]): Promise<CoapResponse> {
    return this.client.request({ method: methods.POST, path: '/bs', query });
  }

  send(method: number, path: string): Promise<CoapResponse> {
    return this.client.request({ method, path });
  }

  /** Paths that hold something. */
  get instances(): string[] {
    return [...this.objects.keys()].sort();
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private handle(request: CoapRequest): Answer | Promise<Answer> {
    const path = `/${request.path.join('/')}`;
    const name = `${methodText(request.method)} ${path}`;
    const format = request.contentFormat === undefined ? undefined : contentFormatOf(request.contentFormat);
    this.asked.push(format === undefined ? name : `${name} ${format}`);
    const own = this.options.answers?.[name];
    if (own) return typeof own === 'function' ? own() : own;
    switch (request.method) {
      case methods.GET:
        return { code: codes.content, contentFormat: contentFormatNumbers.LINK, payload: this.links() };
      case methods.DELETE:
        return this.delete(path);
      case methods.PUT:
        return this.write(path, format as ValueFormat, request.payload);
      default:
        return { code: codes.changed };
    }
  }

  private links(): Uint8Array {
    const bootstrap = this.options.bootstrapInstance ?? 0;
    const lines = [...this.objects].map(([path, values]) => {
      const isBootstrap = path === `/0/${bootstrap}`;
      const of = Lwm2mPath.parse(path);
      const ssid = values[of.objectId === 0 ? '10' : '0'];
      return {
        ...{ path: of, attributes: {} },
        ...(!isBootstrap && ssid !== undefined && { shortServerId: Number(ssid) }),
      };
    });
    const root = { path: Lwm2mPath.root, attributes: {}, enablerVersion: '1.1' };
    return Buffer.from(formatDiscoverLinks([root, ...lines]));
  }

  private delete(path: string): Answer {
    if (path === '/21') return { code: codes.notFound };
    for (const [at, values] of this.objects) {
      if (at.startsWith(`${path}/`) && !values.bootstrapServer) this.objects.delete(at);
    }
    return { code: codes.deleted };
  }

  private write(path: string, format: ValueFormat, payload: Uint8Array): Answer {
    if (this.options.formats && !this.options.formats.includes(format)) {
      return { code: codes.unsupportedContentFormat };
    }
    const at = Lwm2mPath.parse(path);
    const { records } = decodeContent(format, payload, { path: at, findResource, nowMs: 0 });
    const values: Record<string, unknown> = {};
    for (const { path: of, value } of records) {
      const shown = value.type === 'OPAQUE' ? Buffer.from(value.value).toString('hex') : valueToJson(value);
      values[of.ids.slice(2).join('/')] = shown;
    }
    this.objects.set(path, values);
    return { code: codes.changed };
  }
}
