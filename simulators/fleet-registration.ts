import { PlatformError } from '../core/contract/errors.ts';
import type { FleetTemplate } from '../core/contract/simulators.ts';
import type { ObjectModelJson } from '../core/contract/twin-models.ts';
import { deviceIdOf } from './device-ids.ts';
import { clientIdsOf, kindOf } from './fleet/fleet-kinds.ts';
import { inParallel } from './in-parallel.ts';
import { type PlatformRest, refused } from './platform-rest.ts';

const devicesUrl = '/api/v1/deviceMgt/devices';
const groupsUrl = '/api/v1/deviceMgt/groups';
const keysUrl = '/api/v0/apiKeys';
const atOnce = 32;
const pageSize = 1000;
const keyLabel = 'simulator';
const keyDescription = 'Of simulated devices; deleted when they stop';

/** What a fleet needs on the platform before it connects, and leaves behind. All of it goes over the REST API. */
export class FleetRegistration {
  private readonly rest: PlatformRest;

  constructor(rest: PlatformRest) {
    this.rest = rest;
  }

  /** Models that the tenant has imported, of objects that the devices of the fleet have. */
  async modelsOf(template: FleetTemplate): Promise<readonly ObjectModelJson[]> {
    return (await kindOf(template).models?.(template, this.rest)) ?? [];
  }

  /** Makes a key that may do nothing but connect devices, or an external connector. */
  async createKey(role: 'DEVICE_ACCESS' | 'CONNECTOR_ACCESS'): Promise<{ id: string; value: string }> {
    const request = { label: keyLabel, description: keyDescription, roles: [role] };
    return this.rest.require('a key for the devices', 'POST', keysUrl, request);
  }

  async deleteKey(id: string): Promise<void> {
    const answer = await this.rest.call('DELETE', `${keysUrl}/${id}`);
    if (answer.status >= 300 && answer.status !== 404)
      throw refused('to delete the key of the devices', answer);
  }

  /** Deletes the keys of fleets whose program ended without a chance to do so. */
  async deleteKeysLeftBehind(): Promise<void> {
    const { data } = await this.rest.require('the list of keys', 'GET', `${keysUrl}?size=${pageSize}`);
    for (const { id, label, description } of data) {
      if (label === keyLabel && description === keyDescription) await this.deleteKey(id);
    }
  }

  /**
   * Registers every device of the fleet that is not there yet, each with the mark of a simulated device.
   * @param secret of a fleet whose devices have keys of their own: from it they follow, and the platform is told
   * @returns client ids of those that were there before
   * @throws PlatformError `simulators.wrongState` when a device that is not of this fleet has the id of one
   */
  async register(
    template: FleetTemplate,
    secret: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const there = new Set(await this.devicesOf(template.name));
    const clientIds = clientIdsOf(template);
    const isThere = (clientId: string): boolean => there.has(deviceIdOf(clientId, template.connector));
    const missing = clientIds.filter((clientId) => !isThere(clientId));
    if (missing.length > 0 && template.groupPath !== undefined) await this.makeGroup(template.groupPath);
    await inParallel(missing, atOnce, signal, (clientId) => this.addDevice(template, clientId, secret));
    return clientIds.filter(isThere);
  }

  /** Gives devices of a run before the keys of this one, and makes what the fleet has beside its devices. */
  async renewCredentials(
    template: FleetTemplate,
    before: readonly string[],
    secret: string,
    signal: AbortSignal,
  ): Promise<void> {
    await inParallel(before, atOnce, signal, (clientId) =>
      this.changeCredentials(template, clientId, secret),
    );
    const clientIds = clientIdsOf(template);
    await kindOf(template).prepare?.({ rest: this.rest, template, clientIds }, secret, signal);
  }

  private async addDevice(
    template: FleetTemplate,
    clientId: string,
    secret: string | undefined,
  ): Promise<void> {
    const { groupPath, tags, name, connector } = template;
    const id = deviceIdOf(clientId, connector);
    const answer = await this.rest.call('POST', devicesUrl, {
      id,
      tags,
      properties: { simulated: 'true', simulator: name },
      ...(groupPath === undefined ? {} : { group: { path: groupPath } }),
      interfaces: [
        {
          connector,
          enabled: true,
          definition: kindOf(template).definition(template, clientId, secret ?? ''),
        },
      ],
    });
    if (answer.status === 409) throw taken(id);
    if (answer.status >= 300) throw refused(`device ${id}`, answer);
  }

  /** The interface of a device of a run before gets the key of this one. */
  private async changeCredentials(template: FleetTemplate, clientId: string, secret: string): Promise<void> {
    const { connector } = template;
    const id = deviceIdOf(clientId, connector);
    const definition = kindOf(template).definition(template, clientId, secret);
    const url = `${devicesUrl}/${id}/interfaces/${connector}:${clientId}`;
    const answer = await this.rest.call('PATCH', url, { definition });
    if (answer.status >= 300) throw refused(`new credentials of device ${id}`, answer);
  }

  /** Deletes the devices that carry the mark of the fleet. */
  async deleteDevices(name: string): Promise<void> {
    await inParallel(await this.devicesOf(name), atOnce, undefined, async (id) => {
      const answer = await this.rest.call('DELETE', `${devicesUrl}/${id}`);
      if (answer.status >= 300 && answer.status !== 404) throw refused(`to delete device ${id}`, answer);
    });
  }

  /** Deletes what the fleet has beside its devices. */
  async deleteOthers(template: FleetTemplate): Promise<void> {
    await kindOf(template).remove?.({ rest: this.rest, template, clientIds: clientIdsOf(template) });
  }

  /** Ids of the devices that carry the mark of the fleet. */
  private async devicesOf(name: string): Promise<string[]> {
    const ids: string[] = [];
    for (let page: { id: string }[] | undefined; page === undefined || page.length === pageSize; ) {
      const query = `property.simulator=${encodeURIComponent(name)}&fields=id&sort=id&limit=${pageSize}&offset=${ids.length}`;
      page = await this.rest.require('the list of devices', 'GET', `${devicesUrl}?${query}`);
      ids.push(...(page ?? []).map(({ id }) => id));
    }
    return ids;
  }

  /** Makes the group and those above it that are not there. */
  private async makeGroup(path: string): Promise<void> {
    let parentId: string | undefined;
    let above = '';
    for (const pathNode of path.split('/').filter((part) => part !== '')) {
      above += `/${pathNode}`;
      parentId = (await this.groupOf(above)) ?? (await this.addGroup(above, pathNode, parentId));
    }
  }

  private async groupOf(path: string): Promise<string | undefined> {
    const query = `groupPath=${encodeURIComponent(path)}`;
    const answer = await this.rest.call('GET', `${groupsUrl}?${query}`);
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw refused('the list of groups', answer);
    return answer.body.find((group: { path: string }) => group.path === path)?.id;
  }

  private async addGroup(path: string, pathNode: string, parentId: string | undefined): Promise<string> {
    const answer = await this.rest.call('POST', groupsUrl, { pathNode, ...(parentId ? { parentId } : {}) });
    if (answer.status < 300) return answer.body.id;
    // Another fleet may have made it meanwhile.
    const id = answer.status === 409 ? await this.groupOf(path) : undefined;
    if (id !== undefined) return id;
    throw refused(`group ${path}`, answer);
  }
}

function taken(id: string): PlatformError {
  return new PlatformError('simulators.wrongState', `Device ${id}, or its client id, is there already.`, {
    details:
      'It does not belong to this fleet, so the fleet leaves it alone: delete the device, or choose another id pattern.',
  });
}
