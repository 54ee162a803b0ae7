import type { Lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import type { ObjectModelJson } from '../../core/contract/twin-models.ts';
import type { ObjectModel } from '../../core/protocols/lwm2m/models/object-model.ts';
import { type PlatformRest, refused } from '../platform-rest.ts';

/** The lowest id of objects that tenants may describe (manual 7.8.3.3). */
const firstCustomId = 10_241;

/**
 * Models that the tenant has imported, of the objects that a fleet names.
 * @throws PlatformError `simulators.failed` when the platform does not tell
 */
export async function customModels(
  { objects }: Pick<Lwm2mFleetTemplate, 'objects'>,
  rest: Pick<PlatformRest, 'call'>,
): Promise<ObjectModelJson[]> {
  const found: ObjectModelJson[] = [];
  for (const { id } of objects) {
    if (id < firstCustomId) continue;
    const answer = await rest.call('GET', `/bench/v1/lwm2m/models/urn:oma:lwm2m:${id}`);
    if (answer.status === 404) continue;
    if (answer.status >= 300) throw refused(`the model of object ${id}`, answer);
    const model = answer.body as ObjectModelJson;
    // Whatever is nobody's the devices know themselves.
    if (model.owner !== undefined) found.push(model);
  }
  return found;
}

/** A model as devices use it. */
export const toObjectModel = ({ objectId, resources, ...model }: ObjectModelJson): ObjectModel => ({
  ...{ id: objectId, version: model.version, lwm2mVersion: model.lwm2mVersion },
  ...{ name: model.name, description: model.description },
  ...{ multiple: model.multiple, mandatory: model.mandatory, urn: model.objectDefinitionId },
  resources: resources.map(({ operations, range, units, ...resource }) => ({
    ...{ ...resource, operations },
    ...(range !== undefined && { range }),
    ...(units !== undefined && { units }),
  })),
});
