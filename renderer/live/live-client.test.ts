import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveClient, refusedCode } from './live-client.ts';
import { LiveStore } from './live-store.ts';

class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  readonly sent: string[] = [];
  closed = false;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  tell(frame: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(frame) }));
  }
  end(code: number, reason = ''): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }));
  }
}

const hello = { key: 'k', channels: ['messages' as const] };
const welcome = { type: 'welcome', tenantId: 't', time: '' };
const last = () => FakeSocket.all.at(-1) as FakeSocket;

beforeEach(() => {
  FakeSocket.all = [];
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function startClient(onRefused?: () => void) {
  const store = new LiveStore((flush) => flush());
  const client = new LiveClient({ store, url: 'ws://x/live', hello, ...(onRefused ? { onRefused } : {}) });
  client.start();
  return { store, client };
}

test('says hello, and is open when it was welcomed', () => {
  const { store } = startClient();
  last().dispatchEvent(new Event('open'));
  expect(JSON.parse(last().sent[0] ?? '')).toEqual(hello);
  expect(store.snapshot().connection.state).toBe('connecting');
  last().tell(welcome);
  expect(store.snapshot().connection.state).toBe('open');
});

test('comes back after ever longer waits, and starts over when it was welcomed', () => {
  const { store } = startClient();
  last().end(1006);
  expect(store.snapshot().connection).toMatchObject({ state: 'waiting', code: 1006, reason: '' });
  vi.advanceTimersByTime(500);
  expect(FakeSocket.all.length).toBe(2);
  last().end(1006);
  vi.advanceTimersByTime(500);
  expect(FakeSocket.all.length).toBe(2);
  vi.advanceTimersByTime(500);
  expect(FakeSocket.all.length).toBe(3);
  last().tell(welcome);
  last().end(1001, 'the platform stops');
  vi.advanceTimersByTime(500);
  expect(FakeSocket.all.length).toBe(4);
});

test('tells whether a welcome follows a gap', () => {
  const onWelcome = vi.fn();
  const store = new LiveStore((flush) => flush());
  new LiveClient({ store, url: 'ws://x/live', hello, onWelcome }).start();
  last().tell(welcome);
  last().end(1006);
  vi.advanceTimersByTime(1000);
  last().tell(welcome);
  expect(onWelcome.mock.calls).toEqual([[false], [true]]);
});

test('tells of a refused hello', () => {
  const onRefused = vi.fn();
  const { store } = startClient(onRefused);
  last().end(refusedCode, 'the key is not known');
  expect(onRefused).toHaveBeenCalledOnce();
  expect(store.snapshot().connection).toMatchObject({ reason: 'the key is not known' });
});

test('stays away when stopped', () => {
  const { client } = startClient();
  const socket = last();
  client.stop();
  socket.end(1000);
  vi.advanceTimersByTime(60_000);
  expect(socket.closed).toBe(true);
  expect(FakeSocket.all.length).toBe(1);
});

test('tries at once when asked to', () => {
  const { client } = startClient();
  last().end(1006);
  client.retryNow();
  expect(FakeSocket.all.length).toBe(2);
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all.length).toBe(2);
});
