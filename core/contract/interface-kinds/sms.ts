import { z } from 'zod';
import { encodingName, type InterfaceKind } from './interface-kind.ts';

/** Interfaces of devices that are reached by short messages (manual 5.5.2). */
export const smsKind: InterfaceKind = {
  connector: 'sms',
  definition: z.object({
    msisdn: z
      .string()
      .regex(/^[1-9]\d{5,14}$/, 'must be 6 to 15 digits that begin with a country code, as in 33601201201'),
    serverPhoneNumber: z
      .string()
      .regex(/^\+?\d{3,15}$/, 'must be 3 to 15 digits, with or without + before them')
      .optional(),
    encoding: encodingName,
  }),
  nodeIdField: 'msisdn',
  offered: { serverPhoneNumber: 'smsServerPhoneNumbers' },
  secrets: [],
  statuses: ['ONLINE', 'DEACTIVATED'],
  newStatus: 'ONLINE',
  disabledStatus: 'DEACTIVATED',
  enabledStatus: () => 'ONLINE',
  onlineEndsWithProgram: false,
  features: { command: 'always', configuration: 'never', resource: 'never', twin: 'never' },
  alwaysVersioned: [],
  debuggable: false,
  listsNodes: true,
};
