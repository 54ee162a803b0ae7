import { z } from 'zod';
import { flag } from '../flag.ts';
import { pskInfo } from '../psk.ts';
import { text } from '../text.ts';
import type { InterfaceKind } from './interface-kind.ts';

/** Name of an LwM2M client, under which it registers and bootstraps (manual 7.4.2). */
export const lwm2mEndpointName = text(255)
  .min(1, 'must not be empty')
  .regex(/^[^\s\p{Cc}]*$/u, 'must not hold white space or control characters');

/** Interfaces of LwM2M devices (manual 5.5.4). */
export const lwm2mKind: InterfaceKind = {
  connector: 'lwm2m',
  definition: z
    .object({
      endpointName: lwm2mEndpointName,
      security: z.object({ mode: z.enum(['PSK'], 'must be PSK'), pskInfo }).optional(),
      bootstrap: z.object({ managed: flag.default(false) }).optional(),
    })
    .superRefine(({ security, bootstrap }, context) => {
      const managed = bootstrap?.managed === true;
      if (managed && security) {
        context.addIssue({
          code: 'custom',
          path: ['security'],
          message: 'must not be set where bootstrap.managed is true: the bootstrap server fills it in',
        });
      }
      if (!managed && !security) {
        context.addIssue({
          code: 'custom',
          path: ['security'],
          message: 'is needed (mode, pskInfo.identity, pskInfo.secret) unless bootstrap.managed is true',
        });
      }
    }),
  nodeIdField: 'endpointName',
  filledIn: ({ bootstrap }) => (isManaged(bootstrap) ? ['security'] : []),
  secrets: ['security.pskInfo.secret'],
  statuses: ['REGISTERED', 'ONLINE', 'SLEEPING', 'OFFLINE', 'DEACTIVATED'],
  newStatus: 'REGISTERED',
  disabledStatus: 'DEACTIVATED',
  enabledStatus: ({ lastRegistrationDate }) =>
    lastRegistrationDate === undefined ? 'REGISTERED' : 'OFFLINE',
  onlineEndsWithProgram: true,
  features: { command: 'never', configuration: 'never', resource: 'never', twin: 'announced' },
  alwaysVersioned: ['twin'],
  debuggable: true,
  listsNodes: false,
};

/** Also in a definition that was not checked yet. */
function isManaged(bootstrap: unknown): boolean {
  const { managed } = (bootstrap ?? {}) as { managed?: unknown };
  return managed === true || managed === 'true';
}
