import { atMost, exactlyNone, type Figure } from '../lib/figures.ts';
import { clientIdPrefix, Fleetbench } from '../peers/fleetbench.ts';
import { type Bench, sleep } from './bench.ts';

const wantedDevices = 10_000;
/** Files and sockets that a process has open anyway. */
const otherFiles = 200;
const settleMs = 3000;
const megabyte = 1e6;
const goal = atMost(400);

/** Scenario (e). */
export async function idleDevices(bench: Bench): Promise<Figure[]> {
  const { files, tempDir, load, machine } = bench;
  const limit = machine.openFilesLimit ?? Number.POSITIVE_INFINITY;
  const count = Math.min(wantedDevices, limit - otherFiles);
  if (count < wantedDevices) {
    bench.say(
      `A process may open ${limit} files: only ${count} of ${wantedDevices} devices connect (ulimit -n).`,
    );
  }
  const server = await Fleetbench.start({ files, tempDir, routeToFifo: true });
  try {
    await sleep(settleMs);
    const before = await server.usage();
    const target = { host: '127.0.0.1', port: server.mqttPort };
    const connectMs = await load.call('openIdle', {
      target,
      login: server.deviceLogin,
      clientIdPrefix,
      count,
    });
    await sleep(settleMs);
    const after = await server.usage();
    const connected = await server.api.countConnections();
    const lost = await load.call('countLostIdle');
    await load.call('closeIdle');
    const name = `${count.toLocaleString('en-US')} devices`;
    // With fewer devices the goal says nothing.
    const judged = count === wantedDevices ? goal : undefined;
    const bytesEach = (after.rssBytes - before.rssBytes) / count;
    return [
      { scenario: 'e', label: 'server RSS before', value: before.rssBytes / megabyte, unit: 'MB' },
      {
        scenario: 'e',
        label: `server RSS with ${name}`,
        value: after.rssBytes / megabyte,
        unit: 'MB',
        goal: judged,
      },
      { scenario: 'e', label: 'server RSS at most', value: after.peakRssBytes / megabyte, unit: 'MB' },
      { scenario: 'e', label: 'for each device', value: bytesEach / 1000, unit: 'kB' },
      {
        scenario: 'e',
        label: 'time to connect all (each is new and registered)',
        value: connectMs / 1000,
        unit: 's',
      },
      {
        scenario: 'e',
        label: 'not connected any more',
        value: count - connected + lost,
        unit: '',
        goal: exactlyNone,
      },
    ];
  } finally {
    await server.stop();
  }
}
