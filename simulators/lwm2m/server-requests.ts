import { codes, methods } from '../../core/protocols/coap/codes.ts';
import type { CoapRequest } from '../../core/protocols/coap/request.ts';
import type { Answer } from '../../core/protocols/coap/request-server.ts';
import { parseAttributeQueries } from '../../core/protocols/lwm2m/attributes.ts';
import { decodeContent, type ValueFormat } from '../../core/protocols/lwm2m/codec.ts';
import { Lwm2mCodecError } from '../../core/protocols/lwm2m/codec-error.ts';
import type { Content } from '../../core/protocols/lwm2m/content.ts';
import { contentFormatNumbers } from '../../core/protocols/lwm2m/content-format.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import { decodePaths } from '../../core/protocols/lwm2m/senml-content.ts';
import type { Asker } from './access.ts';
import {
  contentAnswer,
  formatOfAnswer,
  formatOfRequest,
  formatsOf,
  type Lwm2mVersion,
} from './answer-formats.ts';
import type { AttributeStore } from './attribute-store.ts';
import { discover } from './discover.ts';
import type { Notifier } from './notifier.ts';
import type { ObjectOperations } from './object-operations.ts';
import { Refusal } from './refusal.ts';

export interface ServerRequestParts {
  readonly operations: ObjectOperations;
  readonly attributes: AttributeStore;
  readonly notifier: Notifier;
  readonly version: Lwm2mVersion;
  /** The server that the session is with. */
  readonly asker: () => Asker;
  readonly now: () => number;
}

/** Answers what a server asks of a device that is registered (LwM2M Core 1.1.1, 6.3 and 6.4). */
export class ServerRequests {
  private readonly parts: ServerRequestParts;
  private readonly formats: readonly ValueFormat[];

  constructor(parts: ServerRequestParts) {
    this.parts = parts;
    this.formats = formatsOf[parts.version];
  }

  handle(request: CoapRequest): Answer {
    return refusable(() => this.answer(request));
  }

  private answer(request: CoapRequest): Answer {
    const path = pathOf(request);
    switch (request.method) {
      case methods.GET:
        return this.get(request, path);
      case methods.PUT:
        return this.put(request, path);
      case methods.POST:
        return this.post(request, path);
      case methods.DELETE:
        this.parts.operations.delete(path, this.parts.asker());
        return { code: codes.deleted };
      case methods.FETCH:
        return this.fetch(request, path);
      case methods.iPATCH:
        return this.patch(request, path);
      default:
        throw new Refusal(codes.methodNotAllowed, 'LwM2M has no such operation');
    }
  }

  private get(request: CoapRequest, path: Lwm2mPath): Answer {
    const { operations, attributes } = this.parts;
    if (path.kind === 'root') throw new Refusal(codes.methodNotAllowed, 'the root is read with FETCH');
    if (request.accept === contentFormatNumbers.LINK) {
      const payload = Buffer.from(discover(operations.objects, attributes, path));
      return { code: codes.content, contentFormat: contentFormatNumbers.LINK, payload };
    }
    return this.readAnswer(request, path, [path]);
  }

  private put(request: CoapRequest, path: Lwm2mPath): Answer {
    const { operations, attributes, asker, notifier } = this.parts;
    const { objects } = operations;
    if (path.kind === 'root')
      throw new Refusal(codes.methodNotAllowed, 'nothing is written to the root with PUT');
    if (request.payload.length === 0 && request.contentFormat === undefined && request.query.length > 0) {
      const [objectId = 0, instanceId, resourceId] = path.ids;
      const object = objects.object(objectId);
      if (instanceId !== undefined) objects.instance(objectId, instanceId);
      const type = resourceId === undefined ? undefined : objects.resourceModel(object, resourceId).type;
      attributes.change(path, parseAttributeQueries(request.query), type);
      notifier.attributesChanged(path);
      return { code: codes.changed };
    }
    if (path.kind === 'object')
      throw new Refusal(codes.methodNotAllowed, 'an object is not written as a whole');
    operations.write(path, 'replace', this.read(request, path), asker());
    return { code: codes.changed };
  }

  private post(request: CoapRequest, path: Lwm2mPath): Answer {
    const { operations, asker } = this.parts;
    switch (path.kind) {
      case 'object': {
        const made = operations.create(path.objectId ?? 0, this.readNew(request, path), asker());
        return { code: codes.created, locationPath: made.ids.map(String) };
      }
      case 'instance':
        operations.write(path, 'update', this.read(request, path), asker());
        return { code: codes.changed };
      case 'resource':
        operations.execute(path, Buffer.from(request.payload).toString('utf8'), asker());
        return { code: codes.changed };
      default:
        throw new Refusal(codes.methodNotAllowed, `nothing is posted to ${path}`);
    }
  }

  private fetch(request: CoapRequest, path: Lwm2mPath): Answer {
    this.checkComposite(path);
    const format = formatOfRequest(request.contentFormat, this.formats);
    if (format !== 'SENML_JSON' && format !== 'SENML_CBOR')
      throw new Refusal(codes.unsupportedContentFormat, 'paths are named in SenML');
    return this.readAnswer(request, path, decodePaths(request.payload, format));
  }

  private patch(request: CoapRequest, path: Lwm2mPath): Answer {
    this.checkComposite(path);
    const { operations, asker } = this.parts;
    operations.write(path, 'update', this.read(request, path), asker());
    return { code: codes.changed };
  }

  private checkComposite(path: Lwm2mPath): void {
    if (this.parts.version === '1.0')
      throw new Refusal(codes.methodNotAllowed, 'composite operations came with LwM2M 1.1');
    if (path.kind !== 'root')
      throw new Refusal(codes.methodNotAllowed, 'composite operations are on the root');
  }

  /** The values at the paths; the base is the path itself, or the root for a composite request. */
  private readAnswer(request: CoapRequest, base: Lwm2mPath, paths: readonly Lwm2mPath[]): Answer {
    const { operations, notifier, version, asker } = this.parts;
    const isComposite = base.kind === 'root';
    const read = (): Content =>
      isComposite ? operations.readComposite(paths, asker()) : operations.read(base, asker());
    const content = read();
    const format = formatOfAnswer(request.accept, content, base, version, this.formats);
    const answer = contentAnswer(content, format, base);
    if (request.observe !== 'register') return answer;
    const observed = notifier.observe({
      paths,
      read: () =>
        contentAnswer(read(), formatOfAnswer(request.accept, read(), base, version, this.formats), base),
    });
    return { ...answer, observed };
  }

  private read(request: CoapRequest, path: Lwm2mPath): Content {
    const format = formatOfRequest(request.contentFormat, this.formats);
    const { operations, now } = this.parts;
    return decodeContent(format, request.payload, {
      path,
      findResource: operations.objects.findResource,
      nowMs: now(),
    });
  }

  /** What a Create has; a client gives the id that the payload leaves out. */
  private readNew(request: CoapRequest, path: Lwm2mPath): Content {
    if (request.payload.length === 0) return { records: [], empty: [] };
    const { operations, now } = this.parts;
    const newInstanceId = operations.freeId(path.objectId ?? 0);
    const format = formatOfRequest(request.contentFormat, this.formats);
    const { findResource } = operations.objects;
    return decodeContent(format, request.payload, { path, findResource, nowMs: now(), newInstanceId });
  }
}

/** @throws Refusal 4.04 for what is no path of LwM2M */
export function pathOf(request: CoapRequest): Lwm2mPath {
  const path = Lwm2mPath.tryParse(`/${request.path.join('/')}`);
  if (path) return path;
  throw new Refusal(codes.notFound, `there is no /${request.path.join('/')}`);
}

/** What is refused in words is answered with its code and reason. */
export function refusable(answer: () => Answer): Answer {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, payload: Buffer.from(error.reason) };
    if (error instanceof Lwm2mCodecError)
      return { code: codes.badRequest, payload: Buffer.from(error.message) };
    throw error;
  }
}
