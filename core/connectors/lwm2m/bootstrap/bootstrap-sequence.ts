import { codes, methods } from '../../../protocols/coap/codes.ts';
import type { CoapEndpoint, RequestControl } from '../../../protocols/coap/endpoint.ts';
import { isCoapError } from '../../../protocols/coap/errors.ts';
import type { CoapResponse, RequestDraft } from '../../../protocols/coap/request.ts';
import { encodeContent, type ValueFormat } from '../../../protocols/lwm2m/codec.ts';
import { Lwm2mCodecError } from '../../../protocols/lwm2m/codec-error.ts';
import type { ResourceRecord } from '../../../protocols/lwm2m/content.ts';
import { contentFormatNumbers } from '../../../protocols/lwm2m/content-format.ts';
import { parseDiscoverLinks } from '../../../protocols/lwm2m/object-links.ts';
import { Lwm2mPath } from '../../../protocols/lwm2m/path.ts';
import { BootstrapFailure } from './bootstrap-failure.ts';
import type { PlannedServer } from './bootstrap-plan.ts';
import { freeInstances } from './free-instances.ts';
import {
  oscoreObject,
  securityObject,
  securityRecords,
  serverObject,
  serverRecords,
} from './object-records.ts';

export interface SequenceParts {
  readonly endpoint: Pick<CoapEndpoint, 'request'>;
  /** Formats to write in, the best first; the next is tried when the client does not know one. */
  readonly formats: readonly ValueFormat[];
  readonly control: RequestControl;
  /** Everything is written, and the client will register as soon as it is told that this was all. */
  written(): Promise<void>;
}

/**
 * Tells a client what the plan says (manual 7.7.1.3.1; LwM2M Core 1.1.1, 6.1.7): discover when an instance is to be
 * chosen, delete, write, finish.
 * @throws BootstrapFailure
 */
export async function runSequence(servers: readonly PlannedServer[], parts: SequenceParts): Promise<void> {
  const conversation = new Conversation(parts);
  const taken = servers.some(({ securityInstance }) => securityInstance === undefined)
    ? await conversation.bootstrapInstances()
    : [];
  const ids = freeInstances(
    servers.map(({ securityInstance }) => securityInstance),
    taken,
  );
  const serverIds = freeInstances(
    servers.map(({ serverInstance }) => serverInstance),
    [],
  );
  for (const object of [securityObject, serverObject, oscoreObject]) await conversation.delete(object);
  for (const [index, { sent }] of servers.entries()) {
    const [id, serverId] = [ids[index] as number, serverIds[index] as number];
    await conversation.write(Lwm2mPath.of(securityObject, id), securityRecords(id, sent));
    await conversation.write(Lwm2mPath.of(serverObject, serverId), serverRecords(serverId, sent));
  }
  await parts.written();
  await conversation.finish();
}

/** What the bootstrap server says to one client. */
class Conversation {
  private readonly parts: SequenceParts;
  /** Those that are still worth trying. */
  private formats: readonly ValueFormat[];

  constructor(parts: SequenceParts) {
    this.parts = parts;
    this.formats = parts.formats;
  }

  /** Instances of the Security object that are for the bootstrap server: those without a short server id (6.1.7.3). */
  async bootstrapInstances(): Promise<number[]> {
    const accept = contentFormatNumbers.LINK;
    const response = await this.ask('Bootstrap-Discover', { method: methods.GET, path: '/', accept });
    if (response.code !== codes.content) {
      const way = 'give settings.objectInstanceId of the security of each run server to do without it';
      throw refused('Bootstrap-Discover', response, way);
    }
    try {
      return parseDiscoverLinks(response.payload)
        .filter(({ path, shortServerId }) => path.objectId === securityObject && shortServerId === undefined)
        .flatMap(({ path }) => (path.kind === 'instance' ? [path.instanceId as number] : []));
    } catch (error) {
      if (!(error instanceof Lwm2mCodecError)) throw error;
      throw new BootstrapFailure(`the answer to Bootstrap-Discover cannot be read: ${error.message}`);
    }
  }

  /** Empties an object; one that is empty, or OSCORE that the client does not have, is as good. */
  async delete(object: number): Promise<void> {
    const what = `Bootstrap-Delete of /${object}`;
    const response = await this.ask(what, { method: methods.DELETE, path: `/${object}` });
    const isGone = response.code === codes.deleted || response.code === codes.notFound;
    if (!isGone && object !== oscoreObject) throw refused(what, response);
  }

  async write(path: Lwm2mPath, records: readonly ResourceRecord[]): Promise<void> {
    const what = `Bootstrap-Write of ${path}`;
    for (;;) {
      const [format] = this.formats;
      if (!format)
        throw new BootstrapFailure(`${what}: the client takes none of ${this.parts.formats.join(', ')}`);
      const payload = encodeContent(format, { records, empty: [] }, path);
      const contentFormat = contentFormatNumbers[format];
      const response = await this.ask(what, { method: methods.PUT, path: `${path}`, contentFormat, payload });
      if (response.code === codes.changed) return;
      if (response.code !== codes.unsupportedContentFormat) throw refused(what, response);
      this.formats = this.formats.slice(1);
    }
  }

  async finish(): Promise<void> {
    const response = await this.ask('Bootstrap-Finish', { method: methods.POST, path: '/bs' });
    if (response.code !== codes.changed) throw refused('Bootstrap-Finish', response);
  }

  private async ask(what: string, draft: RequestDraft): Promise<CoapResponse> {
    try {
      return await this.parts.endpoint.request(draft, this.parts.control);
    } catch (error) {
      if (!isCoapError(error)) throw error;
      throw new BootstrapFailure(`${what}: ${error.message}`);
    }
  }
}

/** Characters of a client's own words that are kept. */
const longestWords = 200;

function refused(what: string, response: CoapResponse, way?: string): BootstrapFailure {
  const words = response.payloadText.slice(0, longestWords);
  const said = words === '' ? '' : ` (${JSON.stringify(words)})`;
  return new BootstrapFailure(
    `the client answered ${what} with ${response.codeText}${said}${way === undefined ? '' : `; ${way}`}`,
  );
}
