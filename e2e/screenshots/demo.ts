import type { MqttClient } from 'mqtt';
import type { FleetTemplateInput, FleetView, GalleryEntry } from '../../core/contract/simulators.ts';
import { OpensslPki } from '../../core/testing/openssl.ts';
import type { Platform } from '../platform.ts';

const devicesUrl = '/api/v1/deviceMgt/devices';
const simulatorsUrl = '/bench/v1/simulators';

/** The device whose own page is shown, and what it is called. */
export const pump = { id: 'urn:lo:nsid:acme:pump-7', name: 'Pump 7, north well' };
/** A FIFO that has no consumer, so that messages wait in it. */
export const waitingFifo = 'maintenance';

/** Where the simulated buildings are, in degrees. */
const cities: readonly (readonly [lat: number, lon: number])[] = [
  [48.86, 2.35],
  [45.76, 4.84],
  [43.3, 5.37],
  [43.6, 1.44],
  [50.63, 3.06],
  [51.51, -0.13],
  [40.42, -3.7],
  [41.39, 2.17],
  [52.52, 13.4],
  [45.46, 9.19],
  [59.33, 18.07],
  [14.69, -17.45],
  [36.75, 3.06],
];

const pumpPeriodMs = 700;
const dayMs = 24 * 3600 * 1000;
const demoPassword = 'Demo-Pa55word';

/** What the gallery's fleets become in the pictures: enough of them, and quick enough, to fill a window. */
const fleets: Readonly<Record<string, Partial<FleetTemplateInput>>> = {
  'room-climate': { count: 60, periodMs: 4000 },
  'gps-tracker': { count: 4, periodMs: 2000 },
  machine: { count: 12, periodMs: 1500 },
  'energy-meter': { count: 24, periodMs: 3000 },
};

/** Real clients beside the simulated ones: what a first customer would have on the table. */
const siteDevices = [
  {
    ...pump,
    group: '/site/north',
    tags: ['pump', 'critical'],
    staticLocation: { lat: 48.1173, lon: -1.6778 },
    online: true,
  },
  {
    id: 'urn:lo:nsid:acme:pump-8',
    name: 'Pump 8, south well',
    group: '/site/south',
    tags: ['pump'],
    staticLocation: { lat: 48.05, lon: -1.66 },
    online: true,
  },
  {
    id: 'urn:lo:nsid:acme:tank-2',
    name: 'Tank 2, level sensor',
    group: '/site/south',
    tags: ['tank'],
    staticLocation: { lat: 48.03, lon: -1.75 },
    online: true,
  },
  {
    id: 'urn:lo:nsid:acme:gate-1',
    name: 'Gate 1, new firmware',
    group: '/site/north',
    tags: ['gate'],
    staticLocation: { lat: 48.15, lon: -1.61 },
    online: true,
  },
  {
    id: 'urn:lo:nsid:acme:pump-3',
    name: 'Pump 3, spare',
    group: '/site/south',
    tags: ['pump'],
    staticLocation: { lat: 48.02, lon: -1.65 },
    online: false,
  },
] as const;

/** The campaign whose own page is shown. */
export const runningCampaign = 'Shorter period, all machines';

/** Fills a platform with a fleet that could be somebody's. @returns the ids of the simulated fleets, by template */
export async function loadDemo(platform: Platform): Promise<Map<string, string>> {
  await makeRouting(platform);
  await makeKeys(platform);
  await makeUsers(platform);
  await makeCertificates(platform);
  await registerSite(platform);
  const fleets = await startFleets(platform);
  await placeFleets(platform);
  await makeCampaigns(platform);
  return fleets;
}

/** One that goes on, for some of its devices are not there or take no commands; one that is done; one to come. */
async function makeCampaigns(platform: Platform): Promise<void> {
  const plan = (name: string, targets: object, operations: object[], more = {}): Promise<unknown> =>
    platform.api('POST', '/api/v0/deviceMgt/campaigns', { name, targets, operations, ...more });
  const command = (req: string, policy = {}) => ({
    action: 'command',
    definition: { request: { connector: 'mqtt', value: { req, arg: {} } }, policy, maxRetry: 1 },
  });
  const period = { type: 'INT32', valueInt32: 30 };
  const configure = { action: 'configure', definition: { assetParameters: { reportPeriodS: period } } };
  const startDate = new Date(Date.now() + 20 * dayMs).toISOString();
  const endDate = new Date(Date.now() + 21 * dayMs).toISOString();
  await plan('Yearly test of the pumps', { filterQuery: 'tags==pump' }, [command('selfTest')], {
    planning: { startDate, endDate },
  });
  await plan('Report once', { filterQuery: 'tags==climate' }, [command('report')]);
  const replaced = ['urn:lo:nsid:sim:machine-1', 'urn:lo:nsid:sim:machine-2', 'urn:lo:nsid:acme:pump-9'];
  await plan('Restart after repair', { idList: replaced }, [command('restart')]);
  await plan(runningCampaign, { filterQuery: 'tags=in=(machine,pump)' }, [configure, command('apply')], {
    description: 'Asked for by maintenance, until the bearings are replaced',
    planning: { endDate },
  });
}

/** Gives the simulated devices places, as somebody would who has a map of the buildings they are in. */
async function placeFleets(platform: Platform): Promise<void> {
  const wanted = Object.values(fleets).reduce((sum, { count = 0 }) => sum + count, 0);
  const list = `${devicesUrl}?limit=1000&property.simulated=true`;
  let devices: { id: string }[] = [];
  while (devices.length < wanted) {
    devices = await platform.api('GET', list);
    await new Promise((resolve) => void setTimeout(resolve, 200));
  }
  for (const [index, { id }] of devices.entries()) {
    const [lat, lon] = cities[index % cities.length] ?? [0, 0];
    const away = (index % 7) * 0.004;
    const staticLocation = { lat: round(lat + away), lon: round(lon - away / 2) };
    await platform.api('PATCH', `${devicesUrl}/${encodeURIComponent(id)}`, { staticLocation });
  }
}

async function makeRouting(platform: Platform): Promise<void> {
  const policy = (id: string, name: string, filter: object, ...fifos: string[]): Promise<unknown> =>
    platform.api('PUT', `/api/v1/event2action/actionPolicies/${id}`, {
      name,
      triggers: { dataMessage: { filter } },
      actions: { fifoPublish: fifos.map((fifoName) => ({ fifoName })) },
    });
  await policy('everything', 'Archive everything', {}, 'archive');
  const site = { connectors: ['mqtt'], groupPaths: [{ path: '/site', includeSubPath: true }] };
  await policy('site', 'Site to the operators', site, 'operators');
  await policy('pumps', 'Pumps to maintenance', { tags: [['pump'], ['machine']] }, waitingFifo);
  await platform.consume('archive');
  await platform.consume('operators');
}

async function makeKeys(platform: Platform): Promise<void> {
  const make = (key: object): Promise<{ id: string }> => platform.api('POST', '/api/v0/apiKeys', key);
  const site = await make({ label: 'Site', roles: ['API_KEY_R', 'API_KEY_W', 'DEVICE_ACCESS', 'DATA_R'] });
  await make({ label: 'North well', roles: ['DEVICE_ACCESS'], parentId: site.id });
  await make({ label: 'South well', roles: ['DEVICE_ACCESS'], parentId: site.id, active: false });
  const to = Date.now() + 20 * dayMs;
  await make({ label: 'Operators’ application', roles: ['BUS_R', 'DATA_R', 'DEVICE_R'], to });
  const description = 'For the tests of the gateway';
  await make({ label: 'CI', description, roles: ['DEVICE_R', 'DEVICE_W', 'DATA_R'] });
}

async function makeUsers(platform: Platform): Promise<void> {
  const users = [
    { login: 'anna', email: 'anna@acme.example', profile: 'ADMIN' },
    { login: 'tom', email: 'tom@acme.example', profile: 'USER' },
    { login: 'control-room', roles: ['DEVICE_R', 'DATA_R'] },
  ];
  for (const user of users) {
    await platform.api('POST', '/api/v0/users', { ...user, password: demoPassword });
  }
  await platform.api('POST', '/api/v0/auth', { login: 'anna', password: demoPassword });
  await platform.api('POST', '/bench/v1/tenants', { name: 'acme test' });
}

/** Two authorities, of which one ends soon. */
async function makeCertificates(platform: Platform): Promise<void> {
  const pki = await OpensslPki.start();
  try {
    const authorities = [
      { name: 'Acme Plant CA', days: 700 },
      { name: 'Acme Test CA', days: 12.5 },
    ];
    for (const { name, days } of authorities) {
      const { certificate } = await pki.ca(name, { toMs: Date.now() + days * dayMs });
      await platform.api('POST', '/api/v0/certificates/ca', { certificate, comment: name });
    }
  } finally {
    await pki.stop();
  }
}

async function registerSite(platform: Platform): Promise<void> {
  const groups = new Map<string, string>();
  for (const path of ['/site', '/site/north', '/site/south']) {
    const parentId = groups.get(path.slice(0, path.lastIndexOf('/')));
    const body = { pathNode: path.slice(path.lastIndexOf('/') + 1), ...(parentId ? { parentId } : {}) };
    const { id } = await platform.api<{ id: string }>('POST', '/api/v1/deviceMgt/groups', body);
    groups.set(path, id);
  }
  for (const { id, name, group, tags, staticLocation } of siteDevices) {
    const interfaces = [{ connector: 'mqtt', definition: { clientId: id } }];
    const body = { id, name, tags, group: { path: group }, interfaces, staticLocation };
    await platform.api('POST', devicesUrl, body);
  }
  for (const { id, online } of siteDevices) {
    const client = await platform.device(id);
    if (!online) await client.endAsync();
    else if (id.endsWith('gate-1')) sendFaultyNow(client);
    else sendNow(client, id.includes('pump') ? pumpValue : tankValue);
  }
}

const pumpValue = (n: number) => ({
  flowM3h: round(42 + 6 * Math.sin(n / 9) + Math.sin(n * 1.7)),
  pressureBar: round(5.2 + 0.4 * Math.cos(n / 7)),
  motor: { temperatureC: round(58 + 4 * Math.sin(n / 15)), rpm: 2900 + Math.round(20 * Math.sin(n)) },
  state: 'RUNNING',
});
const tankValue = (n: number) => ({ levelM: round(3.1 + 0.6 * Math.sin(n / 20)), inflow: n % 9 < 6 });

const round = (value: number): number => Math.round(value * 100) / 100;

function sendNow(client: MqttClient, value: (n: number) => object): void {
  repeat(client, pumpPeriodMs, (n) => {
    const location = { lat: 48.1173, lon: -1.6778 };
    client.publish('dev/data', JSON.stringify({ model: 'site_v2', value: value(n), location }), { qos: 1 });
  });
}

/** A firmware under test: most of what it sends is good, and some is not. */
function sendFaultyNow(client: MqttClient): void {
  const faults = [
    '{"value":{"door.state":"OPEN"}}',
    '{"value": {"door": "OPEN"',
    '{"model":"gate v1","value":{}}',
  ];
  repeat(client, 4000, (n) => {
    const good = JSON.stringify({ model: 'gate_v1', value: { door: n % 2 ? 'OPEN' : 'CLOSED', cycles: n } });
    client.publish('dev/data', n % 3 === 2 ? (faults[Math.floor(n / 3) % faults.length] ?? '') : good, {
      qos: 1,
    });
  });
}

/** Until the client is gone. */
function repeat(client: MqttClient, periodMs: number, send: (n: number) => void): void {
  let n = 0;
  const timer = setInterval(() => send(n++), periodMs);
  client.once('close', () => clearInterval(timer));
  send(n++);
}

async function startFleets(platform: Platform): Promise<Map<string, string>> {
  const templates = await platform.api<GalleryEntry[]>('GET', `${simulatorsUrl}/templates`);
  const started = new Map<string, string>();
  for (const { id, template } of templates) {
    const change = fleets[id];
    if (!change) continue;
    const fleet = await platform.api<FleetView>('POST', simulatorsUrl, { ...template, ...change });
    await platform.api('POST', `${simulatorsUrl}/${fleet.id}/start`);
    started.set(id, fleet.id);
  }
  return started;
}
