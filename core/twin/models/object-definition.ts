import type { AttributeDefinition, ObjectDefinition, ObjectModelJson } from '../../contract/twin-models.ts';
import type {
  ObjectModel,
  ResourceModel,
  ResourceOperation,
} from '../../protocols/lwm2m/models/object-model.ts';
import { objectUrn, rootUrn } from '../../protocols/lwm2m/models/object-urn.ts';
import type { DataType } from '../../protocols/lwm2m/value.ts';

/** A model, and the tenant whose it is; a public one is nobody's. */
export interface OwnedModel {
  readonly model: ObjectModel;
  readonly owner: string | undefined;
}

/** The names of types in the twin (manual 7.8.3.2). */
const attributeTypes: Readonly<Record<DataType, AttributeDefinition['type']>> = {
  STRING: 'STRING',
  INTEGER: 'INTEGER',
  UNSIGNED_INTEGER: 'UNSIGNED_INTEGER',
  FLOAT: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  OPAQUE: 'BASE64',
  TIME: 'DATETIME',
  OBJLNK: 'STRING',
  CORELNK: 'STRING',
  NONE: undefined,
};

const occurrences = ({ mandatory, multiple }: { mandatory: boolean; multiple: boolean }) => ({
  minOccurs: mandatory ? 1 : 0,
  maxOccurs: multiple ? 0 : 1,
});

/** What may be done with a resource: where no model says, the device decides, so reading and writing may be tried. */
export const operationsOf = (resource: ResourceModel): readonly ResourceOperation[] =>
  resource.operations ?? ['READ', 'WRITE'];

/** The id by which a model is known: the URN that its file gave, or the one of OMA. */
export const definitionId = (model: ObjectModel): string => model.urn ?? objectUrn(model.id, model.version);

function toAttribute(resource: ResourceModel): AttributeDefinition {
  const type = attributeTypes[resource.type];
  return {
    pathSegment: String(resource.id),
    name: resource.name,
    description: resource.description,
    ...occurrences(resource),
    ...(type !== undefined && { type }),
    operations: [...operationsOf(resource)],
  };
}

/** An object without its attributes, as it stands among the children of the root. */
export function toChild({ model, owner }: OwnedModel): Omit<ObjectDefinition, 'attributes' | 'children'> {
  const all = new Set(model.resources.flatMap(operationsOf));
  return {
    objectDefinitionId: definitionId(model),
    pathSegment: String(model.id),
    name: model.name,
    description: model.description,
    ...occurrences(model),
    type: 'OBJECT_MAP',
    operations: (['READ', 'WRITE'] as const).filter((operation) => all.has(operation)),
    parent: rootUrn,
    ...(owner !== undefined && { owner }),
  };
}

/** A model as the API shows it (manual 7.8.4.1.2). */
export function toObjectDefinition(owned: OwnedModel): ObjectDefinition {
  const { parent, owner, ...rest } = toChild(owned);
  return {
    ...rest,
    attributes: owned.model.resources.map(toAttribute),
    ...(parent !== undefined && { parent }),
    ...(owner !== undefined && { owner }),
  };
}

/** The element above all objects. */
export function toRootDefinition(all: readonly OwnedModel[]): ObjectDefinition {
  return {
    objectDefinitionId: rootUrn,
    pathSegment: '',
    name: 'LwM2M',
    description: 'The objects of LwM2M',
    minOccurs: 1,
    maxOccurs: 1,
    type: 'OBJECT',
    operations: [],
    children: all.map(toChild),
  };
}

/** A model as our own routes show it. */
export function toObjectModelJson({ model, owner }: OwnedModel): ObjectModelJson {
  const { id, version, lwm2mVersion, name, description, multiple, mandatory, resources } = model;
  return {
    objectDefinitionId: definitionId(model),
    ...{ objectId: id, version, lwm2mVersion, name, description, multiple, mandatory },
    ...(owner !== undefined && { owner }),
    resources: resources.map(({ operations, ...resource }) => ({
      ...resource,
      ...(operations && { operations: [...operations] }),
    })),
  };
}
