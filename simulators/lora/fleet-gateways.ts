import { PlatformError } from '../../core/contract/errors.ts';
import type { LoraFleetTemplate } from '../../core/contract/simulators.ts';
import { type PlatformRest, refused } from '../platform-rest.ts';

const listUrl = '/api/v1/deviceMgt/connectors/lora/gateways';
const ownUrl = '/bench/v1/lora/gateways';

/** The gateways of a fleet on the platform, over the REST API. */
export class FleetGateways {
  private readonly rest: PlatformRest;

  constructor(rest: PlatformRest) {
    this.rest = rest;
  }

  /** Registers those that are not there yet. @throws PlatformError `simulators.wrongState` for one that is another tenant's */
  async register({ name, gateways = [] }: LoraFleetTemplate): Promise<void> {
    for (const [index, { id, lat, lon }] of gateways.entries()) {
      if ((await this.rest.call('GET', `${listUrl}/${id}`)).status === 200) continue;
      const body = { id, name: `${name} ${index + 1}`, location: { lat, lon } };
      const answer = await this.rest.call('POST', ownUrl, body);
      if (answer.status === 409) {
        const details = 'Give the gateway of the fleet another id.';
        throw new PlatformError('simulators.wrongState', `Gateway ${id} is somebody else's.`, { details });
      }
      if (answer.status >= 300) throw refused(`gateway ${id}`, answer);
    }
  }

  async remove({ gateways = [] }: LoraFleetTemplate): Promise<void> {
    for (const { id } of gateways) {
      const answer = await this.rest.call('DELETE', `${ownUrl}/${id}`);
      if (answer.status >= 300 && answer.status !== 404) throw refused(`to delete gateway ${id}`, answer);
    }
  }
}
