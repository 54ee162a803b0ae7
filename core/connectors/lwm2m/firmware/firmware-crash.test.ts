import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../../platform/memory-files.ts';
import { VirtualClock } from '../../../platform/virtual-clock.ts';
import { codes } from '../../../protocols/coap/codes.ts';
import { FirmwareClient, TestFirmware } from '../../../testing/firmware-device.ts';
import { startTestPlatform, type TestPlatform } from '../../../testing/test-platform.ts';
import { until } from '../../../testing/until.ts';

const image = randomBytes(20_000);
let lastPid = 750_000;
const running: TestPlatform[] = [];
let device: FirmwareClient;
let files: MemoryFiles;
let clock: VirtualClock;

afterEach(async () => {
  await device.close();
  for (const bench of running.splice(0)) await bench.stop();
});

/** Each start is a process of its own, and the earlier ones are dead. */
async function start(): Promise<void> {
  const current = { pid: ++lastPid, startMark: '' };
  const processes = { current, isRunning: async ({ pid }: { pid: number }) => pid === current.pid };
  const bench = await startTestPlatform({
    dataDir: '/data',
    ports: { http: 0, https: undefined, mqtt: undefined, mqtts: undefined, coaps: 0 },
    seams: { files, processes, clock },
  });
  running.push(bench);
}

const bench = (): TestPlatform => running.at(-1) as TestPlatform;

/** The first platform, a device that is registered, and an update that it is asked for. */
async function begin(firmware = new TestFirmware()): Promise<void> {
  files = new MemoryFiles();
  clock = new VirtualClock();
  await start();
  await bench().call('POST', '/api/v0/rm', { resourceId: 'fw' });
  const file = image.toString('base64');
  await bench().call('POST', '/api/v0/rm/fw/version', { resourceVersionId: '2', file });
  device = new FirmwareClient(bench, 'one', firmware);
  await device.create();
  await device.register();
}

/** The power goes, and the platform comes up again; the device finds that out by registering. */
async function crash(): Promise<void> {
  files = files.afterPowerLoss();
  await device.vanish();
  await start();
}

async function isDone(): Promise<void> {
  await until(() => device.firmware.state === 3);
  device.firmware.install('2');
  await device.restart();
  const update = await device.has({ status: 'DONE' });
  expect(update.history.at(0)).toMatchObject({ status: 'PENDING' });
  expect(Buffer.from(device.firmware.image ?? []).equals(image)).toBe(true);
}

/** It installs when it is told, and is busy with that until the test says what came of it. */
function installing(): TestFirmware {
  const firmware = new TestFirmware();
  firmware.onUpdate = () => {
    firmware.become(3);
    return { code: codes.changed };
  };
  return firmware;
}

describe('an update of firmware goes on when the platform was killed', () => {
  it('while the package was being written', async () => {
    const firmware = installing();
    await begin(firmware);
    // The last block has come, and its answer gets lost with the platform.
    let hold: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      hold = resolve;
    });
    firmware.onReceiving = () => {
      firmware.onReceiving = () => {};
      firmware.packageRefusal = { code: codes.serviceUnavailable };
      hold();
    };
    await device.ask();
    await held;
    const lost = files.afterPowerLoss();
    firmware.packageRefusal = undefined;
    // It is in the middle of a transfer that nobody goes on with.
    firmware.state = 1;
    files = lost;
    await crash();
    expect(await device.latest()).toMatchObject({ status: expect.stringMatching(/IN_PROGRESS|PENDING/) });
    await device.register();
    await isDone();
    expect(firmware.told).toContain('reset by /5/0/0');
  });

  it('when the package was there, and installing was not asked for', async () => {
    const firmware = installing();
    await begin(firmware);
    firmware.delivery = 0;
    firmware.protocols = [2];
    await device.ask();
    await until(() => firmware.told.includes('uri'));
    await device.has({ status: 'IN_PROGRESS' });
    await crash();
    // It has fetched the package meanwhile.
    firmware.image = image;
    firmware.state = 2;
    await device.register();
    await isDone();
    expect([device.times('uri'), device.times('update')]).toEqual([1, 1]);
  });

  it('while the device installed it', async () => {
    const firmware = installing();
    await begin(firmware);
    await device.ask();
    await until(() => firmware.state === 3);
    await crash();
    await device.register();
    await isDone();
    expect([device.times('package'), device.times('update')]).toEqual([1, 1]);
  });

  it('and the device had restarted meanwhile', async () => {
    const firmware = installing();
    await begin(firmware);
    await device.ask();
    await until(() => firmware.state === 3);
    firmware.install('2');
    await crash();
    await device.register();
    await device.has({ status: 'DONE' });
    expect(device.times('update')).toBe(1);
  });

  it('and fails as the device says, once it is back', async () => {
    const firmware = installing();
    await begin(firmware);
    await device.ask();
    await until(() => firmware.state === 3);
    firmware.install('1.0', 8);
    await crash();
    await device.register();
    expect(await device.has({ status: 'FAILED' })).toMatchObject({ deviceErrorCode: 'UPDATE_RESULT_8' });
  });
});

describe('an update of firmware goes on when the device went', () => {
  it('while the package was being written', async () => {
    const firmware = installing();
    await begin(firmware);
    firmware.onPackage = () => {
      firmware.onPackage = () => {};
      firmware.image = undefined;
      firmware.state = 0;
      void device.restart();
    };
    await device.ask();
    await until(() => device.times('package') === 2);
    await isDone();
  });
});
