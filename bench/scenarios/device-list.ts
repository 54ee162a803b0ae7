import { atMost, type Figure } from '../lib/figures.ts';
import { Histogram } from '../lib/histogram.ts';
import { Fleetbench } from '../peers/fleetbench.ts';
import type { Bench } from './bench.ts';

const fleetSize = 100_000;
const atATime = 50;
const goal = atMost(50);
/** Enough for a p95 that one slow call does not decide. */
const calls = { full: 100, quick: 20 };

interface ListCall {
  readonly name: string;
  readonly filterQuery: string;
  readonly sort: string;
}

/** From filters that most devices pass to one that none does, in orders with and without an index. */
const lists: readonly ListCall[] = [
  { name: 'tag of 1 in 10, by name', filterQuery: 'tags==demo', sort: 'name' },
  { name: 'tag of 1 in 1,000, by name', filterQuery: 'tags==rare', sort: '-name' },
  { name: 'tag of nobody, by name', filterQuery: 'tags==nobody', sort: 'name' },
  {
    name: 'tag and property, newest first',
    filterQuery: 'tags==half;property.site==site-7',
    sort: '-created',
  },
  { name: 'name begins with, by id', filterQuery: 'name==Sensor-12*', sort: '-id' },
  { name: 'group and below, by name', filterQuery: 'groupPath==/north/*;tags==demo', sort: 'name' },
  {
    name: 'one of three sites or a tag, by creation and name',
    filterQuery: 'property.site=in=(site-1,site-2,site-3),tags==rare',
    sort: 'created,name',
  },
  { name: 'property as a number, by name', filterQuery: 'property.temperature=gt=99', sort: 'name' },
  { name: 'all but one tag, by name', filterQuery: 'tags!=half;property.site!=site-7', sort: 'name' },
  {
    name: 'connector and tag, by group and name',
    filterQuery: 'connector==mqtt;tags==rare',
    sort: 'group,name',
  },
  { name: 'all, by group', filterQuery: 'groupPath==/*', sort: 'group' },
  { name: 'all but one tag, by newest contact', filterQuery: 'tags!=half', sort: '-interfaces.lastContact' },
  { name: 'tag, by state of the interface', filterQuery: 'tags==half', sort: 'interfaces.status' },
  { name: 'description of nobody, by name', filterQuery: "description=='not there'", sort: 'name' },
  { name: 'node id contains, by name', filterQuery: 'interfaces.nodeId==*-12345*', sort: 'name' },
  {
    name: 'state of the interface, by name',
    filterQuery: 'interfaces.status==REGISTERED;tags==demo',
    sort: 'name',
  },
];

/** Scenario (h). */
export async function deviceLists(bench: Bench): Promise<Figure[]> {
  const { files, tempDir, options } = bench;
  const server = await Fleetbench.start({ files, tempDir, routeToFifo: false });
  try {
    await registerFleet(bench, server);
    const figures: Figure[] = [];
    const count = options.quick ? calls.quick : calls.full;
    for (const list of lists) {
      const delays = new Histogram();
      // Once before, for the statement to be compiled and the store to catch up.
      await server.api.listDevices(list);
      await server.program.call('resetStalls');
      for (let call = 0; call < count; call++) {
        const startMs = performance.now();
        await server.api.listDevices(list);
        delays.record(performance.now() - startMs);
      }
      const about = { scenario: 'h', unit: 'ms' } as const;
      figures.push(
        { ...about, label: `${list.name}: p95`, value: delays.quantileMs(0.95), goal },
        {
          ...about,
          label: `${list.name}: longest stall of the main thread`,
          value: await server.program.call('longestStallMs'),
        },
      );
      bench.keep({ list: list.name, delays: delays.summary(), p95Ms: delays.quantileMs(0.95) });
    }
    return figures;
  } finally {
    await server.stop();
  }
}

async function registerFleet(bench: Bench, { api }: Fleetbench): Promise<void> {
  bench.say(`registering ${fleetSize.toLocaleString('en-US')} devices`);
  const groups = ['north', 'south'];
  for (const pathNode of groups) {
    const parentId = await api.createGroup(pathNode);
    for (let number = 0; number < 10; number++) await api.createGroup(`g${number}`, parentId);
  }
  for (let first = 0; first < fleetSize; first += atATime) {
    const numbers = Array.from({ length: Math.min(atATime, fleetSize - first) }, (_, index) => first + index);
    await Promise.all(numbers.map((number) => api.createDevice(deviceOf(number, groups))));
  }
}

function deviceOf(number: number, groups: readonly string[]): object {
  // Spread over the fleet, and the same in every run.
  const mixed = (number * 2_654_435_761) % 2 ** 32;
  const tags = [
    'all',
    ...(mixed % 10 === 0 ? ['demo'] : []),
    ...(Math.floor(mixed / 65_536) % 2 === 0 ? ['half'] : []),
  ];
  if (number % 1000 === 0) tags.push('rare');
  const id = `urn:lo:nsid:bench:${mixed.toString(16)}-${number}`;
  return {
    id,
    name: `Sensor-${mixed % 1_000_000}`,
    description: 'one of many',
    tags,
    properties: {
      site: `site-${number % 100}`,
      model: `model-${mixed % 5}`,
      temperature: String((mixed % 1000) / 10),
    },
    group: { path: `/${groups[mixed % groups.length]}/g${number % 10}` },
    interfaces: [{ connector: 'mqtt', definition: { clientId: id } }],
  };
}
