import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FleetbenchProcess, freePorts } from '../core/testing/fleetbench-process.ts';
import { MqttDevice } from '../core/testing/mqtt-device.ts';
import { until } from '../core/testing/until.ts';

const masterKey = '0123456789abcdef0123456789abcdef';
const devices = Array.from({ length: 12 }, (_, number) => `urn:lo:nsid:kill:${number}`);
const campaigns = '/api/v0/deviceMgt/campaigns';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-campaign-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** One run of the program, with devices that answer. */
class Run {
  readonly program = new FleetbenchProcess([
    ...['serve', ...freePorts, '--json', '--data-dir', folder, '--master-key', masterKey],
  ]);
  /** Numbers of the commands that came to devices. */
  readonly got: number[] = [];
  private url = '';
  private mqttPort = 0;

  async start(): Promise<void> {
    const { endpoints } = await this.program.ready();
    this.url = endpoints.http ?? '';
    this.mqttPort = Number(endpoints.mqtt?.split(':').at(-1));
  }

  async connect(onCommand: () => void = () => {}): Promise<void> {
    for (const clientId of devices) {
      await MqttDevice.connect(
        this.mqttPort,
        { clientId, password: masterKey },
        {
          'dev/cfg/upd': (report) => report,
          'dev/cmd': ({ cid }) => {
            this.got.push(cid);
            onCommand();
            return { res: {}, cid };
          },
        },
      );
    }
  }

  async call(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'X-API-KEY': masterKey, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.status, await answer.clone().text()).toBeLessThan(300);
    return answer.json();
  }
}

it.each([0, 4, 9])(
  'a campaign goes on after a kill at command %i, with nothing begun twice',
  async (killAfter) => {
    const before = new Run();
    await using program = before.program;
    await before.start();
    const kill = (): void => void program.child.kill('SIGKILL');
    const connecting = before.connect(() => {
      if (before.got.length === killAfter) kill();
    });
    await connecting.catch(() => {});
    const command = (req: string) => ({
      action: 'command',
      definition: { request: { connector: 'mqtt', value: { req } }, policy: { ackTimeoutInSeconds: 10 } },
    });
    const parameters = { period: { type: 'INT32', valueInt32: 60 } };
    const { id } = await before.call('POST', campaigns, {
      name: 'killed',
      targets: { idList: devices },
      operations: [
        { action: 'configure', definition: { assetParameters: parameters } },
        command('first'),
        command('second'),
      ],
    });
    if (killAfter === 0) kill();
    await program.ended;

    const after = new Run();
    await using _ = after.program;
    await after.start();
    await after.connect();
    // What was under way is given up at its time-out, which the platform's clock brings at once.
    await until(async () => {
      const { totalTargetsPerStatus: counts } = await after.call('GET', `${campaigns}/${id}`);
      await after.call('POST', '/bench/v1/clock/advance', { duration: 'PT1S' });
      return counts.success + counts.failure === devices.length;
    });
    const { data } = await after.call('GET', `${campaigns}/${id}/targets`);
    expect(data.map(({ deviceId }: any) => deviceId).sort()).toEqual([...devices].sort());
    const counts = new Map<number, number>();
    for (const cid of [...before.got, ...after.got]) counts.set(cid, (counts.get(cid) ?? 0) + 1);
    for (const target of data) {
      const commands = await after.call('GET', `/api/v1/deviceMgt/devices/${target.deviceId}/commands`);
      const begun = target.operations.filter(({ action }: any) => action === 'command');
      // Each command that a device has is one that the campaign knows, and each was sent once for each attempt.
      expect(commands.map((each: any) => each.id).sort()).toEqual(
        begun.map((each: any) => each.operationId).sort(),
      );
      for (const { id: commandId, history } of commands) {
        const attempts = history.filter((entry: any) => entry.deliveryStatus === 'SENDING').length;
        const sent = counts.get(Number.parseInt(commandId.slice(12), 16)) ?? 0;
        expect(sent, commandId).toBeLessThanOrEqual(attempts);
      }
      if (target.status === 'success') expect(begun).toHaveLength(2);
    }
  },
);
