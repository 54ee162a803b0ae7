import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loraDefinition, loraDeviceId, loraDeviceUrl } from '../core/testing/lora-bench.ts';
import { heardAs, TestLoraDevice, type TestUplink } from '../core/testing/lora-device.ts';
import { TestGateway } from '../core/testing/lora-gateway.ts';
import { until } from '../core/testing/until.ts';
import { startRealProgram } from './testing/real-program.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-kill-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The real program on the folder, with a gateway that hears the device. */
async function start(device: TestLoraDevice) {
  const { program, endpoints, call } = await startRealProgram(folder);
  const gateway = await TestGateway.start(Number(endpoints.lora?.split(':').at(-1)));
  const hear = (frame: Uint8Array) => gateway.push([heardAs(frame)]);
  const uplink = (fields: TestUplink = {}) => hear(device.uplink({ port: 1, payload: '01', ...fields }));
  const command = async (data: string, ackMode: string): Promise<string> => {
    const request = { connector: 'lora', value: { data, port: 7 } };
    return (await call('POST', `${loraDeviceUrl}/commands`, { request, policy: { ackMode } })).id;
  };
  const status = async (id: string) => (await call('GET', `/api/v1/deviceMgt/commands/${id}`)).status;
  const messages = () => call<any[]>('GET', `/api/v0/data/streams/${loraDeviceId}`);
  const drops = () => call<Record<string, number>>('GET', '/bench/v1/lora/drops');
  const end = async () => {
    await program.signal('SIGKILL');
    await gateway.close();
  };
  return { program, gateway, call, hear, uplink, command, status, messages, drops, end };
}

it('a kill of the real program loses no session, nonce or command of a LoRa device, and no counter is used for two frames', {
  timeout: 90_000,
}, async () => {
  const device = new TestLoraDevice();
  /** What each counter of a downlink was used for. A stream of key bytes is a counter's: used twice it tells both payloads. */
  const used = new Map<number, string>();
  const heard = (data: Uint8Array) => {
    const frame = device.hear(data);
    const before = used.get(frame.fCnt);
    const content = `${frame.port ?? 'MAC'} ${frame.payload}`;
    if (before !== undefined) expect(content, `frames of counter ${frame.fCnt}`).toBe(before);
    used.set(frame.fCnt, content);
    return frame;
  };
  /** The next frame of a command; what the network says by itself is noted as well. */
  const nextCommand = async ({ gateway }: { gateway: TestGateway }) => {
    for (;;) {
      const frame = heard((await gateway.sent()).data);
      if (frame.port !== undefined) return frame;
    }
  };

  const first = await start(device);
  await using _first = first.program;
  await first.call('POST', '/api/v1/deviceMgt/devices', {
    id: loraDeviceId,
    interfaces: [{ connector: 'lora', enabled: true, definition: loraDefinition }],
  });
  const joinRequest = device.joinRequest();
  await first.hear(joinRequest);
  device.join((await first.gateway.sent()).data);
  const oldUplink = device.uplink({ port: 1, payload: '00' });
  await first.hear(oldUplink);
  await until(async () => (await first.messages()).length === 1);
  // It is asked for its battery, and listens no more.
  expect(heard((await first.gateway.sent()).data).port).toBeUndefined();
  const acknowledged = await first.command('aa', 'NETWORK');
  const behind = await first.command('bb', 'NETWORK');
  const last = await first.command('cc', 'NONE');
  await first.uplink();
  await until(async () => (await first.messages()).length === 2);
  const sent = await nextCommand(first);
  expect(sent).toMatchObject({ type: 'CONFIRMED_DATA_DOWN', payload: 'aa' });
  // The frame is on the air, and nobody has noted yet that it is.
  await first.end();

  const second = await start(device);
  await using _second = second.program;
  expect(await second.status(acknowledged)).toBe('PROCESSING');
  expect([await second.status(behind), await second.status(last)]).toEqual(['PENDING', 'PENDING']);
  expect((await second.call('GET', `${loraDeviceUrl}/interfaces`))[0].status).toBe('ACTIVATED');
  // What was heard before is a replay now as it was then.
  await second.hear(joinRequest);
  await second.hear(oldUplink);
  await until(async () => {
    const { repeatedDevNonce, repeatedCounter } = await second.drops();
    return repeatedDevNonce === 1 && repeatedCounter === 1;
  });
  expect(await second.messages()).toHaveLength(2);
  // The session goes on: the frame that the device has not acknowledged comes again as it was.
  await second.uplink();
  expect(await nextCommand(second)).toMatchObject({ payload: 'aa', fCnt: sent.fCnt });
  await second.uplink({ ack: true });
  await until(async () => (await second.status(acknowledged)) === 'PROCESSED');
  expect(await nextCommand(second)).toMatchObject({ payload: 'bb' });
  await second.end();

  const third = await start(device);
  await using _third = third.program;
  await third.uplink({ ack: true });
  await until(async () => (await third.status(behind)) === 'PROCESSED');
  expect(await nextCommand(third)).toMatchObject({ payload: 'cc' });
  await until(async () => (await third.status(last)) === 'PROCESSED');
  expect([...used.values()].filter((content) => content.startsWith('7'))).toEqual(['7 aa', '7 bb', '7 cc']);
  await third.end();
});

it('whenever the real program is killed while it sends, the counters of the frames go on', {
  timeout: 120_000,
}, async () => {
  const device = new TestLoraDevice();
  const counters: number[] = [];
  for (let run = 0; run < 4; run++) {
    const program = await start(device);
    await using _program = program.program;
    if (run === 0) {
      await program.call('POST', '/api/v1/deviceMgt/devices', {
        id: loraDeviceId,
        interfaces: [{ connector: 'lora', enabled: true, definition: loraDefinition }],
      });
      await program.hear(device.joinRequest());
      device.join((await program.gateway.sent()).data);
    }
    // Each confirmed uplink is answered, and the answers take a counter each.
    for (let count = 0; count < 2; count++) {
      await program.uplink({ confirmed: true });
      counters.push(device.hear((await program.gateway.sent()).data).fCnt);
    }
    await program.end();
  }
  expect(counters).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
