import { Agent, request } from 'node:http';
import { commandStatus } from '../../core/protocols/smpp/status.ts';
import { shortText } from '../../core/testing/short-text.ts';
import { TestSmsc } from '../../core/testing/test-smsc.ts';
import { Histogram, type Quantiles } from '../lib/histogram.ts';
import { cpuShare, readUsage } from '../lib/usage.ts';

export interface SmsCommands {
  readonly httpUrl: string;
  readonly key: string;
  readonly deviceIds: readonly string[];
  readonly commandsEach: number;
  readonly callers: number;
}

export interface SmsResult {
  readonly count: number;
  readonly failed: number;
  readonly durationMs: number;
  readonly latency: Quantiles;
  /** Share of a core that the generator used. */
  readonly generatorCpu: number;
}

const serverNumber = '20259';
const patienceMs = 60_000;

/** A short message centre that writes as devices do, and takes commands to them. */
export class SmsRun {
  private readonly centre = new TestSmsc();
  private readonly latency = new Histogram();

  /** @returns the port that it listens on */
  async open(): Promise<number> {
    await this.centre.start();
    return this.centre.port;
  }

  /** Hands over messages of these numbers, so many at a time, each as soon as one before was answered. */
  async deliver(options: {
    msisdns: readonly string[];
    window: number;
    durationMs: number;
  }): Promise<SmsResult> {
    const { msisdns, window, durationMs } = options;
    this.latency.reset();
    const before = readUsage();
    let [next, count, failed] = [0, 0, 0];
    const work = async (): Promise<void> => {
      while (performance.now() - before.atMs < durationMs) {
        const number = next++;
        const sentMs = performance.now();
        const part = shortText(`T=21.5;n=${number}`);
        const status = await this.centre.deliver(msisdns[number % msisdns.length] ?? '', serverNumber, part);
        this.latency.record(performance.now() - sentMs);
        if (status === commandStatus.ESME_ROK) count++;
        else failed++;
      }
    };
    await Promise.all(Array.from({ length: window }, work));
    return this.result(before, count, failed);
  }

  /** Registers commands that wait for their delivery receipts, which come at once, and waits until all were taken. */
  async command(options: SmsCommands): Promise<SmsResult> {
    const { deviceIds, commandsEach, callers } = options;
    const count = deviceIds.length * commandsEach;
    const agent = new Agent({ keepAlive: true, maxSockets: callers });
    this.latency.reset();
    const startsMs = new Map<string, number>();
    const before = readUsage();
    let [next, done, failed] = [0, 0, 0];
    try {
      await new Promise<void>((resolve, reject) => {
        const impatience = setTimeout(
          () => reject(new Error(`${done} of ${count} commands got their receipts`)),
          patienceMs,
        );
        const settle = (): void => {
          if (done + failed < count) return;
          clearTimeout(impatience);
          resolve();
        };
        this.centre.onSubmit = ({ body }, messageId) => {
          const startMs = startsMs.get(Buffer.from(body.shortMessage).toString()) ?? before.atMs;
          // After the answer to the message, as a centre does it.
          setImmediate(() => {
            this.centre.receipt({ messageId, state: 'DELIVERED' }).then((status) => {
              this.latency.record(performance.now() - startMs);
              if (status === commandStatus.ESME_ROK) done++;
              else failed++;
              settle();
            }, reject);
          });
          return commandStatus.ESME_ROK;
        };
        const call = async (): Promise<void> => {
          while (next < count) {
            const number = next++;
            const text = `n=${number}`;
            startsMs.set(text, performance.now());
            const status = await post(agent, options, deviceIds[number % deviceIds.length] ?? '', text);
            if (status >= 300) {
              failed++;
              settle();
            }
          }
        };
        for (let caller = 0; caller < callers; caller++) call().catch(reject);
      });
    } finally {
      agent.destroy();
    }
    return this.result(before, done, failed);
  }

  close(): Promise<void> {
    return this.centre.stop();
  }

  private result(before: ReturnType<typeof readUsage>, count: number, failed: number): SmsResult {
    const after = readUsage();
    const durationMs = after.atMs - before.atMs;
    const latency = this.latency.summary();
    return { count, failed, durationMs, latency, generatorCpu: cpuShare(before, after) };
  }
}

function post(
  agent: Agent,
  { httpUrl, key }: SmsCommands,
  deviceId: string,
  payload: string,
): Promise<number> {
  const body = JSON.stringify({
    request: { connector: 'sms', value: { type: 'TEXT', payload } },
    policy: { ackMode: 'NETWORK' },
  });
  const headers = {
    'X-API-KEY': key,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const call = request(
      `${httpUrl}/api/v1/deviceMgt/devices/${deviceId}/commands`,
      { method: 'POST', agent, headers },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
