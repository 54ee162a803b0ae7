import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBlock } from '../core/protocols/coap/block.ts';
import { codes, methods } from '../core/protocols/coap/codes.ts';
import type { LoggedMessage } from '../core/protocols/coap/context.ts';
import { findOption, findStrings, optionNumbers } from '../core/protocols/coap/options.ts';
import { FirmwareClient, TestFirmware } from '../core/testing/firmware-device.ts';
import { until } from '../core/testing/until.ts';
import { type RealProgram, startRealProgram } from './testing/real-program.ts';

const { block1, block2, uriPath } = optionNumbers;
/** 300 blocks of 1,024 bytes, and the kill comes at the 100th. */
const image = randomBytes(300 * 1024);
const killAtBlock = 100;

let folder: string;
let running: RealProgram;
let device: FirmwareClient;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-kill-'));
});
afterEach(async () => {
  await device.close();
  await running.program[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const platform = {
  call: async (method: string, path: string, body?: unknown) => ({
    body: await running.call(method, path, body),
  }),
  platform: { endpoints: () => running.endpoints },
};

/** A device that is registered with the first program, and a version for it. */
async function begin(firmware: TestFirmware): Promise<void> {
  running = await startRealProgram(folder);
  await running.call('POST', '/api/v0/rm', { resourceId: 'fw' });
  const file = image.toString('base64');
  await running.call('POST', '/api/v0/rm/fw/version', { resourceVersionId: '2', file });
  device = new FirmwareClient(() => platform, 'killed', firmware);
  await device.create();
  await device.register();
}

/** Kills the program as soon as the device has got this block of the package, and starts it again. */
async function killAt(isThatBlock: (message: LoggedMessage) => boolean, meanwhile: () => Promise<void>) {
  const { program } = running;
  let seen = (): void => {};
  const reached = new Promise<void>((resolve) => {
    seen = resolve;
  });
  device.onMessage = (entry) => {
    if (entry.direction !== 'in' || !isThatBlock(entry)) return;
    program.child.kill('SIGKILL');
    seen();
  };
  await device.ask();
  await Promise.all([reached, meanwhile()]);
  expect((await program.ended).signal).toBe('SIGKILL');
  device.onMessage = () => {};
  await device.vanish();
  running = await startRealProgram(folder);
}

const blockOf = ({ message }: LoggedMessage, number: number): number | undefined => {
  const value = message && findOption(message.options, number);
  return value && readBlock(value)?.number;
};
const isPushed = (entry: LoggedMessage): boolean =>
  blockOf(entry, block1) === killAtBlock &&
  findStrings(entry.message?.options ?? [], uriPath).join('/') === '5/0/0';
const isPulled = (entry: LoggedMessage): boolean => blockOf(entry, block2) === killAtBlock;

/** It installs when it is told to, and is back with the version that it got. */
async function installs(): Promise<void> {
  const { firmware } = device;
  await until(() => firmware.state === 3);
  expect(Buffer.from(firmware.image ?? []).equals(image)).toBe(true);
  firmware.install('2');
  await device.restart();
  await device.has({ status: 'DONE', progress: 100 });
  expect(running.program.child.exitCode).toBeNull();
}

function installing(): TestFirmware {
  const firmware = new TestFirmware();
  firmware.onUpdate = () => {
    firmware.become(3);
    return { code: codes.changed };
  };
  return firmware;
}

/** A device that fetches its package over its session. */
function pulling(): TestFirmware {
  const firmware = installing();
  firmware.delivery = 0;
  firmware.protocols = [1];
  firmware.onUri = () => void fetchPackage().catch(() => {});
  return firmware;
}

async function fetchPackage(): Promise<void> {
  const { firmware } = device;
  const { code, payload } = await device.client.send({
    method: methods.GET,
    path: new URL(firmware.uri).pathname,
  });
  if (code === codes.content) firmware.fetched(payload);
}

describe('a kill of the real program in the middle of a transfer of firmware', { timeout: 60_000 }, () => {
  it('that is pushed lets it be pushed anew, and what waited behind it is asked', async () => {
    const firmware = installing();
    await begin(firmware);
    const operations = `/api/v1/deviceMgt/devices/${device.deviceId}/twin/operations`;
    const ids: string[] = [];
    // These are asked beside the transfer; of the first one the answer never comes.
    device.client.script['GET /3/0/0'] = () => new Promise(() => {});
    const meanwhile = async (): Promise<void> => {
      for (const path of ['/3/0/0', '/3/0/1']) {
        const body = { type: 'READ', paths: [path], policy: { attempts: 2 } };
        const made = await running.call('POST', operations, body).catch(() => undefined);
        if (made) ids.push(made.id);
      }
    };
    await killAt(isPushed, meanwhile);
    // Its state is what a device has that has got some blocks of several.
    firmware.state = 1;
    expect(await device.latest()).toMatchObject({
      status: expect.stringMatching(/PENDING|SENT|IN_PROGRESS/),
    });
    await device.register();
    device.client.script['GET /3/0/1'] = 'text';
    await installs();
    for (const path of ['/3/0/0', '/3/0/1']) device.client.script[`GET ${path}`] = 'text';
    expect(firmware.told).toEqual(['reset by /5/0/0', 'package', 'update']);
    await running.call('POST', '/bench/v1/clock/advance', { duration: 'PT25M' });
    for (const id of ids)
      await until(async () => (await running.call('GET', `${operations}/${id}`)).status === 'OK');
  });

  it('that is fetched lets it be fetched by the same link, and told once', async () => {
    await begin(pulling());
    await killAt(isPulled, async () => {});
    expect(device.firmware.image).toBeUndefined();
    await device.register();
    await fetchPackage();
    await installs();
    expect(device.firmware.told).toEqual(['uri', 'update']);
  });

  it('that is fetched ends it as the device says that has given up', async () => {
    await begin(pulling());
    await killAt(isPulled, async () => {});
    device.firmware.state = 0;
    device.firmware.result = 4;
    await device.register();
    expect(await device.has({ status: 'FAILED' })).toMatchObject({ deviceErrorCode: 'UPDATE_RESULT_4' });
    expect(device.firmware.told).toEqual(['uri']);
  });
});
