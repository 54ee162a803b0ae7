import type { LiveBatch, LiveHello, LiveWelcome } from '../../core/contract/live.ts';
import type { LiveStore } from './live-store.ts';

const firstRetryMs = 500;
const longestRetryMs = 10_000;
/** The platform does not take the hello, or no longer takes the key. */
export const refusedCode = 4401;

export interface LiveClientParts {
  readonly store: LiveStore;
  readonly url: string;
  readonly hello: LiveHello;
  /** Told of each connection; `again` of those after a gap, in which anything may have happened. */
  readonly onWelcome?: (again: boolean) => void;
  readonly onBatch?: (batch: LiveBatch) => void;
  /** Told that the platform turned the hello down; the client tries again all the same. */
  readonly onRefused?: () => void;
}

/** One live socket that comes back by itself. */
export class LiveClient {
  private readonly parts: LiveClientParts;
  private socket: WebSocket | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private stopped = true;
  private welcomed = false;

  constructor(parts: LiveClientParts) {
    this.parts = parts;
  }

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    this.socket?.close();
    this.socket = undefined;
  }

  /** Does not wait for the next try. */
  retryNow(): void {
    if (this.stopped || this.retry === undefined) return;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.connect();
  }

  private connect(): void {
    const { store, url, hello } = this.parts;
    store.setConnection({ state: 'connecting' });
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.addEventListener('open', () => socket.send(JSON.stringify(hello)));
    socket.addEventListener('message', (event) => this.receive(socket, String(event.data)));
    socket.addEventListener('close', (event) => this.closed(socket, event.code, event.reason));
  }

  private receive(socket: WebSocket, text: string): void {
    if (socket !== this.socket) return;
    const frame = JSON.parse(text) as LiveBatch | LiveWelcome;
    if (frame.type === 'welcome') {
      this.attempt = 0;
      this.parts.store.setConnection({ state: 'open', since: Date.now() });
      this.parts.onWelcome?.(this.welcomed);
      this.welcomed = true;
      return;
    }
    this.parts.store.add(frame);
    this.parts.onBatch?.(frame);
  }

  private closed(socket: WebSocket, code: number, reason: string): void {
    if (socket !== this.socket || this.stopped) return;
    this.socket = undefined;
    const longest = Math.min(firstRetryMs * 2 ** this.attempt++, longestRetryMs);
    // Spread, so that many windows do not all come back in the same moment.
    const delayMs = longest * (0.75 + Math.random() / 4);
    this.parts.store.setConnection({ state: 'waiting', code, reason, retryAt: Date.now() + delayMs });
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.connect();
    }, delayMs);
    if (code === refusedCode) this.parts.onRefused?.();
  }
}
