import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ParametersJson } from '../core/contract/configuration.ts';
import { until } from '../core/testing/until.ts';
import { AnsweringRun } from './testing/answering-run.ts';

const devices = ['a', 'b', 'c', 'd'].map((name) => `urn:lo:nsid:kill:${name}`);
const requestsEach = 6;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-kill-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const newRun = (): AnsweringRun =>
  new AnsweringRun(folder, { topic: 'dev/cfg/upd', answer: ({ cfg, cid }) => ['dev/cfg', { cfg, cid }] });
const path = (id: string): string => `/api/v1/deviceMgt/devices/${id}/config`;
const parametersOf = (run: AnsweringRun, id: string): Promise<ParametersJson> =>
  run.call<ParametersJson>('GET', `${path(id)}/parameters`);

it.each([1, 5, 12])(
  'a kill after %i deliveries forgets no value that was asked for, and gives no delivery the number of another',
  async (killAfter) => {
    let killed = false;
    const before = newRun();
    await using program = before.program;
    await before.start(devices, ({ got }) => {
      if (got.length < killAfter || killed) return;
      killed = true;
      program.child.kill('SIGKILL');
    });
    await before.subscribe();
    // What is asked for while the devices answer: what the API accepted is to survive, whatever came of it.
    const accepted = new Map<string, Record<string, number>>();
    try {
      for (let number = 0; number < requestsEach; number++) {
        for (const id of devices) {
          const key = `p${number % 3}`;
          const parameters = {
            [key]: { type: 'INT32', value: number },
            [`only${number}`]: { type: 'INT32', value: 7 },
          };
          await before.call('POST', path(id), { parameters });
          accepted.set(id, { ...accepted.get(id), [key]: number, [`only${number}`]: 7 });
        }
      }
    } catch (error) {
      if (!killed) throw error;
    }
    await program.ended;
    before.end();
    expect(before.got.length).toBeGreaterThanOrEqual(killAfter);

    const after = newRun();
    await using again = after.program;
    await after.start(devices);
    for (const [id, wanted] of accepted) {
      const parameters = await parametersOf(after, id);
      for (const [key, value] of Object.entries(wanted)) {
        const { requested, reported, syncStatus } = parameters[key] ?? {};
        // The last request may have been accepted without its answer getting here.
        expect(requested?.value, `${id} ${key}`).toBeGreaterThanOrEqual(value);
        expect(syncStatus, `${id} ${key}`).toMatch(/PENDING|SENT|OK/);
        if (syncStatus === 'OK') expect(reported?.value, `${id} ${key}`).toBe(requested?.value);
      }
    }
    await after.subscribe();
    await until(async () => {
      const all = await Promise.all([...accepted.keys()].map((id) => parametersOf(after, id)));
      return all.flatMap((each) => Object.values(each)).every(({ syncStatus }) => syncStatus === 'OK');
    });
    // A late answer to a delivery of the first run must not be taken for one of the second.
    const numbers = new Set(before.got.map(({ cid }) => cid));
    expect(after.got.filter(({ cid }) => numbers.has(cid))).toEqual([]);
    for (const id of accepted.keys()) {
      for (const { requested, reported } of Object.values(await parametersOf(after, id))) {
        expect(reported?.value).toBe(requested?.value);
      }
    }
    after.end();
    expect(again.child.exitCode).toBeNull();
  },
);
