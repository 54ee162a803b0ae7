import { publicModels } from '../../core/protocols/lwm2m/models/public-models.ts';
import { formWithFile } from '../../core/testing/form-file.ts';
import { objectXml } from '../../core/testing/object-xml.ts';
import { OpensslPki } from '../../core/testing/openssl.ts';
import { type Fits, RawText } from '../../core/testing/tenant-walk.ts';

/** Id of the owner's device, also its client id. */
export const device = 'urn:lo:nsid:alpha:secret-device';
const mqttInterface = `/api/v1/deviceMgt/devices/${device}/interfaces/mqtt:${device}`;
const csv = 'id,name\nurn:lo:nsid:alpha:imported,alpha imported\n,alpha wrong line\n';

/** Calls the API as the owner; resolves with the answer, and rejects when it is a refusal. */
export type Make = (path: string, body?: unknown, method?: string) => Promise<{ id: string }>;

/** What the owner has, by what later requests name it. */
export interface Furniture {
  readonly groupId: string;
  readonly keyId: string;
  readonly certificateId: string;
  readonly policyId: string;
  readonly updateId: string;
  readonly bootstrapConfigId: string;
  readonly certificate: string;
}

const operations = [
  { action: 'command', definition: { request: { connector: 'mqtt', value: { req: 'campaign' } } } },
];

/** Name of the owner's device in LwM2M. */
export const endpointName = 'alpha-lwm2m';
const lwm2mSecurity = {
  mode: 'PSK',
  pskInfo: { identity: 'alpha-lwm2m-identity', secret: 'alpha-lwm2m-secret' },
};
/** The owner's gateway of LoRa. */
const gatewayId = 'A1FA000000000005';
const dataRules = '/api/v1/deviceMgt/twin/data/rules';
const dataRule = { type: 'PASSTHROUGH', paths: ['/3'] };

/** Makes one of each thing that a tenant can have. What a later route adds beside them is found by itself. */
export async function furnish(make: Make): Promise<Furniture> {
  const group = await make('/api/v1/deviceMgt/groups', {
    pathNode: 'alphaGroup',
    description: 'alpha group',
  });
  const lora = {
    ...{ devEUI: 'A1FA000000000001', profile: 'alphaProfile', appEUI: 'A1FA000000000002' },
    ...{ appKey: 'A1FA0000000000030000000000000004', connectivityPlan: 'alpha/plan' },
  };
  await make('/api/v1/deviceMgt/devices', {
    ...{ id: device, name: 'alpha name', description: 'alpha text', tags: ['alphaTag'] },
    ...{ properties: { alphaProperty: 'alpha value' }, group: { path: '/alphaGroup' } },
    staticLocation: { lat: 48.1173, lon: -1.6778 },
    interfaces: [
      { connector: 'mqtt', definition: { clientId: device } },
      { connector: 'sms', definition: { msisdn: '33601201201' } },
      { connector: 'lora', definition: lora },
      { connector: 'x-connector', definition: { nodeId: 'alpha-node' } },
      { connector: 'lwm2m', definition: { endpointName, security: lwm2mSecurity } },
    ],
  });
  await make('/bench/v1/lora/gateways', { id: gatewayId, name: 'alpha gateway' });
  await make(`${mqttInterface}/debug`, { ttlHours: 360 });
  await make(`/api/v1/deviceMgt/devices/${device}/commands`, {
    request: { connector: 'mqtt', value: { req: 'alpha command' } },
  });
  await make(`/api/v1/deviceMgt/devices/${device}/config`, {
    parameters: { alphaParameter: { type: 'STRING', value: 'alpha configuration' } },
  });
  await make('/api/v0/deviceMgt/campaigns', {
    ...{ name: 'alpha campaign', planning: { startDate: '2999-01-01T00:00:00Z' }, operations },
    targets: { filterQuery: 'name=="alpha name"' },
  });
  await make('/api/v0/rm', {
    resourceId: 'alphaFirmware',
    label: 'alpha label',
    metadata: { alphaNote: 'alpha note' },
  });
  await make('/api/v0/rm/alphaFirmware/version', { resourceVersionId: 'alphaVersion', file: 'YWxwaGE=' });
  const update = await make(`/api/v1/deviceMgt/devices/${device}/resources/alphaFirmware/updates`, {
    requestedVersion: 'alphaVersion',
  });
  const bootstrapConfig = await make('/api/v1/bootstrap/lwm2m/configs', {
    ...{ name: 'alpha bootstrap', description: 'alpha text' },
    runServers: [
      {
        id: 'alphaServer',
        lwm2mDefinition: {
          security: { shortServerId: 1, lwm2mServerUri: 'coaps://alpha.example:5684', securityMode: 0 },
          server: { shortServerId: 1 },
        },
      },
    ],
  });
  const alphaPsk = (kind: string) => ({ identity: `alpha-${kind}-identity`, secret: `alpha-${kind}-secret` });
  await make('/api/v1/bootstrap/lwm2m/entries', {
    ...{ endpointName: 'alpha-endpoint', security: { mode: 'PSK', pskInfo: alphaPsk('bootstrap') } },
    definition: {
      bootstrapConfigId: bootstrapConfig.id,
      runServers: [{ id: 'alphaServer', security: { pskInfo: alphaPsk('run') } }],
    },
  });
  await make(objectDefinitions, alphaModel);
  await make(`/api/v1/deviceMgt/devices/${device}/twin/operations`, {
    ...{ type: 'READ', paths: ['/3/0'], contextToken: 'alpha token' },
  });
  await make(`/api/v1/deviceMgt/devices/${device}/twin/observations`, {
    paths: ['/3/0'],
    name: 'alpha observation',
  });
  await make(dataRules, { ...dataRule, name: 'alpha rule' });
  await make('/api/v0/topics/fifo', { name: 'alphaFifo' });
  await make('/api/v0/topics/fifo/alphaFifo', { alpha: 'waits' });
  const policy = await make('/api/v1/event2action/actionPolicies', {
    ...{ name: 'alpha policy', enabled: true, triggers: { dataMessage: { version: 1 } } },
    actions: { fifoPublish: [{ fifoName: 'alphaFifo' }] },
  });
  const pki = await OpensslPki.start();
  const { certificate } = await pki.ca('alpha CA');
  await pki.stop();
  const ca = await make('/api/v0/certificates/ca', { certificate, comment: 'alpha comment' });
  const key = await make('/api/v0/apiKeys', {
    ...{ label: 'alpha key', roles: ['DATA_R'], scope: { fifos: ['alphaFifo'] } },
    clientCert: { required: true, caCertIds: [ca.id] },
  });
  await make(`/api/v0/apiKeys/${key.id}/debugMode`, { activated: true, durationSeconds: 900 }, 'PUT');
  await make('/api/v0/users', { login: 'alpha-user', email: 'alpha@example.org', profile: 'USER' });
  await make('/api/v0/data/streams/alphaStream', {
    value: { alphaField: 'alpha reading' },
    metadata: { source: device },
  });
  await make('/bench/v1/devices/imports/alpha-import', new RawText(csv, 'text/csv'), 'PUT');
  await make('/bench/v1/simulators', {
    ...{ name: 'alpha fleet', periodMs: 60_000 },
    payload: { kind: 'fields', fields: { alphaCount: { kind: 'counter', start: 1 } } },
  });
  return {
    ...{ groupId: group.id, keyId: key.id, certificateId: ca.id, policyId: policy.id, updateId: update.id },
    certificate,
    bootstrapConfigId: bootstrapConfig.id,
  };
}

const search = { query: 'alpha', filters: { queryString: 'name=="alpha*"' } };
const policyBody = {
  ...{ name: 'alpha', enabled: true, triggers: { dataMessage: { filter: { deviceIds: [device] } } } },
  actions: { fifoPublish: [{ fifoName: 'alphaFifo' }] },
};
const fleet = {
  ...{ name: 'alpha fleet', count: 1 },
  payload: { kind: 'fields', fields: { a: { kind: 'constant', value: 1 } } },
};
const password = 'Alpha-pass-1';
const objectDefinitions = '/api/v1/deviceMgt/twin/model/object-definitions';
const alphaModelId = 'urn:oma:lwm2m:x:42800';
const alphaModel = formWithFile(objectXml({ id: 42_800, name: 'alpha object', urn: alphaModelId }));
/** Lists begin with the public ones, of which everybody has the same. */
const publicModelCount = (await publicModels()).all().length;
const bootstrapConfig = {
  name: 'beta',
  runServers: [
    {
      ...{ id: 'betaServer', useLiveObjects: true },
      lwm2mDefinition: { security: { shortServerId: 1 }, server: { shortServerId: 1 } },
    },
  ],
};
const bootstrapEntry = {
  endpointName: 'beta-endpoint',
  security: { mode: 'PSK', pskInfo: { identity: 'beta-identity', secret: 'beta-secret' } },
};
const entriesCsv = 'endpointName,pskInfo.identity,pskInfo.secret\nbeta-imported,beta-imported,beta-secret\n';

/**
 * Requests that every route finds in order, and that name the owner's things. A route that takes none of those made of
 * its schema needs a line here, and the walk says so.
 */
export function fittingRequests(furniture: Furniture): Fits {
  const { groupId, keyId, certificateId, certificate } = furniture;
  const explorer = '/api/v1/deviceMgt/explorer';
  const devices = '/api/v1/deviceMgt/devices';
  const config = { parameters: { alphaParameter: { type: 'STRING', value: 'stranger' } } };
  return {
    [`GET ${devices}/:deviceId/interfaces/:interfaceId`]: {
      names: [`mqtt:${device}`, 'sms:33601201201', 'lora:A1FA000000000001', 'x-connector:alpha-node'],
    },
    [`GET ${devices}/:deviceId/twin/objects/:objectId`]: { names: ['3'] },
    [`GET ${devices}/:deviceId/twin/objects/:objectId/:instanceId`]: { names: ['0'] },
    'POST /bench/v1/lora/gateways': { bodies: [{ id: gatewayId }, { id: 'B0B0000000000001' }] },
    'DELETE /bench/v1/lora/gateways/:gatewayId': { names: [gatewayId] },
    [`POST ${devices}/:deviceId/twin/operations`]: { bodies: [{ type: 'READ', paths: ['/3/0'] }] },
    [`POST ${devices}/:deviceId/twin/observations`]: { bodies: [{ paths: ['/3/0'] }] },
    [`POST ${dataRules}`]: { bodies: [dataRule] },
    [`PUT ${dataRules}/:id`]: { bodies: [dataRule] },
    [`GET ${devices}/:deviceId/config/parameters/:key`]: { names: ['alphaParameter'] },
    'GET /bench/v1/simulators/:id/devices/:number': { names: ['1'] },
    'GET /bench/v1/messages': { query: '?before=2999-01-01T00:00:00Z' },
    [`POST ${explorer}/search`]: { bodies: [search] },
    [`POST ${explorer}/stats`]: {
      bodies: [
        ...['group.path', 'tags', 'properties.alphaProperty'].map((field) => ({ groupBy: { field } })),
        { ...search, groupBy: { location: { precision: 6 } } },
      ],
    },
    'POST /bench/v1/messages/latest/search': { bodies: [{ deviceIds: [device] }] },
    [`POST ${devices}`]: {
      bodies: [
        { id: 'urn:lo:nsid:beta:one', group: { id: groupId } },
        { id: 'urn:lo:nsid:beta:one', group: { path: '/alphaGroup' } },
        { id: device, interfaces: [{ connector: 'sms', definition: { msisdn: '33601201201' } }] },
      ],
    },
    [`PATCH ${devices}/:deviceId`]: { bodies: [{ name: 'stranger' }, { id: 'urn:lo:nsid:beta:taken' }] },
    [`POST ${devices}/:deviceId/interfaces`]: {
      bodies: [{ connector: 'sms', definition: { msisdn: '33601201202' } }],
    },
    [`PATCH ${devices}/:deviceId/interfaces/:interfaceId`]: {
      bodies: [{ enabled: false }, { deviceId: 'urn:lo:nsid:beta:own' }],
    },
    'PATCH /api/v1/deviceMgt/connectors/:connector/nodes/:nodeId': { bodies: [{ enabled: false }] },
    [`POST ${devices}/:deviceId/commands`]: {
      bodies: [{ request: { connector: 'mqtt', value: { req: 'stranger' } } }],
    },
    [`POST ${devices}/:deviceId/config`]: { bodies: [config], makes: true },
    'POST /api/v0/deviceMgt/campaigns': {
      bodies: [{ name: 'beta', operations, targets: { filterQuery: 'name==alpha*' } }],
    },
    'PATCH /api/v0/deviceMgt/campaigns/:id': { bodies: [{ name: 'stranger' }] },
    [`POST ${devices}/:deviceId/resources/:resourceId`]: { bodies: [{ version: 'alphaVersion' }] },
    [`POST ${devices}/:deviceId/resources/:resourceId/updates`]: {
      bodies: [{ requestedVersion: 'alphaVersion' }],
    },
    [`POST ${devices}/:deviceId/resources/updates/:updateId/status`]: { names: [furniture.updateId] },
    'GET /api/v0/rm/connectors/:connector/metadata': { names: ['http-updater', 'lwm2m-updater'] },
    'GET /api/v0/rm/:resourceId/compatibleVersion/:currentVersion': { names: ['alphaOther'] },
    'POST /api/v0/rm': { bodies: [{ resourceId: 'alphaFirmware' }] },
    'POST /api/v0/rm/:resourceId/version': {
      bodies: [{ resourceVersionId: 'alphaVersion', file: 'AAAA' }],
    },
    'PUT /api/v0/rm/:resourceId': { bodies: [{ label: 'stranger' }] },
    'PUT /api/v0/rm/:resourceId/version/:versionId': { bodies: [{ description: 'stranger' }] },
    [`POST ${objectDefinitions}`]: { bodies: [alphaModel] },
    [`GET ${objectDefinitions}`]: { query: `?limit=1&offset=${publicModelCount}` },
    [`GET ${objectDefinitions}/:objectDefinitionId`]: { names: [alphaModelId] },
    'GET /bench/v1/lwm2m/models/:objectDefinitionId': { names: [alphaModelId] },
    'POST /api/v1/bootstrap/lwm2m/configs': { bodies: [bootstrapConfig] },
    'PUT /api/v1/bootstrap/lwm2m/configs/:id': { bodies: [bootstrapConfig] },
    'POST /api/v1/bootstrap/lwm2m/entries': {
      bodies: [
        { ...bootstrapEntry, definition: { bootstrapConfigId: furniture.bootstrapConfigId } },
        bootstrapEntry,
      ],
    },
    'PUT /api/v1/bootstrap/lwm2m/entries/:endpointName': { bodies: [bootstrapEntry] },
    'PUT /api/v1/bootstrap/lwm2m/entries/:endpointName/definition/bootstrapConfigId': {
      bodies: [furniture.bootstrapConfigId],
    },
    'POST /bench/v1/bootstrap/lwm2m/entries/imports': {
      bodies: [new RawText(entriesCsv, 'text/csv')],
      makes: true,
    },
    'POST /api/v1/deviceMgt/groups': {
      bodies: [
        { pathNode: 'alphaGroup', description: 'a /alphaGroup of my own' },
        { pathNode: 'below', parentId: groupId },
      ],
    },
    'PUT /api/v1/deviceMgt/groups/:id': { bodies: [{ pathNode: 'stranger' }, { parentId: 'root' }] },
    'PUT /bench/v1/devices/imports/:importId': { bodies: [new RawText(csv, 'text/csv')], makes: true },
    'POST /api/v0/apiKeys': {
      bodies: [
        { label: 'alpha', roles: ['DATA_R'], parentId: keyId },
        { label: 'alpha', roles: [], clientCert: { required: true, caCertIds: [certificateId] } },
        { label: 'alpha', roles: ['BUS_R'], scope: { fifos: ['alphaFifo'] } },
      ],
    },
    'POST /api/v0/apiKeys/:id': { bodies: [{ regenerateValue: true }, { active: false }] },
    'PUT /api/v0/apiKeys/:id/debugMode': { bodies: [{ activated: false }] },
    'POST /api/v0/certificates/ca': { bodies: [{ certificate, comment: 'alpha comment' }] },
    'POST /api/v0/users': { bodies: [{ login: 'beta-user', profile: 'USER', password }] },
    'POST /api/v0/users/:id': { bodies: [{ state: 'disabled' }] },
    'POST /api/v0/users/:id/password': { bodies: [{ newPassword: password }] },
    'POST /api/v0/data/streams/:streamId': {
      bodies: [{ value: { x: 1 }, metadata: { source: device } }],
      makes: true,
    },
    'POST /api/v0/data/bulk': {
      bodies: [[{ streamId: 'alphaStream', value: { a: 1 }, metadata: { source: device } }]],
    },
    'GET /api/v0/topics/fifo/:name': { names: ['alphaFifo'] },
    'GET /api/v1/event2action/fifos/:name': { names: ['alphaFifo'] },
    'GET /bench/v1/fifos/:name/messages': { names: ['alphaFifo'] },
    'POST /api/v0/topics/fifo': { bodies: [{ name: 'alphaFifo' }] },
    'POST /api/v0/topics/fifo/:name': { bodies: [{ stranger: true }] },
    'POST /api/v1/event2action/actionPolicies': {
      bodies: [policyBody, { ...policyBody, id: furniture.policyId }],
    },
    'PUT /api/v1/event2action/actionPolicies/:id': { bodies: [policyBody], makes: true },
    'PUT /api/v1/event2action/actionPolicies/:id/enabled': { bodies: [false] },
    'POST /bench/v1/simulators': { bodies: [fleet] },
    'POST /bench/v1/simulators/:id/devices/:number/send': { bodies: [{ topic: 'dev/data', payload: '1' }] },
    'POST /bench/v1/simulators/:id/devices/:number/actions': { bodies: [{ action: 'reboot' }] },
  };
}
