import type { ObjectModel } from '../protocols/lwm2m/models/object-model.ts';
import type { ObjectModels } from '../protocols/lwm2m/models/object-models.ts';
import type { OwnedModel } from './models/object-definition.ts';

/** Where the twin finds the models of objects. */
export interface TwinModels {
  /** Resolves when {@link of} knows the public ones; they are many, and not every platform has devices that they describe. */
  load(): Promise<void>;
  /** The models of a tenant as they are now; its own alone before {@link load}. */
  of(tenantId: string): ObjectModels;
  owned(tenantId: string, model: ObjectModel): OwnedModel;
}

/** The models of one device, each object in the version that it has. */
export type FindObject = (objectId: number) => ObjectModel | undefined;
