import type { Lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import { inParallel } from '../in-parallel.ts';
import { type PlatformRest, refused } from '../platform-rest.ts';
import { credentialsOf } from './credentials.ts';

const configsUrl = '/api/v1/bootstrap/lwm2m/configs';
const entriesUrl = '/api/v1/bootstrap/lwm2m/entries';
const runServerId = 'platform';
const atOnce = 32;
const pageSize = 1000;

const nameOf = (fleet: string): string => `simulator ${fleet}`;

/** What of a fleet its bootstrap configuration says. */
type BootstrappedFleet = Pick<Lwm2mFleetTemplate, 'name' | 'version' | 'lifetimeS' | 'queueMode'>;

/** What the devices of a fleet bootstrap by, over the REST API: a configuration, and an entry for each. */
export class BootstrapEntries {
  private readonly rest: PlatformRest;

  constructor(rest: PlatformRest) {
    this.rest = rest;
  }

  /** Makes what is missing, and gives each entry the key of this run. */
  async prepare(
    fleet: BootstrappedFleet,
    endpointNames: readonly string[],
    secret: string,
    signal: AbortSignal,
  ): Promise<void> {
    const bootstrapConfigId = (await this.configOf(fleet.name)) ?? (await this.addConfig(fleet));
    await inParallel(endpointNames, atOnce, signal, async (endpointName) => {
      const pskInfo = credentialsOf(secret, endpointName, 'bootstrap');
      const body = {
        endpointName,
        security: { mode: 'PSK', pskInfo },
        definition: { bootstrapConfigId, runServers: [{ id: runServerId }] },
      };
      const changed = await this.rest.call('PUT', `${entriesUrl}/${endpointName}`, body);
      if (changed.status < 300) return;
      const made = changed.status === 404 ? await this.rest.call('POST', entriesUrl, body) : changed;
      if (made.status >= 300) throw refused(`the bootstrap entry of ${endpointName}`, made);
    });
  }

  /** Deletes the configuration of a fleet with its entries; nothing happens when there is none. */
  async remove(fleet: string, endpointNames: readonly string[]): Promise<void> {
    const configId = await this.configOf(fleet);
    if (configId === undefined) return;
    await inParallel(endpointNames, atOnce, undefined, async (endpointName) => {
      const answer = await this.rest.call('DELETE', `${entriesUrl}/${endpointName}`);
      if (answer.status >= 300 && answer.status !== 404)
        throw refused(`to delete the bootstrap entry of ${endpointName}`, answer);
    });
    const answer = await this.rest.call('DELETE', `${configsUrl}/${configId}`);
    if (answer.status >= 300 && answer.status !== 404)
      throw refused(`to delete the bootstrap configuration ${nameOf(fleet)}`, answer);
  }

  private async configOf(fleet: string): Promise<string | undefined> {
    for (let offset = 0; ; offset += pageSize) {
      const url = `${configsUrl}?limit=${pageSize}&offset=${offset}`;
      const page = await this.rest.require('the list of bootstrap configurations', 'GET', url);
      const found = page.find(({ name }: { name: string }) => name === nameOf(fleet));
      if (found || page.length < pageSize) return found?.id;
    }
  }

  private async addConfig({ name, version, lifetimeS, queueMode }: BootstrappedFleet): Promise<string> {
    // LwM2M 1.0 says queue mode by the binding, and knows no Send that could be muted.
    const own = version === '1.0' ? { binding: queueMode ? 'UQ' : 'U' } : { binding: 'U', muteSend: false };
    const made = await this.rest.require('a bootstrap configuration', 'POST', configsUrl, {
      name: nameOf(name),
      description: 'Of simulated devices; deleted with their fleet',
      runServers: [
        {
          id: runServerId,
          useLiveObjects: true,
          renewSecurityOnBootstrap: true,
          lwm2mDefinition: {
            security: { shortServerId: 1 },
            server: { shortServerId: 1, lifetime: lifetimeS, ...own },
          },
        },
      ],
    });
    return made.id;
  }
}
