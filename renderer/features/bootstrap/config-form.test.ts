import { expect, test } from 'vitest';
import {
  type BootstrapConfigJson,
  bootstrapConfigRequest,
} from '../../../core/contract/bootstrap/configs.ts';
import { formOfConfig, newConfig, newRunServer, toConfigRequest } from './config-form.ts';

const shortServerId = 12;
const config: BootstrapConfigJson = {
  ...{ id: '1', name: 'Meters', created: '2030-01-01T00:00:00Z', updated: '2030-01-01T00:00:00Z' },
  runServers: [
    {
      ...{ id: 'own', useLiveObjects: true, renewSecurityOnBootstrap: true },
      lwm2mDefinition: {
        security: { shortServerId },
        server: { shortServerId, lifetime: 300, muteSend: false },
      },
    },
    {
      ...{ id: 'other', useLiveObjects: false },
      lwm2mDefinition: {
        security: {
          ...{ settings: { objectInstanceId: 4 }, lwm2mServerUri: 'coaps://head-end:5684', securityMode: 2 },
          ...{
            shortServerId: 13,
            serverPublicKey: 'AAAA',
            dtlsTlsCiphersuite: [49_320, 49_322],
            matchingType: 0,
          },
        },
        server: { shortServerId: 13, binding: 'UT', trigger: true, preferredTransport: 'T', apnLink: 0 },
      },
    },
  ],
};

test('a form gives back every field that the API has', () => {
  const { id: _id, created: _created, updated: _updated, ...fields } = config;
  expect(toConfigRequest(formOfConfig(config))).toEqual(fields);
  expect(bootstrapConfigRequest.safeParse(toConfigRequest(formOfConfig(config))).success).toBe(true);
});

test('what is empty is left out, and what is no number is left for the check to name', () => {
  const form = { ...newConfig, name: 'x', runServers: [newRunServer(1, true)] };
  expect(toConfigRequest(form).runServers[0]?.lwm2mDefinition).toEqual({
    security: { shortServerId: 1 },
    server: { shortServerId: 1, lifetime: 300, binding: 'U' },
  });
  const wrong = { ...form, runServers: [{ ...newRunServer(1, true), server: { disableTimeout: 'soon' } }] };
  const checked = bootstrapConfigRequest.safeParse(toConfigRequest(wrong));
  expect(checked.error?.issues[0]?.path.join('.')).toBe('runServers.0.lwm2mDefinition.server.disableTimeout');
});
