import { z } from 'zod';
import type { SmsConnector } from '../../connectors/sms/sms-connector.ts';
import { smscView } from '../../contract/sms/smsc.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/bench/v1/sms';
const tag = 'SMS';

/** Where the platform stands with its short message centre, and what it dropped. */
export function smsRoutes(sms: Pick<SmsConnector, 'view' | 'dropped'>): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url: `${url}/centre`,
      role: 'DEVICE_R',
      tag,
      summary: 'Whether the platform is bound to its short message centre, and why not',
      response: smscView,
      handler: () => sms.view(),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/drops`,
      role: 'operator',
      tag,
      summary: 'How many short messages of all tenants were dropped since the program started, by reason',
      response: z.record(z.string(), z.int()),
      handler: () => ({ ...sms.dropped }),
    }),
  ];
}
