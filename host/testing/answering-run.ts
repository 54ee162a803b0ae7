import { connectAsync, type MqttClient } from 'mqtt';
import { FleetbenchProcess, freePorts } from '../../core/testing/fleetbench-process.ts';

const masterKey = '0123456789abcdef0123456789abcdef';

/** What a device was asked for, as it came. */
export type Asked = Record<string, unknown> & { readonly cid: number };

interface Answering {
  /** Topic on which the devices are asked. */
  readonly topic: string;
  /** Topic and body of an answer. */
  answer(asked: Asked): readonly [topic: string, body: object];
}

/** One run of the real program in a folder, with devices that answer at once, and what they got: for tests of kills. */
export class AnsweringRun {
  readonly program: FleetbenchProcess;
  /** Everything that came to a device. */
  readonly got: Asked[] = [];
  private readonly how: Answering;
  private readonly clients: MqttClient[] = [];
  private url = '';

  constructor(folder: string, how: Answering) {
    const flags = ['--json', '--data-dir', folder, '--master-key', masterKey];
    this.program = new FleetbenchProcess(['serve', ...freePorts, ...flags]);
    this.how = how;
  }

  async start(devices: readonly string[], onAsked: (run: AnsweringRun) => void = () => {}): Promise<void> {
    const { endpoints } = await this.program.ready();
    this.url = endpoints.http ?? '';
    for (const clientId of devices) {
      const client = await connectAsync(endpoints.mqtt ?? '', {
        ...{ clientId, username: 'json+device', password: masterKey },
        ...{ protocolVersion: 4, reconnectPeriod: 0 },
      });
      client.on('error', () => {});
      client.on('message', (_topic, payload) => {
        const asked = JSON.parse(String(payload)) as Asked;
        this.got.push(asked);
        const [topic, body] = this.how.answer(asked);
        client.publish(topic, JSON.stringify(body), { qos: 1 });
        onAsked(this);
      });
      this.clients.push(client);
    }
  }

  async subscribe(): Promise<void> {
    for (const client of this.clients) await client.subscribeAsync(this.how.topic, { qos: 1 });
  }

  /** Calls the API; rejects when it refuses. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'X-API-KEY': masterKey, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }

  end(): void {
    for (const client of this.clients) client.end(true);
  }
}
