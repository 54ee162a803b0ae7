import type { WebSocket } from 'ws';
import type { KeyGrant } from '../accounts/types.ts';
import type { LiveBatch, LiveChannel, LiveEvent } from '../contract/live.ts';

/** Messages a batch holds at the most; what comes beside them is counted as skipped. */
const mostMessages = 200;
/** Other events a batch holds at the most: far more than a person or a page can follow. */
const mostOthers = 1000;
/** Bytes that may wait in the socket of a slow viewer before it is sent nothing more. */
const mostUnsentBytes = 4 * 1024 * 1024;

/** Channels on which much may come. */
const floods: ReadonlySet<LiveChannel> = new Set([
  'messages',
  'refusals',
  'commands',
  'configuration',
  'resources',
  'twin',
  'coap',
  'lora',
]);

/** One open portal page: what it asked to see, and what waits to be sent to it. */
export class LiveViewer {
  readonly tenantId: string;
  readonly keyId: string;
  readonly portalSession: string | undefined;
  /** FIFOs that it may see; undefined: all. */
  readonly fifos: ReadonlySet<string> | undefined;
  readonly deviceId: string | undefined;
  /** The FIFO depths sent last, as text, so that they are sent again only when they have changed. */
  lastFifos = '';
  private readonly socket: WebSocket;
  private readonly channels: ReadonlySet<LiveChannel>;
  private messages: LiveEvent[] = [];
  private others: LiveEvent[] = [];
  private skipped = 0;

  constructor(
    socket: WebSocket,
    who: Pick<KeyGrant, 'tenantId' | 'keyId' | 'portalSession' | 'fifos'>,
    what: { channels: readonly LiveChannel[]; deviceId: string | undefined },
  ) {
    this.socket = socket;
    this.tenantId = who.tenantId;
    this.keyId = who.keyId;
    this.portalSession = who.portalSession;
    this.fifos = who.fifos;
    this.channels = new Set(what.channels);
    this.deviceId = what.deviceId;
  }

  wants(channel: LiveChannel): boolean {
    return this.channels.has(channel);
  }

  /** Takes an event for the next batch. Of what may come in floods the first are kept and the rest counted. */
  push(event: LiveEvent): void {
    const isMessage = floods.has(event.channel);
    const queue = isMessage ? this.messages : this.others;
    if (queue.length < (isMessage ? mostMessages : mostOthers)) queue.push(event);
    else this.skipped++;
  }

  flush(): void {
    if (this.messages.length + this.others.length === 0) return;
    if (this.socket.bufferedAmount > mostUnsentBytes) return;
    const batch: LiveBatch = {
      type: 'batch',
      events: [...this.others, ...this.messages],
      skipped: this.skipped,
    };
    this.messages = [];
    this.others = [];
    this.skipped = 0;
    this.socket.send(JSON.stringify(batch));
  }

  close(reason: string): void {
    this.socket.close(4401, reason);
  }
}
