import { z } from 'zod';
import type { CaCertificates } from '../../accounts/ca-certificates.ts';
import {
  caCertificateJson,
  createCaCertificateRequest,
  createdCaCertificate,
} from '../../contract/certificates.ts';
import { v0List, v0PageOf, v0PageQuery } from '../paging.ts';
import { idParams } from '../params.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v0/certificates/ca';
const tag = 'CA certificates';

/** CA certificates of a tenant, by which its devices are certified (manual 6.3.4, facts 13). */
export function caCertificateRoutes(certificates: CaCertificates): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'API_KEY_R',
      tag,
      summary: 'List CA certificates',
      query: z.object(v0PageQuery),
      response: v0PageOf(caCertificateJson),
      handler: ({ grant, query }) => v0List(certificates.list(grant.tenantId), query),
    }),
    defineRoute({
      method: 'POST',
      url,
      role: 'API_KEY_W',
      tag,
      summary: 'Add a CA certificate',
      description: 'Name its id in `clientCert.caCertIds` of an API key to let devices in that it certified.',
      body: createCaCertificateRequest,
      response: createdCaCertificate,
      failures: { 409: 'The tenant has this certificate already' },
      handler: async ({ grant, body }) => ({ id: await certificates.add(grant.tenantId, body) }),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:id`,
      role: 'API_KEY_R',
      tag,
      summary: 'Get a CA certificate',
      params: idParams,
      response: caCertificateJson,
      failures: { 404: 'No such certificate' },
      handler: ({ grant, params: { id } }) => certificates.get(grant.tenantId, id),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:id`,
      role: 'API_KEY_W',
      tag,
      summary: 'Delete a CA certificate',
      description:
        'API keys that name it lose it, and those that ask for client certificates go on to do so. MQTT sessions of devices that it certified are ended.',
      params: idParams,
      failures: { 404: 'No such certificate' },
      handler: ({ grant, params: { id } }) => certificates.delete(grant.tenantId, id),
    }),
  ];
}
