import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FleetbenchProcess, freePorts } from '../core/testing/fleetbench-process.ts';
import { until } from '../core/testing/until.ts';

const masterKey = '0123456789abcdef0123456789abcdef';
const devices = ['a', 'b', 'c', 'd'].map((name) => `urn:lo:nsid:kill:${name}`);
const commandsEach = 6;

interface Command {
  readonly id: string;
  readonly status: string;
  readonly history: readonly { readonly status: string; readonly deliveryStatus?: string }[];
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-kill-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** One run of the program, with devices that answer, and what they got. */
class Run {
  readonly program: FleetbenchProcess;
  /** The cid of everything that came to a device. */
  readonly got: number[] = [];
  private readonly clients: MqttClient[] = [];
  private url = '';

  constructor() {
    const flags = ['--json', '--data-dir', folder, '--master-key', masterKey];
    this.program = new FleetbenchProcess(['serve', ...freePorts, ...flags]);
  }

  async start(onCommand: (run: Run) => void): Promise<void> {
    const { endpoints } = await this.program.ready();
    this.url = endpoints.http ?? '';
    for (const clientId of devices) {
      const client = await connectAsync(endpoints.mqtt ?? '', {
        ...{ clientId, username: 'json+device', password: masterKey },
        ...{ protocolVersion: 4, reconnectPeriod: 0 },
      });
      client.on('error', () => {});
      client.on('message', (_topic, payload) => {
        const { cid } = JSON.parse(String(payload));
        this.got.push(cid);
        client.publish('dev/cmd/res', JSON.stringify({ res: { done: true }, cid }), { qos: 1 });
        onCommand(this);
      });
      this.clients.push(client);
    }
  }

  async subscribe(): Promise<void> {
    for (const client of this.clients) await client.subscribeAsync('dev/cmd', { qos: 1 });
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'X-API-KEY': masterKey, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.status, await answer.clone().text()).toBeLessThan(300);
    return (await answer.json()) as T;
  }

  async commands(): Promise<Command[]> {
    const lists = devices.map((id) =>
      this.call<Command[]>('GET', `/api/v1/deviceMgt/devices/${id}/commands`),
    );
    return (await Promise.all(lists)).flat();
  }

  end(): void {
    for (const client of this.clients) client.end(true);
  }
}

const correlationOf = ({ id }: Command): number => Number.parseInt(id.slice(12), 16);
const attemptsOf = ({ history }: Command): number =>
  history.filter(({ deliveryStatus }) => deliveryStatus === 'SENDING').length;

it.each([1, 5, 12])(
  'a kill after %i deliveries forgets no command and sends none uncounted',
  async (killAfter) => {
    let killed = false;
    const before = new Run();
    await using program = before.program;
    await before.start(({ got }) => {
      if (got.length < killAfter || killed) return;
      killed = true;
      program.child.kill('SIGKILL');
    });
    const made: string[] = [];
    for (const id of devices) {
      for (let number = 0; number < commandsEach; number++) {
        const request = { connector: 'mqtt', value: { req: 'go', arg: { number } } };
        const url = `/api/v1/deviceMgt/devices/${id}/commands`;
        made.push((await before.call<Command>('POST', url, { request, policy: { attempts: 2 } })).id);
      }
    }
    await before.subscribe().catch(() => {});
    await program.ended;
    before.end();

    const after = new Run();
    await using again = after.program;
    await after.start(() => {});
    const found = await after.commands();
    expect(found.map(({ id }) => id).sort()).toEqual([...made].sort());
    for (const command of found) {
      const sent = before.got.filter((cid) => cid === correlationOf(command)).length;
      expect(attemptsOf(command), command.id).toBeGreaterThanOrEqual(sent);
    }
    // What was under way waits for its acknowledgement, a minute by default; here it is given up at once.
    const underWay = found.filter(({ status }) => status === 'PROCESSING');
    for (const { id } of underWay) {
      await after.call('PUT', `/api/v1/deviceMgt/commands/${id}/status?force=true`, 'CANCELED');
    }
    await after.subscribe();
    await until(async () =>
      (await after.commands()).every(({ status }) => /PROCESSED|CANCELED/.test(status)),
    );
    const counts = new Map<number, number>();
    for (const cid of [...before.got, ...after.got]) counts.set(cid, (counts.get(cid) ?? 0) + 1);
    for (const command of await after.commands()) {
      expect(counts.get(correlationOf(command)) ?? 0, command.id).toBeLessThanOrEqual(attemptsOf(command));
      if (command.status === 'PROCESSED') expect(counts.get(correlationOf(command))).toBe(1);
    }
    after.end();
    expect(again.child.exitCode).toBeNull();
  },
);
