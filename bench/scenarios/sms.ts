import { atLeast, exactlyNone, type Figure } from '../lib/figures.ts';
import { Fleetbench, masterKey } from '../peers/fleetbench.ts';
import { type Bench, sleep } from './bench.ts';

const devices = 500;
const commandsEach = 10;
const window = 200;
const callers = 64;
const callsAtATime = 32;
const lookMs = 20;
/** Above what is measured: the usual one is for centres that want no more. */
const settings = { smppMaxMessagesPerSecond: 100_000 };

/** Scenarios (v) and (w). */
export async function sms(bench: Bench): Promise<Figure[]> {
  const { load, options } = bench;
  const port = await load.call('openSms');
  const centre = { smppHost: '127.0.0.1', smppPort: port, ...settings };
  const profile = options.profileDir !== undefined;
  const server = await Fleetbench.start({ ...bench, routeToFifo: false, profile, settings: centre });
  try {
    const msisdns = Array.from({ length: devices }, (_, index) => String(33_600_000_001 + index));
    const ids = msisdns.map((msisdn) => `urn:lo:nsid:sms:${msisdn}`);
    await makeDevices(server, msisdns);
    await bound(server);
    const warmUp = await load.call('deliverSms', { msisdns, window, durationMs: options.warmUpMs });
    const [upBefore, up, upAfter] = await measured(bench, server, 'sms-up', () =>
      load.call('deliverSms', { msisdns, window, durationMs: options.measureMs }),
    );
    const missing = warmUp.count + up.count - (await server.api.countStored(ids));
    const asked = { httpUrl: server.httpUrl, key: masterKey, deviceIds: ids, callers };
    await load.call('commandSms', { ...asked, commandsEach: 1 });
    const [downBefore, down, downAfter] = await measured(bench, server, 'sms-down', () =>
      load.call('commandSms', { ...asked, commandsEach }),
    );
    const perS = (result: { count: number; durationMs: number }) => (result.count / result.durationMs) * 1000;
    const cpuUs = (before: { cpuMs: number }, after: { cpuMs: number }, count: number) =>
      ((after.cpuMs - before.cpuMs) / count) * 1000;
    bench.say(`SMS: ${perS(up).toFixed(0)}/s up, ${perS(down).toFixed(0)}/s down`);
    bench.keep({ round: 'sms', up, down, missing });
    const [v, w] = [{ scenario: 'v' } as const, { scenario: 'w' } as const];
    return [
      {
        ...v,
        label: 'messages of devices per second, stored',
        value: perS(up),
        unit: '/s',
        goal: atLeast(1000),
      },
      { ...v, label: 'p99 until deliver_sm_resp', value: up.latency.p99Ms, unit: 'ms' },
      { ...v, label: 'server CPU for each', value: cpuUs(upBefore, upAfter, up.count), unit: 'us' },
      { ...v, label: 'generator CPU (100 % is one core)', value: up.generatorCpu * 100, unit: '%' },
      {
        ...{ ...v, label: 'refused, or answered and not stored', value: up.failed + missing, unit: '' },
        goal: exactlyNone,
      },
      {
        ...{ ...w, label: 'commands per second, from POST to receipt', value: perS(down), unit: '/s' },
        goal: atLeast(1000),
      },
      { ...w, label: 'all at once: p99 from POST to receipt', value: down.latency.p99Ms, unit: 'ms' },
      { ...w, label: 'server CPU for each', value: cpuUs(downBefore, downAfter, down.count), unit: 'us' },
      { ...w, label: 'generator CPU (100 % is one core)', value: down.generatorCpu * 100, unit: '%' },
      { ...w, label: 'refused, or without a receipt', value: down.failed, unit: '', goal: exactlyNone },
    ];
  } finally {
    await load.call('closeSms');
    await server.stop();
  }
}

/** What the server used before and after, and a profile where one is wanted. */
async function measured<Result>(
  { options, keepProfile }: Bench,
  server: Fleetbench,
  label: string,
  run: () => Promise<Result>,
) {
  const folder = options.profileDir;
  if (folder !== undefined) await server.program.call('startProfile');
  const before = await server.usage();
  const result = await run();
  const after = await server.usage();
  if (folder !== undefined) {
    const threads = await server.program.call('stopProfile', { folder, label });
    keepProfile({ profile: label, threads: threads ?? [] });
  }
  return [before, result, after] as const;
}

async function bound(server: Fleetbench): Promise<void> {
  for (;;) {
    const { state } = await server.api.call<{ state: string }>('GET', '/bench/v1/sms/centre');
    if (state === 'BOUND') return;
    await sleep(lookMs);
  }
}

async function makeDevices(server: Fleetbench, msisdns: readonly string[]): Promise<void> {
  const waiting = [...msisdns];
  const work = async (): Promise<void> => {
    for (let msisdn = waiting.pop(); msisdn; msisdn = waiting.pop()) {
      const interfaces = [{ connector: 'sms', definition: { msisdn, serverPhoneNumber: '20259' } }];
      await server.api.createDevice({ id: `urn:lo:nsid:sms:${msisdn}`, interfaces });
    }
  };
  await Promise.all(Array.from({ length: callsAtATime }, work));
}
