// The platform's worker with a profiler beside it. The main thread gives the orders over a channel of its own,
// so that the worker's messages stay as they are.
import { BroadcastChannel } from 'node:worker_threads';
import { type ChannelMessage, profileChannel } from './channel.ts';
import { ThreadProfile } from './thread-profile.ts';

const channel = new BroadcastChannel(profileChannel);
const profile = new ThreadProfile();

async function obey({ kind }: ChannelMessage): Promise<void> {
  if (kind === 'start') {
    await profile.start();
    channel.postMessage({ kind: 'started' } satisfies ChannelMessage);
  } else if (kind === 'stop') {
    channel.postMessage({ kind: 'stopped', profile: await profile.stop() } satisfies ChannelMessage);
  }
}

channel.onmessage = (event) => void obey((event as { data: ChannelMessage }).data);

// Only known beside the bundle that this is part of.
const worker = new URL('./store-worker.js', import.meta.url);
await import(worker.href);
