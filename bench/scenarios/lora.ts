import { atLeast, atMost, exactlyNone, type Figure } from '../lib/figures.ts';
import { machineCpuMs } from '../lib/usage.ts';
import { Fleetbench, masterKey } from '../peers/fleetbench.ts';
import { type Bench, sleep } from './bench.ts';

const devices = 200;
const gateways = 2;
const appEui = '02F1EE7B00000000';
const appKey = '000102030405060708090a0b0c0d0e0f';
/** Offered one after the other, until one is too many. */
const rates = [2000, 3100, 4000, 5000, 6000, 8000];
/** How long after the last frame its message may be stored; copies are waited for 0.2 s of it. */
const lateMs = 2000;
const lookMs = 100;
const callsAtATime = 32;
const fleetDevices = 5000;
const megabyte = 1e6;

/** Scenario (t). */
export async function loraUplinks(bench: Bench): Promise<Figure[]> {
  const { load, options } = bench;
  const profile = options.profileDir !== undefined;
  const server = await Fleetbench.start({ ...bench, routeToFifo: false, profile });
  try {
    const devEuis = Array.from(
      { length: devices },
      (_, index) => `02F1EE7BB0${index.toString(16).padStart(6, '0').toUpperCase()}`,
    );
    const ids = devEuis.map((devEui) => `urn:lo:nsid:lora:${devEui}`);
    await makeDevices(server, devEuis);
    await load.call('openLora', { port: server.loraPort, devEuis, appEui, appKey, gateways });
    let stored = await storedSoon(server, ids, devices);
    if (stored < devices)
      throw new Error(`${devices - stored} of ${devices} LoRa devices did not get through`);
    await load.call('sendLora', { perSecond: 500, durationMs: options.warmUpMs });
    await sleep(lateMs);
    stored = await server.api.countStored(ids);
    let best: { perSecond: number; cpuUs: number; generatorCpu: number } | undefined;
    for (const perSecond of rates) {
      if (options.profileDir !== undefined) await server.program.call('startProfile');
      const [before, machineBefore] = [await server.usage(), machineCpuMs()];
      const { sent, durationMs, generatorCpu } = await load.call('sendLora', {
        perSecond,
        durationMs: options.measureMs,
      });
      const [after, machineAfter] = [await server.usage(), machineCpuMs()];
      if (options.profileDir !== undefined) {
        const label = `lora-${perSecond}`;
        const threads = await server.program.call('stopProfile', { folder: options.profileDir, label });
        bench.keepProfile({ profile: label, threads: threads ?? [] });
      }
      const serverMs = after.cpuMs - before.cpuMs;
      const others = (machineAfter - machineBefore - serverMs) / (after.atMs - before.atMs) - generatorCpu;
      bench.noteOthers(Math.max(0, others));
      const now = await storedSoon(server, ids, stored + sent);
      const missing = stored + sent - now;
      bench.say(`LoRa uplinks at ${perSecond}/s: ${missing} of ${sent} not stored`);
      bench.keep({ round: `lora ${perSecond}`, sent, missing, durationMs, serverMs });
      stored = now;
      if (missing > 0) break;
      best = { perSecond: (sent / durationMs) * 1000, cpuUs: (serverMs / sent) * 1000, generatorCpu };
    }
    const about = { scenario: 't' } as const;
    return [
      {
        ...{
          ...about,
          label: 'uplinks per second, heard by two gateways, of which none was lost',
          unit: '/s',
        },
        value: best?.perSecond ?? 0,
        goal: atLeast(3000),
      },
      { ...about, label: 'server CPU for each', value: best?.cpuUs ?? 0, unit: 'us' },
      {
        ...about,
        label: 'generator CPU (100 % is one core)',
        value: (best?.generatorCpu ?? 0) * 100,
        unit: '%',
      },
    ];
  } finally {
    await load.call('closeLora');
    await server.stop();
  }
}

/** Scenario (u). */
export async function loraFleet(bench: Bench): Promise<Figure[]> {
  const server = await Fleetbench.start({ ...bench, routeToFifo: false });
  try {
    const { httpUrl, loraPort } = server;
    const settleMs = Math.max(bench.options.measureMs, 3000);
    const loraUrl = `udp://127.0.0.1:${loraPort}`;
    const run = { loraUrl, httpUrl, apiKey: masterKey, devices: fleetDevices, settleMs };
    const { connected, joinMs, moreBytes, cpu } = await bench.load.call('runLoraFleet', run);
    bench.say(`${connected} simulated LoRa devices: ${(moreBytes / megabyte).toFixed(0)} MB`);
    const about = { scenario: 'u' } as const;
    const name = `${fleetDevices.toLocaleString('en-US')} simulated LoRa devices`;
    return [
      {
        ...about,
        label: `more RSS with ${name}`,
        value: moreBytes / megabyte,
        unit: 'MB',
        goal: atMost(500),
      },
      { ...about, label: 'time until all had joined', value: joinMs / 1000, unit: 's' },
      { ...about, label: 'CPU of the simulator, an uplink a minute each', value: cpu * 100, unit: '%' },
      { ...about, label: 'not joined', value: fleetDevices - connected, unit: '', goal: exactlyNone },
    ];
  } finally {
    await server.stop();
  }
}

/** How many messages there are, as soon as it is so many, or when the time is over. */
async function storedSoon(server: Fleetbench, ids: readonly string[], wanted: number): Promise<number> {
  const untilMs = performance.now() + lateMs;
  for (;;) {
    const stored = await server.api.countStored(ids);
    if (stored >= wanted || performance.now() > untilMs) return stored;
    await sleep(lookMs);
  }
}

async function makeDevices(server: Fleetbench, devEuis: readonly string[]): Promise<void> {
  const waiting = [...devEuis];
  const profile = 'DP_Generic_US915_ClassA';
  const work = async (): Promise<void> => {
    for (let devEUI = waiting.pop(); devEUI; devEUI = waiting.pop()) {
      const definition = { devEUI, appEUI: appEui, appKey, profile, connectivityPlan: 'orange-cs/CP_Basic' };
      const interfaces = [{ connector: 'lora', definition }];
      await server.api.createDevice({ id: `urn:lo:nsid:lora:${devEUI}`, interfaces });
    }
  };
  await Promise.all(Array.from({ length: callsAtATime }, work));
}
