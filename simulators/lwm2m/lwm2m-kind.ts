import type { Lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import { clientIdOf } from '../device-ids.ts';
import { type FleetKind, notListening } from '../fleet/fleet-kind.ts';
import { BootstrapEntries } from './bootstrap-entries.ts';
import { checkLwm2mTemplate } from './check-template.ts';
import { credentialsOf } from './credentials.ts';
import { customModels } from './custom-models.ts';

/** Devices that speak LwM2M, each with a key of its own. */
export const lwm2mKind: FleetKind<Lwm2mFleetTemplate> = {
  check: checkLwm2mTemplate,
  url: ({ bootstrap }, { coaps, bs }) => {
    if (coaps === undefined)
      throw notListening('for LwM2M (coaps)', 'Start it with --coaps-port, or without --coaps-port off.');
    if (!bootstrap) return coaps;
    if (bs !== undefined) return bs;
    const hint = 'Start it with --bs-port, or make the fleet without bootstrap.';
    throw notListening('for LwM2M bootstrap (bs)', hint);
  },
  sockets: ({ count }) => count,
  clientId: ({ idPattern }, number) => clientIdOf(idPattern, number),
  definition: ({ bootstrap }, endpointName, secret) => {
    if (bootstrap) return { endpointName, bootstrap: { managed: true } };
    const pskInfo = credentialsOf(secret, endpointName, 'register');
    return { endpointName, bootstrap: { managed: false }, security: { mode: 'PSK', pskInfo } };
  },
  keyRole: undefined,
  models: customModels,
  prepare: async ({ rest, template, clientIds }, secret, signal) => {
    if (template.bootstrap) await new BootstrapEntries(rest).prepare(template, clientIds, secret, signal);
  },
  remove: ({ rest, template, clientIds }) => new BootstrapEntries(rest).remove(template.name, clientIds),
};
