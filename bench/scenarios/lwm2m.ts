import { atLeast, atMost, exactlyNone, type Figure } from '../lib/figures.ts';
import { machineCpuMs } from '../lib/usage.ts';
import { sensorPath } from '../load/lwm2m-device.ts';
import { Fleetbench, masterKey } from '../peers/fleetbench.ts';
import { type Bench, sleep } from './bench.ts';

/** Also the endpoint name and the PSK identity of each. */
const prefix = 'urn:lo:nsid:bench:lwm2m';
const secret = '000102030405060708090a0b0c0d0e0f';
const fewDevices = 200;
const manyDevices = 5000;
/** Files and sockets that a process has open anyway. */
const otherFiles = 200;
const readsPerS = 100;
const callsAtATime = 32;
const settleMs = 3000;
const megabyte = 1e6;

/** Scenarios (o), (p) and (r): the same fleet registers, notifies and is read. */
export async function lwm2m(bench: Bench): Promise<Figure[]> {
  const wants = (id: 'o' | 'p' | 'r'): boolean => bench.options.scenarios.has(id);
  const { load } = bench;
  const server = await start(bench, fewDevices);
  try {
    const { failed } = await open(bench, server, fewDevices);
    if (failed > 0) throw new Error(`${failed} of ${fewDevices} devices could not register`);
    const figures: Figure[] = [];
    if (wants('o')) figures.push(...(await registrations(bench, server)));
    if (wants('r')) figures.push(...(await reads(bench, server)));
    if (wants('p')) figures.push(...(await notifications(bench, server)));
    await load.call('closeLwm2m');
    return figures;
  } finally {
    await server.stop();
  }
}

/** Scenario (q). */
export async function registeredDevices(bench: Bench): Promise<Figure[]> {
  const limit = bench.machine.openFilesLimit ?? Number.POSITIVE_INFINITY;
  const count = Math.min(manyDevices, limit - otherFiles);
  if (count < manyDevices)
    bench.say(`A process may open ${limit} files: only ${count} of ${manyDevices} devices (ulimit -n).`);
  const server = await Fleetbench.start({ ...bench, routeToFifo: false });
  try {
    await sleep(settleMs);
    const before = await server.usage();
    await makeDevices(server, count);
    await sleep(settleMs);
    const made = await server.usage();
    const { durationMs, failed } = await open(bench, server, count);
    await sleep(settleMs);
    const after = await server.usage();
    await bench.load.call('closeLwm2m');
    const about = { scenario: 'q' } as const;
    const name = `${count.toLocaleString('en-US')} registered devices`;
    const more = (after.rssBytes - before.rssBytes) / megabyte;
    bench.say(`${name}: ${more.toFixed(0)} MB more, ${(count / durationMs) * 1000}/s`);
    return [
      { ...about, label: 'server RSS before', value: before.rssBytes / megabyte, unit: 'MB' },
      {
        ...{ ...about, label: `more with ${name}`, value: more, unit: 'MB' },
        goal: count === manyDevices ? atMost(300) : undefined,
      },
      {
        ...{ ...about, label: 'of it, before they came', unit: 'MB' },
        value: (made.rssBytes - before.rssBytes) / megabyte,
      },
      {
        ...{ ...about, label: 'handshakes with registration', unit: '/s' },
        value: (count / durationMs) * 1000,
      },
      { ...about, label: 'not registered', value: failed, unit: '', goal: exactlyNone },
    ];
  } finally {
    await server.stop();
  }
}

async function registrations(bench: Bench, server: Fleetbench): Promise<Figure[]> {
  const { perSecond, latency, failed, cpuUs } = await measured(bench, server, 'register');
  bench.say(`registrations: ${perSecond.toFixed(0)}/s`);
  const about = { scenario: 'o' } as const;
  return [
    { ...about, label: `registrations per second, ${fewDevices} devices`, value: perSecond, unit: '/s' },
    { ...about, label: 'p99 until 2.01, which is when it is stored', value: latency.p99Ms, unit: 'ms' },
    { ...about, label: 'server CPU for each', value: cpuUs, unit: 'us' },
    { ...about, label: 'not answered 2.01', value: failed, unit: '', goal: exactlyNone },
  ];
}

async function notifications(bench: Bench, server: Fleetbench): Promise<Figure[]> {
  const rule = { name: 'bench', type: 'PASSTHROUGH', paths: ['/'] };
  await server.api.call('POST', '/api/v1/deviceMgt/twin/data/rules', rule);
  const ids = Array.from({ length: fewDevices }, (_, index) => `${prefix}${index}`);
  for (const id of ids)
    await server.api.call('POST', `/api/v1/deviceMgt/devices/${id}/twin/observations`, {
      paths: [sensorPath],
    });
  while ((await bench.load.call('countObservedLwm2m')) < fewDevices) await sleep(50);
  const { perSecond, latency, done, failed, cpuUs } = await measured(bench, server, 'notify');
  const stored = await server.api.countStored(ids);
  bench.say(`notifications: ${perSecond.toFixed(0)}/s, p99 ${latency.p99Ms.toFixed(1)} ms, ${stored} stored`);
  const about = { scenario: 'p' } as const;
  return [
    {
      ...{ ...about, label: `notifications stored per second, ${fewDevices} devices`, unit: '/s' },
      value: perSecond,
      goal: atLeast(3000),
    },
    { ...about, label: 'p99 until the acknowledgement', value: latency.p99Ms, unit: 'ms' },
    { ...about, label: 'server CPU for each', value: cpuUs, unit: 'us' },
    {
      ...{ ...about, label: 'not acknowledged, or acknowledged and not stored once', unit: '' },
      value: failed + Math.abs(done - stored),
      goal: exactlyNone,
    },
  ];
}

async function reads(bench: Bench, server: Fleetbench): Promise<Figure[]> {
  const durationMs = Math.max(bench.options.measureMs, 3000);
  await bench.load.call('readLwm2m', { perSecond: readsPerS, durationMs: bench.options.warmUpMs });
  const folder = bench.options.profileDir;
  if (folder !== undefined) await server.program.call('startProfile');
  const [before, machineBefore] = [await server.usage(), machineCpuMs()];
  const { latency, failed, done, generatorCpu } = await bench.load.call('readLwm2m', {
    ...{ perSecond: readsPerS, durationMs },
  });
  const [after, machineAfter] = [await server.usage(), machineCpuMs()];
  if (folder !== undefined) {
    const threads = await server.program.call('stopProfile', { folder, label: 'lwm2m-read' });
    bench.keepProfile({ profile: 'lwm2m-read', threads: threads ?? [] });
  }
  const serverMs = after.cpuMs - before.cpuMs;
  bench.noteOthers((machineAfter - machineBefore - serverMs) / (after.atMs - before.atMs) - generatorCpu);
  bench.say(`READ at ${readsPerS}/s: p99 ${latency.p99Ms.toFixed(1)} ms`);
  const about = { scenario: 'r', unit: 'ms' } as const;
  return [
    { ...about, label: `READ at ${readsPerS}/s: p50 from POST to the value`, value: latency.p50Ms },
    { ...about, label: `READ at ${readsPerS}/s: p99`, value: latency.p99Ms, goal: atMost(50) },
    { ...about, label: `READ at ${readsPerS}/s: longest`, value: latency.maxMs },
    {
      ...about,
      label: 'server CPU for each, with looking for it',
      value: (serverMs / done) * 1000,
      unit: 'us',
    },
    { ...about, label: 'generator CPU (100 % is one core)', value: generatorCpu * 100, unit: '%' },
    { ...about, label: 'not answered with a value', value: failed, unit: '', goal: exactlyNone },
  ];
}

/** Warms up, measures, and lets what is on its way end; `done` and `failed` are of all of it. */
async function measured(bench: Bench, server: Fleetbench, what: 'register' | 'notify') {
  const { load, options } = bench;
  await load.call('beginLwm2m', what);
  await sleep(options.warmUpMs);
  const folder = options.profileDir;
  if (folder !== undefined) await server.program.call('startProfile');
  const [before, machineBefore] = [await server.usage(), machineCpuMs()];
  const result = await load.call('measureLwm2m', { durationMs: options.measureMs });
  const [after, machineAfter] = [await server.usage(), machineCpuMs()];
  if (folder !== undefined) {
    const threads = await server.program.call('stopProfile', { folder, label: `lwm2m-${what}` });
    bench.keepProfile({ profile: `lwm2m-${what}`, threads: threads ?? [] });
  }
  const { done, failed } = await load.call('stopLwm2m');
  const serverMs = after.cpuMs - before.cpuMs;
  const others = (machineAfter - machineBefore - serverMs) / (after.atMs - before.atMs) - result.generatorCpu;
  bench.noteOthers(Math.max(0, others));
  const cpuUs = (serverMs / ((result.perSecond * (after.atMs - before.atMs)) / 1000)) * 1000;
  bench.keep({ round: what, ...result });
  return { ...result, done, failed, cpuUs };
}

async function start(bench: Bench, count: number): Promise<Fleetbench> {
  const profile = bench.options.profileDir !== undefined;
  const server = await Fleetbench.start({ ...bench, routeToFifo: false, profile });
  await makeDevices(server, count);
  return server;
}

function open(bench: Bench, server: Fleetbench, devices: number) {
  const { httpUrl, coapsPort: port } = server;
  return bench.load.call('openLwm2m', { port, httpUrl, apiKey: masterKey, prefix, secret, devices });
}

async function makeDevices(server: Fleetbench, count: number): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const id = `${prefix}${next++}`;
      const security = { mode: 'PSK', pskInfo: { identity: id, secret } };
      await server.api.createDevice({
        id,
        interfaces: [{ connector: 'lwm2m', definition: { endpointName: id, security } }],
      });
    }
  };
  await Promise.all(Array.from({ length: callsAtATime }, work));
}
