import { codes, methods } from '../../core/protocols/coap/codes.ts';
import type { CoapRequest } from '../../core/protocols/coap/request.ts';
import type { Answer } from '../../core/protocols/coap/request-server.ts';
import { decodeContent } from '../../core/protocols/lwm2m/codec.ts';
import { contentFormatNumbers } from '../../core/protocols/lwm2m/content-format.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import {
  contentAnswer,
  formatOfAnswer,
  formatOfRequest,
  formatsOf,
  type Lwm2mVersion,
} from './answer-formats.ts';
import { type LinkParts, openSession } from './device-link.ts';
import type { DeviceObjects } from './device-objects.ts';
import { bootstrapDiscover } from './discover.ts';
import { ObjectOperations } from './object-operations.ts';
import { runServerOf, type ServerAccount } from './objects/server-account.ts';
import { Refusal } from './refusal.ts';
import { isTrue } from './resource-value.ts';
import { pathOf, refusable } from './server-requests.ts';

export interface BootstrapSessionParts extends LinkParts {
  readonly objects: DeviceObjects;
  readonly version: Lwm2mVersion;
  readonly endpointName: string;
}

/** A bootstrap came to nothing. */
export class BootstrapFailed extends Error {}

/** How long the server may take from the request to its end. */
const timeoutMs = 120_000;
/** For its last answer to go out. */
const lingerMs = 50;

/**
 * Asks the bootstrap server where to register, and lets it write that (LwM2M Core 1.1.1, 6.1).
 * @throws BootstrapFailed, DtlsError, CoapError
 */
export async function bootstrap(
  account: ServerAccount,
  parts: BootstrapSessionParts,
  signal: AbortSignal,
): Promise<void> {
  const { wireClock, version, endpointName } = parts;
  let settle: { finished(): void; failed(error: Error): void } | undefined;
  const finished = new Promise<void>((resolve, reject) => {
    settle = { finished: resolve, failed: reject };
  });
  // Nobody may look at it before the request is answered.
  finished.catch(() => {});
  const requests = new BootstrapRequests(parts, () => settle?.finished());
  const fail = (reason: string) => settle?.failed(new BootstrapFailed(reason));
  const client = await openSession(account, parts, {
    handler: (request) => refusable(() => requests.answer(request)),
    closed: (reason) => fail(reason),
    signal,
  });
  const late = wireClock.after('LwM2M bootstrap', timeoutMs, () =>
    fail(`the bootstrap server did not finish within ${timeoutMs / 1000} s`),
  );
  const giveUp = (): void => fail('given up');
  signal.addEventListener('abort', giveUp);
  try {
    const query = [
      `ep=${endpointName}`,
      ...(version === '1.0' ? [] : [`pct=${contentFormatNumbers.SENML_CBOR}`]),
    ];
    const response = await client.request({ method: methods.POST, path: '/bs', query }, signal);
    if (response.code !== codes.changed) {
      const words = `${response.codeText} ${response.payloadText.slice(0, 200)}`.trim();
      throw new BootstrapFailed(`the bootstrap server answered ${words}`);
    }
    await finished;
    await new Promise<void>((resolve) => wireClock.after('LwM2M bootstrap', lingerMs, resolve));
  } finally {
    late.cancel();
    signal.removeEventListener('abort', giveUp);
    await client.close();
  }
}

/** What a bootstrap server may ask. */
class BootstrapRequests {
  private readonly parts: BootstrapSessionParts;
  private readonly operations: ObjectOperations;
  private readonly finished: () => void;

  constructor(parts: BootstrapSessionParts, finished: () => void) {
    this.parts = parts;
    this.operations = new ObjectOperations(parts.objects);
    this.finished = finished;
  }

  /** @throws Refusal, Lwm2mCodecError */
  answer(request: CoapRequest): Answer {
    if (request.method === methods.POST && request.path.join('/') === 'bs') return this.finish();
    const path = pathOf(request);
    switch (request.method) {
      case methods.GET:
        return this.get(request, path);
      case methods.PUT:
        return this.write(request, path);
      case methods.DELETE:
        this.delete(path);
        return { code: codes.deleted };
      default:
        throw new Refusal(codes.methodNotAllowed, 'a bootstrap has no such operation');
    }
  }

  private finish(): Answer {
    // LwM2M Core 1.1.1, 6.1.7.7: what was written must let the device register.
    if (!runServerOf(this.parts.objects))
      throw new Refusal(codes.notAcceptable, 'no server was written that the device could register at');
    this.finished();
    return { code: codes.changed };
  }

  private get(request: CoapRequest, path: Lwm2mPath): Answer {
    const { objects, version } = this.parts;
    if (request.accept === contentFormatNumbers.LINK) {
      const contentFormat = contentFormatNumbers.LINK;
      return {
        code: codes.content,
        contentFormat,
        payload: Buffer.from(bootstrapDiscover(objects, version, path)),
      };
    }
    if (version === '1.0' || (path.objectId !== 1 && path.objectId !== 2))
      throw new Refusal(codes.methodNotAllowed, 'a bootstrap server reads objects 1 and 2 only');
    const content = this.operations.read(path, 'bootstrap');
    const format = formatOfAnswer(request.accept, content, path, version, formatsOf[version]);
    return contentAnswer(content, format, path);
  }

  private write(request: CoapRequest, path: Lwm2mPath): Answer {
    const { objects, version, wireClock } = this.parts;
    const { objectId } = path;
    if (objectId === undefined) throw new Refusal(codes.methodNotAllowed, 'nothing is written to the root');
    objects.object(objectId);
    const format = formatOfRequest(request.contentFormat, formatsOf[version]);
    const content = decodeContent(format, request.payload, {
      path,
      findResource: objects.findResource,
      nowMs: wireClock.now(),
    });
    const named = [path, ...content.records.map((record) => record.path), ...content.empty];
    for (const instanceId of new Set(named.map((each) => each.instanceId))) {
      if (instanceId === undefined) continue;
      if (!objects.findInstance(objectId, instanceId)) objects.addInstance(objectId, instanceId);
      const target = path.kind === 'object' ? Lwm2mPath.of(objectId, instanceId) : path;
      const records = content.records.filter((record) => record.path.startsWith(target));
      this.operations.write(target, 'replace', { records, empty: [] }, 'bootstrap');
    }
    return { code: codes.changed };
  }

  /** Leaves the account of the bootstrap server, and what the device cannot be without (LwM2M Core 1.1.1, 6.1.7.6). */
  private delete(path: Lwm2mPath): void {
    const { objects } = this.parts;
    const targets = path.objectId === undefined ? objects.all() : [objects.object(path.objectId)];
    for (const { model, instances } of targets) {
      if (!model.multiple) continue;
      for (const instance of [...instances.values()]) {
        const isBootstrap = model.id === 0 && isTrue(objects.value(instance, 1));
        const isMeant = path.instanceId === undefined || path.instanceId === instance.id;
        if (isMeant && !isBootstrap) objects.removeInstance(instance);
      }
    }
  }
}
