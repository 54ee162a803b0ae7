import { z } from 'zod';
import { flag } from '../flag.ts';
import { text } from '../text.ts';
import { encodingName, hexDigits, type InterfaceKind } from './interface-kind.ts';

/** Interfaces of LoRaWAN devices (manual 5.5.1). */
export const loraKind: InterfaceKind = {
  connector: 'lora',
  definition: z
    .object({
      devEUI: hexDigits(16),
      profile: text(128).min(1, 'must not be empty'),
      activationType: z.enum(['OTAA'], 'must be OTAA').default('OTAA'),
      appEUI: hexDigits(16),
      appKey: hexDigits(32),
      encoding: encodingName,
      connectivityOptions: z.object({ ackUl: flag.optional(), location: flag.optional() }).optional(),
      connectivityPlan: text(128).min(1, 'must not be empty').optional(),
    })
    .refine(
      ({ connectivityOptions, connectivityPlan }) =>
        connectivityOptions !== undefined || connectivityPlan !== undefined,
      { path: ['connectivityPlan'], message: 'is needed where there are no connectivityOptions' },
    ),
  nodeIdField: 'devEUI',
  canonicalNodeId: (nodeId) => nodeId.toUpperCase(),
  secrets: ['appKey'],
  statuses: [
    'REGISTERED',
    'INITIALIZING',
    'INITIALIZED',
    'ACTIVATED',
    'DEACTIVATED',
    'REACTIVATED',
    'CONNECTIVITY_ERROR',
  ],
  newStatus: 'REGISTERED',
  disabledStatus: 'DEACTIVATED',
  enabledStatus: () => 'REACTIVATED',
  toggledActivity: (enabled, time) => (enabled ? { lastActivationTs: time } : { lastDeactivationTs: time }),
  onlineEndsWithProgram: false,
  features: { command: 'always', configuration: 'never', resource: 'never', twin: 'never' },
  alwaysVersioned: [],
  debuggable: false,
  listsNodes: true,
};
