import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../core/testing/until.ts';
import { AnsweringRun } from './testing/answering-run.ts';

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

const commandsOf = async (run: AnsweringRun): Promise<Command[]> => {
  const lists = devices.map((id) => run.call<Command[]>('GET', `/api/v1/deviceMgt/devices/${id}/commands`));
  return (await Promise.all(lists)).flat();
};
const newRun = (): AnsweringRun =>
  new AnsweringRun(folder, {
    topic: 'dev/cmd',
    answer: ({ cid }) => ['dev/cmd/res', { res: { done: true }, cid }],
  });

const correlationOf = ({ id }: Command): number => Number.parseInt(id.slice(12), 16);
const attemptsOf = ({ history }: Command): number =>
  history.filter(({ deliveryStatus }) => deliveryStatus === 'SENDING').length;

it.each([1, 5, 12])(
  'a kill after %i deliveries forgets no command and sends none uncounted',
  async (killAfter) => {
    let killed = false;
    const before = newRun();
    await using program = before.program;
    await before.start(devices, ({ got }) => {
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

    const after = newRun();
    await using again = after.program;
    await after.start(devices);
    const found = await commandsOf(after);
    expect(found.map(({ id }) => id).sort()).toEqual([...made].sort());
    for (const command of found) {
      const sent = before.got.filter(({ cid }) => cid === correlationOf(command)).length;
      expect(attemptsOf(command), command.id).toBeGreaterThanOrEqual(sent);
    }
    // What was under way waits for its acknowledgement, a minute by default; here it is given up at once.
    const underWay = found.filter(({ status }) => status === 'PROCESSING');
    for (const { id } of underWay) {
      await after.call('PUT', `/api/v1/deviceMgt/commands/${id}/status?force=true`, 'CANCELED');
    }
    await after.subscribe();
    await until(async () =>
      (await commandsOf(after)).every(({ status }) => /PROCESSED|CANCELED/.test(status)),
    );
    const counts = new Map<number, number>();
    for (const { cid } of [...before.got, ...after.got]) counts.set(cid, (counts.get(cid) ?? 0) + 1);
    for (const command of await commandsOf(after)) {
      expect(counts.get(correlationOf(command)) ?? 0, command.id).toBeLessThanOrEqual(attemptsOf(command));
      if (command.status === 'PROCESSED') expect(counts.get(correlationOf(command))).toBe(1);
    }
    after.end();
    expect(again.child.exitCode).toBeNull();
  },
);
