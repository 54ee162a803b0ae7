import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { Lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import { publicModels } from '../../core/protocols/lwm2m/models/public-models.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import type { PlatformRest } from '../platform-rest.ts';
import { customModels, toObjectModel } from './custom-models.ts';

const lastStandardObject = 9;

/**
 * @param rest asked for the models that the tenant has imported
 * @throws PlatformError `api.invalidParameter` for what the schema cannot see: objects and resources that there are not
 */
export async function checkLwm2mTemplate(
  { objects, values }: Lwm2mFleetTemplate,
  rest: Pick<PlatformRest, 'call'>,
): Promise<void> {
  const own = await customModels({ objects }, rest);
  const models = (await publicModels()).behind(own.map(toObjectModel));
  const instances = new Map<number, number>();
  for (const [index, { id, instances: count }] of objects.entries()) {
    const where = `body.objects.${index}`;
    const model = models.find(id);
    if (id <= lastStandardObject) throw invalidParameter(`${where}.id: each device has object ${id} anyway`);
    if (!model) {
      const hint = 'import its definition first (twin/model/object-definitions)';
      throw invalidParameter(`${where}.id: no model describes object ${id}; ${hint}`);
    }
    if (instances.has(id)) throw invalidParameter(`${where}.id: object ${id} is there twice`);
    if (count > 1 && !model.multiple)
      throw invalidParameter(`${where}.instances: object ${id} has one instance only`);
    instances.set(id, count);
  }
  for (const text of Object.keys(values)) {
    const where = `body.values.${text}`;
    const path = Lwm2mPath.tryParse(text);
    if (!path) throw invalidParameter(`${where}: is no path`);
    const [objectId = 0, instanceId = 0, resourceId = 0] = path.ids;
    if (objectId > lastStandardObject && !instances.has(objectId))
      throw invalidParameter(`${where}: the devices have no object ${objectId}; name it in objects`);
    if (instanceId >= (instances.get(objectId) ?? 1))
      throw invalidParameter(`${where}: there is no instance ${instanceId} of object ${objectId}`);
    const model = models.find(objectId);
    const resource = model && models.resource(model, resourceId);
    if (!resource || resource.type === 'NONE')
      throw invalidParameter(`${where}: object ${objectId} has no value ${resourceId}`);
  }
}
