import type { DeliveredContent, LinkProtocol } from '../connectors/connector.ts';
import { PlatformError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { type ByteRange, readRange } from './byte-range.ts';
import type { Content, ContentFiles } from './content-files.ts';
import { ContentWindow } from './content-window.ts';
import { FetchedBytes } from './fetched-bytes.ts';
import type { OpenUpdate } from './open-updates.ts';
import type { ResourceCatalog } from './resource-catalog.ts';
import type { ResourceEngine } from './resource-engine.ts';
import type { UpdateRecord } from './update-record.ts';

export interface DownloadSettings {
  readonly resourceLinkHost: string;
  readonly resourceMaxDownloads: number;
  readonly resourceMaxDownloadsPerLink: number;
}

/** Where the platform listens; undefined: it does not. */
export interface DownloadEndpoints {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  readonly coaps?: string | undefined;
  readonly coap?: string | undefined;
}

export interface Download {
  readonly content: Content;
  /** Quoted, as the header has it. */
  readonly etag: string;
  readonly range: ByteRange;
  /** True when it is a part that was asked for. */
  readonly isPart: boolean;
  /** Reads the bytes of the range, and notes how far the device comes. */
  chunks(): AsyncGenerator<Uint8Array>;
}

/** What is known of a content that is fetched block by block. */
interface OpenedFor {
  readonly etag: Uint8Array;
  /** The interface that was asked to fetch it. */
  readonly owner: { readonly tenantId: string; readonly nodeId: string } | undefined;
}

const busyRetryMs = 5000;

/**
 * Contents by link: whoever has the link of an update gets its content, without a key, as simple HTTP clients in devices
 * want it (facts 4.3, 21). A link has 128 random bits, and ends with its update or its time.
 */
export class Downloads {
  private readonly parts: {
    readonly clock: Clock;
    readonly contents: ContentFiles;
    readonly catalog: ResourceCatalog;
    readonly settings: DownloadSettings;
    engine(): ResourceEngine;
    endpoints(): DownloadEndpoints;
  };
  private running = 0;
  private readonly runsOf = new WeakMap<OpenUpdate, Set<Run>>();
  private readonly fetchedOf = new WeakMap<OpenUpdate, FetchedBytes>();

  constructor(parts: Downloads['parts']) {
    this.parts = parts;
  }

  /**
   * Where a device gets the content of an update (facts 4.1: HTTP, or HTTPS for a `secured` resource).
   * @param host by which it reaches the platform; undefined where nobody knows
   * @param by the protocol that it shall be; a secured resource is not for `http`
   * @returns undefined when no such port listens
   */
  linkOf(
    { tenantId, resourceId, token }: UpdateRecord,
    host: string | undefined,
    by?: LinkProtocol,
  ): string | undefined {
    const { http, https, coaps, coap } = this.parts.endpoints();
    const secured = this.isSecured(tenantId, resourceId);
    const usual = secured ? https : (http ?? https);
    const urls: Partial<Record<LinkProtocol, string | undefined>> = {
      ...(!secured && { http, coap }),
      ...{ https, coaps },
    };
    return this.link(by ? urls[by] : usual, host, token);
  }

  private link(base: string | undefined, host: string | undefined, token: string): string | undefined {
    if (base === undefined) return undefined;
    const { protocol, hostname, port } = new URL(base);
    const named = this.parts.settings.resourceLinkHost || host || hostname;
    const plain = named.includes(':') && !named.startsWith('[') ? `[${named}]` : named;
    return `${protocol}//${plain}:${port}/dl/${token}`;
  }

  /**
   * The whole content by its link, for devices that fetch it block by block; what is read of it is noted.
   * @param isSecure whether it is asked for over DTLS
   * @throws PlatformError `resources.linkNotFound`, `resources.linkExpired`
   */
  openBlocks(token: string, isSecure: boolean): DeliveredContent & OpenedFor {
    const { update, content } = this.find(token);
    const { tenantId, resourceId, state } = update.record;
    if (!isSecure && this.isSecured(tenantId, resourceId)) throw linkNotFound();
    const window = new ContentWindow(this.parts.contents, content);
    const fetched = this.fetched(update, content.size);
    let sent = { start: 0, end: 0 };
    return {
      length: content.size,
      etag: Buffer.from(content.md5, 'hex').subarray(0, 8),
      owner: state.via && { tenantId, nodeId: state.via.nodeId },
      read: async (offset, length) => {
        if (update.record.state.linkUntilMs === undefined) throw linkNotFound();
        const end = Math.min(offset + length, content.size);
        // Who asks for a block has the one before; nobody asks after the last.
        fetched.add(sent.start, sent.end);
        sent = { start: offset, end };
        if (end === content.size) fetched.add(offset, end);
        this.parts.engine().fetching(update, fetched.bytes);
        return window.read(offset, length);
      },
    };
  }

  /**
   * @param ask.range header `Range` @param ask.ifRange header `If-Range` @param ask.isSecure whether it came over HTTPS
   * @throws PlatformError `resources.linkNotFound`, `resources.linkExpired`, `resources.linkBusy`,
   *   `resources.range`, `resources.contentMissing`
   */
  open(
    token: string,
    ask: { range: string | undefined; ifRange: string | undefined; isSecure: boolean },
  ): Download {
    const { update, content } = this.find(token);
    const { tenantId, resourceId } = update.record;
    if (!ask.isSecure && this.isSecured(tenantId, resourceId)) throw linkNotFound();
    this.requireRoom();
    const etag = `"${content.md5}"`;
    // A part is only worth something to who has the rest of the same content (RFC 9110, 13.1.5).
    const wantsPart = ask.ifRange === undefined || ask.ifRange === etag;
    const range = wantsPart ? readRange(ask.range, content.size) : 'whole';
    if (range === 'unsatisfiable') {
      throw new PlatformError('resources.range', 'The content has no such bytes.', {
        details: `Range: ${ask.range}; the content has ${content.size} bytes.`,
        headers: { 'Content-Range': `bytes */${content.size}`, 'Accept-Ranges': 'bytes' },
      });
    }
    const isPart = range !== 'whole';
    const bytes = isPart ? range : { start: 0, end: content.size };
    return { content, etag, isPart, range: bytes, chunks: () => this.read(update, content, bytes) };
  }

  /** @throws PlatformError `resources.linkNotFound`, `resources.linkExpired` */
  private find(token: string): { update: OpenUpdate; content: Content } {
    const update = this.parts.engine().updates.findByToken(token);
    const linkUntilMs = update?.record.state.linkUntilMs;
    const { catalog, clock } = this.parts;
    if (!update || linkUntilMs === undefined) throw linkNotFound();
    if (linkUntilMs <= clock.now()) {
      throw new PlatformError('resources.linkExpired', 'This link has expired.', {
        details: 'It was open for the time of the setting resourceLinkTtlMs after the device was asked.',
      });
    }
    const { tenantId, resourceId, requestedVersion } = update.record;
    return { update, content: catalog.getVersion(tenantId, resourceId, requestedVersion).content };
  }

  private fetched(update: OpenUpdate, size: number): FetchedBytes {
    const known = this.fetchedOf.get(update) ?? new FetchedBytes(size, bytesBefore(update, size));
    this.fetchedOf.set(update, known);
    return known;
  }

  private isSecured(tenantId: string, resourceId: string): boolean {
    return this.parts.catalog.find(tenantId, resourceId)?.metadata.secured === 'true';
  }

  private async *read(
    update: OpenUpdate,
    { file, size }: Content,
    { start, end }: ByteRange,
  ): AsyncGenerator<Uint8Array> {
    const run = this.begin(update);
    const fetched = this.fetched(update, size);
    try {
      let reached = start;
      for await (const chunk of this.parts.contents.read(file, start, end)) {
        // An end without an error would leave the client waiting for the rest.
        if (run.isOver || update.record.state.linkUntilMs === undefined) throw linkNotFound();
        yield chunk;
        // It was taken, so the one before has left for the device.
        fetched.add(reached, reached + chunk.byteLength);
        reached += chunk.byteLength;
        this.parts.engine().fetching(update, fetched.bytes);
      }
    } finally {
      this.end(update, run);
    }
  }

  /** Counts a download; of too many by one link the oldest ends: its device has gone, and begins again. */
  private begin(update: OpenUpdate): Run {
    const runs = this.runsOf.get(update) ?? new Set<Run>();
    this.runsOf.set(update, runs);
    const [oldest] = runs;
    if (oldest && runs.size >= this.parts.settings.resourceMaxDownloadsPerLink) this.end(update, oldest);
    const run = { isOver: false };
    runs.add(run);
    this.running++;
    return run;
  }

  private end(update: OpenUpdate, run: Run): void {
    if (run.isOver) return;
    run.isOver = true;
    this.running--;
    this.runsOf.get(update)?.delete(run);
  }

  private requireRoom(): void {
    const { resourceMaxDownloads: most } = this.parts.settings;
    if (this.running < most) return;
    throw new PlatformError('resources.linkBusy', 'Too many downloads run at a time.', {
      details: `There are ${this.running}, the most are ${most} (setting resourceMaxDownloads).`,
      retryAfterMs: busyRetryMs,
    });
  }
}

/** What was fetched before the platform's last start is known by its percentage only. */
const bytesBefore = ({ record }: OpenUpdate, size: number): number =>
  Math.floor((record.state.progress * size) / 100);

/** A download while it runs. */
interface Run {
  isOver: boolean;
}

function linkNotFound(): PlatformError {
  return new PlatformError('resources.linkNotFound', 'There is nothing at this link.', {
    details: 'It never was, or the update that it belongs to has ended, or it is for HTTPS only.',
  });
}
