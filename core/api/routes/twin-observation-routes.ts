import { z } from 'zod';
import { createTwinObservationRequest, twinObservationJson } from '../../contract/twin.ts';
import type { ObservationService } from '../../twin/observation-service.ts';
import { v1WholeList } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';
import { noTwin, notOfTwin, ofTwinParams, twinParams, twinTag, twinUrl } from './twin-parts.ts';

const ofDevice = `${twinUrl}/observations`;
const one = `${ofDevice}/:id`;
const notThere = notOfTwin('observation');

const example = { paths: ['/6/0'], name: 'Observation on the location Object' };

/** What devices are observed for (manual 7.8.8). */
export function twinObservationRoutes(observations: ObservationService): Route[] {
  return [
    defineRoute({
      method: 'POST',
      url: ofDevice,
      role: 'DEVICE_W',
      tag: twinTag,
      summary: 'Observe an object, an instance, an attribute, or several',
      description: `It begins when the device can be reached, and anew after each registration. When the device notifies is
set by an operation WRITE-METADATA.`,
      status: 201,
      params: twinParams,
      body: createTwinObservationRequest.meta({ examples: [example] }),
      response: twinObservationJson,
      failures: {
        403: 'Also: the device has as many observations as it may have',
        404: noTwin,
      },
      handler: ({ grant, params, body }) => observations.create(grant.tenantId, params.deviceId, body),
    }),
    defineRoute({
      method: 'GET',
      url: ofDevice,
      role: 'DEVICE_R',
      tag: twinTag,
      summary: 'List the observations of a device, the oldest first',
      params: twinParams,
      response: z.array(twinObservationJson),
      failures: { 404: noTwin },
      handler: ({ grant, params, wantsTotal }) =>
        v1WholeList(observations.list(grant.tenantId, params.deviceId), wantsTotal),
    }),
    defineRoute({
      method: 'GET',
      url: one,
      role: 'DEVICE_R',
      tag: twinTag,
      summary: 'Get an observation of a device',
      params: ofTwinParams,
      response: twinObservationJson,
      failures: { 404: notThere },
      handler: ({ grant, params }) => observations.get(grant.tenantId, params.deviceId, params.id),
    }),
    defineRoute({
      method: 'DELETE',
      url: one,
      role: 'DEVICE_W',
      tag: twinTag,
      summary: 'Cancel an observation',
      description: 'At the device when it can be reached, else with its next notification.',
      status: 204,
      params: ofTwinParams,
      failures: { 404: notThere },
      handler: ({ grant, params }) => observations.cancel(grant.tenantId, params.deviceId, params.id),
    }),
  ];
}
