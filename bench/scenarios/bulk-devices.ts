import { csvLine } from '../../core/inventory/bulk/csv-text.ts';
import { atMost, exactlyNone, type Figure, ofRounds } from '../lib/figures.ts';
import { Fleetbench } from '../peers/fleetbench.ts';
import type { Bench } from './bench.ts';

const devices = 10_000;
const renames = 5;
const importGoal = atMost(10);
const renameGoal = atMost(1);
const stallGoal = atMost(50);
const importUrl = '/bench/v1/devices/imports/bench';
const groupsUrl = '/api/v1/deviceMgt/groups';

/** Scenario (i): a fleet imported from a file, the group it is in renamed, and the fleet exported. */
export async function bulkDevices(bench: Bench): Promise<Figure[]> {
  const { files, tempDir } = bench;
  const server = await Fleetbench.start({ files, tempDir, routeToFifo: false });
  try {
    const imported = await timed(server, () =>
      server.api.call<{ created: number }>('PUT', `${importUrl}?createGroups=true`, fleetFile()),
    );
    const [fleet] = await server.api.call<{ id: string }[]>('GET', `${groupsUrl}?groupPath=/fleet`);
    const renamed: Timed<unknown>[] = [];
    for (let number = 0; number < renames; number++) {
      renamed.push(
        await timed(server, () =>
          server.api.call('PUT', `${groupsUrl}/${fleet?.id}`, { pathNode: `fleet-${number}` }),
        ),
      );
    }
    const there = await server.api.countDevices(`/fleet-${renames - 1}/*`);
    const exported = await timed(server, () =>
      server.api.call<unknown[]>('GET', '/bench/v1/devices/export?format=json'),
    );
    const wrong =
      Math.abs(imported.answer.created - devices) +
      Math.abs(there - devices) +
      Math.abs(exported.answer.length - devices);
    const scenario = 'i' as const;
    return [
      { scenario, label: 'import of 10,000 devices', value: imported.seconds, unit: 's', goal: importGoal },
      stall('import', imported.stallMs),
      ofRounds(
        { scenario, label: 'rename of a group with 10,000 devices', unit: 's', goal: renameGoal },
        renamed.map(({ seconds }) => seconds),
      ),
      stall('rename', Math.max(...renamed.map(({ stallMs }) => stallMs))),
      { scenario, label: 'export of 10,000 devices', value: exported.seconds, unit: 's' },
      stall('export', exported.stallMs),
      { scenario, label: 'missing or in another group', value: wrong, unit: '', goal: exactlyNone },
    ];
  } finally {
    await server.stop();
  }
}

function stall(during: string, valueMs: number): Figure {
  return {
    scenario: 'i',
    label: `${during}: longest stall of the main thread`,
    value: valueMs,
    unit: 'ms',
    goal: stallGoal,
  };
}

interface Timed<Answer> {
  readonly answer: Answer;
  readonly seconds: number;
  readonly stallMs: number;
}

async function timed<Answer>(server: Fleetbench, run: () => Promise<Answer>): Promise<Timed<Answer>> {
  await server.program.call('resetStalls');
  const startMs = performance.now();
  const answer = await run();
  const seconds = (performance.now() - startMs) / 1000;
  return { answer, seconds, stallMs: await server.program.call('longestStallMs') };
}

/** Each device with tags, properties, an MQTT interface, and a group below the one that is renamed. */
function fleetFile(): string {
  const columns = ['id', 'name', 'tags', 'group.path', 'properties.serial', 'properties.room'];
  const header = [...columns, 'interfaces.0.connector', 'interfaces.0.definition.clientId'];
  const lines = Array.from({ length: devices }, (_, number) => [
    `urn:lo:nsid:bench:device${number}`,
    `Device ${number}`,
    `bench|floor ${number % 10}`,
    `/fleet/site ${number % 20}`,
    String(number),
    `Room ${number % 300}`,
    'mqtt',
    `urn:lo:nsid:bench:device${number}`,
  ]);
  return [header, ...lines].map(csvLine).join('');
}
