import { Session } from 'node:inspector/promises';
import type { Profile } from './hot-functions.ts';

const samplingIntervalUs = 500;

/** A CPU profile of the thread that this runs in. */
export class ThreadProfile {
  private readonly session = new Session();

  async start(): Promise<void> {
    this.session.connect();
    await this.session.post('Profiler.enable');
    await this.session.post('Profiler.setSamplingInterval', { interval: samplingIntervalUs });
    await this.session.post('Profiler.start');
  }

  async stop(): Promise<Profile> {
    const { profile } = await this.session.post('Profiler.stop');
    this.session.disconnect();
    return profile;
  }
}
