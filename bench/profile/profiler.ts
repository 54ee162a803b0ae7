import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import type { Workers } from '../../core/platform/workers.ts';
import { type ChannelMessage, profileChannel } from './channel.ts';
import { type HotFunctions, hotFunctions, type Profile } from './hot-functions.ts';
import { ThreadProfile } from './thread-profile.ts';

export interface ThreadReport extends HotFunctions {
  readonly thread: string;
}

const shownFunctions = 25;

/** Takes CPU profiles of the main thread and of the platform's worker over the same span of time. */
export class Profiler {
  private readonly channel = new BroadcastChannel(profileChannel);
  private readonly main = new ThreadProfile();

  /** The same workers, made so that they can be profiled. */
  workers(plain: Workers): Workers {
    return { start: (name) => plain.start(name, new URL('./profiled-worker.js', import.meta.url)) };
  }

  async start(): Promise<void> {
    await this.order('start', 'started');
    await this.main.start();
  }

  /** Writes a file for each thread, to be opened in the developer tools of a browser. */
  async stop(folder: string, label: string): Promise<ThreadReport[]> {
    const main = await this.main.stop();
    const answer = await this.order('stop', 'stopped');
    const profiles: [string, Profile][] = [['main', main]];
    if (answer.kind === 'stopped') profiles.push(['worker', answer.profile]);
    mkdirSync(folder, { recursive: true });
    return profiles.map(([thread, profile]) => {
      writeFileSync(join(folder, `${label}-${thread}.cpuprofile`), JSON.stringify(profile));
      return { thread, ...hotFunctions(profile, shownFunctions) };
    });
  }

  private order(kind: 'start' | 'stop', wanted: ChannelMessage['kind']): Promise<ChannelMessage> {
    return new Promise((resolve) => {
      this.channel.onmessage = (event) => {
        const message = (event as { data: ChannelMessage }).data;
        if (message.kind === wanted) resolve(message);
      };
      this.channel.postMessage({ kind } satisfies ChannelMessage);
    });
  }
}
