import { z } from 'zod';
import type { CoapLogService } from '../../connectors/lwm2m/log/coap-log-service.ts';
import { coapLogPage } from '../../contract/coap-log.ts';
import { deviceId } from '../../contract/devices.ts';
import { queryInteger } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'Bench';
const query = z.object({
  limit: queryInteger({ min: 1, max: 10_000, default: 500 }),
  before: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the id of an entry')
    .transform(Number)
    .optional()
    .describe('Only what is older than the entry of this id'),
});

const description = `CoAP messages, decoded, and DTLS handshakes and alerts, with both LwM2M servers. In memory, since the
start of the program, as many as are kept (settings coapLogMaxMessages, coapLogMaxBytes). As they come they are on the
live socket, channel coap.`;

/** What goes over the wire between LwM2M devices and the platform. */
export function coapLogRoutes(log: CoapLogService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/bench/v1/devices/:deviceId/coap-log',
      role: 'DEVICE_R',
      tag,
      summary: 'The last CoAP messages and DTLS events of a device, newest first',
      description,
      params: z.object({ deviceId }),
      query,
      response: coapLogPage,
      failures: { 404: 'No such device' },
      handler: ({ grant, params, query: { limit, before } }) =>
        log.ofDevice(grant.tenantId, params.deviceId, limit, before),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/coap-log',
      role: 'operator',
      tag,
      summary: 'The last DTLS events of clients that no interface is known of, newest first',
      description:
        'Unknown PSK identities, those that several interfaces have, and handshakes that ended before a client had said its own. With a wrong key for a known identity it is in the log of the device.',
      query,
      response: coapLogPage,
      handler: ({ query: { limit, before } }) => log.ofNobody(limit, before),
    }),
  ];
}
