import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { Lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import { publicModels } from '../../core/protocols/lwm2m/models/public-models.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';

const lastStandardObject = 9;

/** @throws PlatformError `api.invalidParameter` for what the schema cannot see: objects and resources that there are not */
export async function checkLwm2mTemplate({ objects, values }: Lwm2mFleetTemplate): Promise<void> {
  const models = await publicModels();
  const instances = new Map<number, number>();
  for (const [index, { id, instances: count }] of objects.entries()) {
    const where = `body.objects.${index}`;
    const model = models.find(id);
    if (id <= lastStandardObject) throw invalidParameter(`${where}.id: each device has object ${id} anyway`);
    if (!model) throw invalidParameter(`${where}.id: the public models have no object ${id}`);
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
