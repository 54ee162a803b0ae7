import { z } from 'zod';
import { objectDefinition, objectDefinitionId, objectModelJson } from '../../contract/twin-models.ts';
import { rootUrn } from '../../protocols/lwm2m/models/object-urn.ts';
import type { ModelCatalog } from '../../twin/models/model-catalog.ts';
import {
  toObjectDefinition,
  toObjectModelJson,
  toRootDefinition,
} from '../../twin/models/object-definition.ts';
import { readFormFile } from '../form-data.ts';
import { queryBoolean, v1List, v1PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v1/deviceMgt/twin/model/object-definitions';
const tag = 'Twin models';
const params = z.object({ objectDefinitionId });
const notFound = { 404: 'No such object definition' };

/** Models of LwM2M objects, public and custom (manual 7.8.4). */
export function twinModelRoutes(
  models: ModelCatalog,
  { customModelMaxBytes }: { readonly customModelMaxBytes: number },
): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'DEVICE_R',
      tag,
      summary: 'List object definitions, public and custom',
      query: z.object(v1PageQuery),
      response: z.array(objectDefinition),
      handler: async ({ grant, query: { limit, offset }, wantsTotal }) => {
        const all = await models.list(grant.tenantId);
        const page = all.slice(offset, offset + limit).map(toObjectDefinition);
        return v1List(page, { limit, total: wantsTotal ? all.length : undefined });
      },
    }),
    defineRoute({
      method: 'POST',
      url,
      role: 'DEVICE_W',
      tag,
      summary: 'Import an object definition in the XML of OMA',
      description:
        'The body is a form (multipart/form-data) with the file in its field `file`. A custom definition stands before a public one of the same object.',
      status: 201,
      query: z.object({
        inputFormat: z.enum(['lwm2m'], 'must be lwm2m').default('lwm2m'),
        override: queryBoolean
          .optional()
          .transform((given) => given ?? false)
          .describe('Whether it may replace a custom definition of the same id and version'),
      }),
      rawBody: true,
      formFile: 'file',
      response: objectDefinition,
      failures: {
        400: 'The file is no definition of one object, or of an id outside of 10241 to 42800; `details` names the line',
        403: 'Also: the tenant has as many custom models as it may have',
        409: 'The tenant has a definition of this id and version, and `override` is not true',
        413: 'The file is too large',
        415: 'The body is no form',
      },
      handler: async ({ grant, query: { override }, rawBody }) => {
        const limit = { bytes: customModelMaxBytes, setting: 'customModelMaxBytes' };
        const file = await readFormFile(rawBody, 'file', limit);
        return toObjectDefinition(await models.add(grant.tenantId, file, override));
      },
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:objectDefinitionId`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get an object definition, or all as children of urn:oma:lwm2m',
      description:
        'Ids are taken with the class that OMA gives them or another, and without one: `urn:oma:lwm2m:oma:5:1.1`, `urn:oma:lwm2m:5:1.1`. Without a version 1.0 is meant, or the nearest to it that is known.',
      params,
      response: objectDefinition,
      failures: notFound,
      handler: async ({ grant, params: { objectDefinitionId: id } }) =>
        id === rootUrn
          ? toRootDefinition(await models.list(grant.tenantId))
          : toObjectDefinition(await models.get(grant.tenantId, id)),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:objectDefinitionId`,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete a custom object definition',
      params,
      failures: { ...notFound, 403: 'Also: it is a public one' },
      handler: ({ grant, params: { objectDefinitionId: id } }) => models.delete(grant.tenantId, id),
    }),
    defineRoute({
      method: 'GET',
      url: '/bench/v1/lwm2m/models/:objectDefinitionId',
      role: 'DEVICE_R',
      tag,
      summary: 'Get a model with types, units and ranges as LwM2M names them',
      params,
      response: objectModelJson,
      failures: notFound,
      handler: async ({ grant, params: { objectDefinitionId: id } }) =>
        toObjectModelJson(await models.get(grant.tenantId, id)),
    }),
  ];
}
