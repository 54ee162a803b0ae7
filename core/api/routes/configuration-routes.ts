import { z } from 'zod';
import type { ConfigurationService } from '../../configuration/configuration-service.ts';
import {
  configKey,
  configurationJson,
  configurationRequest,
  fifoOfTopic,
  parameterJson,
  parametersJson,
} from '../../contract/configuration.ts';
import { deviceId } from '../../contract/devices.ts';
import { requireFifos } from '../../routing/fifo-scope.ts';
import { queryBoolean } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const ofDevice = '/api/v1/deviceMgt/devices/:deviceId/config';
const one = `${ofDevice}/parameters/:key`;
const tag = 'Configuration';
const params = z.object({ deviceId });
const oneParams = z.object({ deviceId, key: configKey });

const example = {
  parameters: {
    MyParamINT32: { type: 'INT32', value: -333 },
    MyParamSTRING: { type: 'STRING', value: 'My sentence' },
  },
  notifyTo: 'fifo/configUpdateFifo',
};

/** Configuration of devices (manual 8.2, facts 3). */
export function configurationRoutes(configuration: ConfigurationService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: ofDevice,
      role: 'DEVICE_R',
      tag,
      summary: 'Get the configuration of a device',
      params,
      response: configurationJson,
      failures: { 404: 'No such device' },
      handler: ({ grant, params }) => configuration.get(grant.tenantId, params.deviceId),
    }),
    defineRoute({
      method: 'POST',
      url: ofDevice,
      role: 'DEVICE_W',
      tag,
      summary: 'Ask for values of configuration parameters',
      description: `They go out as soon as the device takes them. A device that is not there is made.
Answered, with the whole configuration, when the request is stored.`,
      status: 200,
      params,
      body: configurationRequest.meta({ examples: [example] }),
      response: configurationJson,
      handler: ({ grant, params, body }) => {
        const fifo = fifoOfTopic(body.notifyTo ?? '');
        if (fifo !== undefined) requireFifos(grant.fifos, [fifo]);
        return configuration.request(grant.tenantId, params.deviceId, body);
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${ofDevice}/parameters`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get the configuration parameters of a device',
      params,
      response: parametersJson,
      failures: { 404: 'No such device' },
      handler: async ({ grant, params }) => {
        const { parameters } = await configuration.get(grant.tenantId, params.deviceId);
        return parameters;
      },
    }),
    defineRoute({
      method: 'GET',
      url: one,
      role: 'DEVICE_R',
      tag,
      summary: 'Get one configuration parameter of a device',
      params: oneParams,
      response: parameterJson,
      failures: { 404: 'No such device, or no such parameter' },
      handler: ({ grant, params: { deviceId, key } }) =>
        configuration.getParameter(grant.tenantId, deviceId, key),
    }),
    defineRoute({
      method: 'DELETE',
      url: one,
      role: 'DEVICE_W',
      tag,
      summary: 'Forget a configuration parameter of a device',
      description: 'It is not sent any more. A device that reports it makes it known again.',
      params: oneParams,
      failures: { 404: 'No such device, or no such parameter' },
      handler: ({ grant, params: { deviceId, key } }) => configuration.delete(grant.tenantId, deviceId, key),
    }),
    defineRoute({
      method: 'PUT',
      url: `${one}/status`,
      role: 'DEVICE_W',
      tag,
      summary: 'Take the request for a value back',
      description: 'The body is the JSON text "CANCELED".',
      params: oneParams,
      query: z.object({
        force: queryBoolean.default(false).describe('true: also when it has gone out to the device'),
      }),
      body: z.literal('CANCELED', 'must be the JSON text "CANCELED"'),
      response: z.object({ content: z.literal('CANCELED') }),
      failures: {
        404: 'No such device, or no such parameter',
        409: 'It was sent, or there is no request to take back',
      },
      handler: async ({ grant, params: { deviceId, key }, query, body }) => {
        await configuration.cancel(grant.tenantId, deviceId, key, query);
        return { content: body };
      },
    }),
  ];
}
