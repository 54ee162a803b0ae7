import { z } from 'zod';
import { PlatformError } from '../../contract/errors.ts';
import {
  connectorMetadata,
  createResourceRequest,
  createVersionRequest,
  type ResourceConnector,
  resourceId,
  resourceJson,
  updateResourceRequest,
  updateVersionRequest,
  versionId,
  versionJson,
} from '../../contract/resources.ts';
import type { ResourceCatalog } from '../../resources/resource-catalog.ts';
import { toResourceJson, toVersionJson } from '../../resources/resource-record.ts';
import { v0List, v0PageOf, v0PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const all = '/api/v0/rm';
const one = `${all}/:resourceId`;
const versions = `${one}/version`;
const oneVersion = `${versions}/:versionId`;
const tag = 'Resources';
const params = z.object({ resourceId });
const versionParams = z.object({ resourceId, versionId });
const noResource = { 404: 'No such resource' };
const noVersion = { 404: 'No such resource, or no such version of it' };

/** What a body has beside its file. */
const roomBesideFile = 1024 * 1024;

const example = { resourceId: 'X11_firmware', label: 'Firmware of the X11', metadata: { secured: 'false' } };
const versionExample = {
  resourceVersionId: '1.2',
  file: 'dGVzdA==',
  checksum: 'CY9rzUYh03PK3k6DJie09g==',
  compatibleVersions: ['1.1'],
};

/** The repository of resources (facts 4.1). */
export function resourceRoutes(
  catalog: ResourceCatalog,
  { resourceMaxFileBytes }: { readonly resourceMaxFileBytes: number },
): Route[] {
  const bodyLimit = {
    bodyLimitBytes: Math.ceil((resourceMaxFileBytes * 4) / 3) + roomBesideFile,
    bodyLimitSetting: 'resourceMaxFileBytes',
    bodyLimitRule: `body.file: may have ${resourceMaxFileBytes} bytes when decoded`,
  };
  return [
    defineRoute({
      method: 'GET',
      url: all,
      role: 'DEVICE_R',
      tag,
      summary: 'List the resources',
      query: z.object(v0PageQuery),
      response: v0PageOf(resourceJson),
      handler: ({ grant, query }) => v0List(catalog.list(grant.tenantId).map(toResourceJson), query),
    }),
    defineRoute({
      method: 'POST',
      url: all,
      role: 'DEVICE_W',
      tag,
      summary: 'Make a resource',
      status: 200,
      body: createResourceRequest.meta({ examples: [example] }),
      response: resourceJson,
      failures: { 403: 'Also: the tenant has as many as it may have', 409: 'There is one with this id' },
      handler: async ({ grant, body }) => toResourceJson(await catalog.create(grant.tenantId, body)),
    }),
    defineRoute({
      method: 'GET',
      url: `${all}/connectors`,
      role: 'DEVICE_R',
      tag,
      summary: 'List the ways by which resources get to devices',
      response: z.array(z.string()),
      handler: () => Object.keys(connectorMetadata),
    }),
    defineRoute({
      method: 'GET',
      url: `${all}/connectors/:connector/metadata`,
      role: 'DEVICE_R',
      tag,
      summary: 'Get the metadata of resources that mean something to a connector',
      params: z.object({ connector: z.string() }),
      response: z.object({ mandatory: z.array(z.string()), optional: z.array(z.string()) }),
      failures: { 404: 'No such connector' },
      handler: ({ params: { connector } }) => {
        const names = Object.hasOwn(connectorMetadata, connector)
          ? connectorMetadata[connector as ResourceConnector]
          : undefined;
        if (names) return names;
        throw new PlatformError('inventory.connectorUnavailable', 'There is no such connector.', {
          details: `${connector}; offered: ${Object.keys(connectorMetadata).join(', ')}`,
        });
      },
    }),
    defineRoute({
      method: 'GET',
      url: one,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a resource',
      params,
      response: resourceJson,
      failures: noResource,
      handler: ({ grant, params }) => toResourceJson(catalog.get(grant.tenantId, params.resourceId)),
    }),
    defineRoute({
      method: 'PUT',
      url: one,
      role: 'DEVICE_W',
      tag,
      summary: 'Change a resource',
      description: 'What is absent stays as it is; null takes away.',
      params,
      body: updateResourceRequest.meta({ examples: [{ label: 'Firmware of the X11, second series' }] }),
      response: resourceJson,
      failures: noResource,
      handler: async ({ grant, params, body }) =>
        toResourceJson(await catalog.update(grant.tenantId, params.resourceId, body)),
    }),
    defineRoute({
      method: 'DELETE',
      url: one,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete a resource with all its versions',
      status: 200,
      params,
      failures: { ...noResource, 409: 'An update that has not ended needs it' },
      handler: ({ grant, params }) => catalog.delete(grant.tenantId, params.resourceId),
    }),
    defineRoute({
      method: 'GET',
      url: versions,
      role: 'DEVICE_R',
      tag,
      summary: 'List the versions of a resource, oldest first',
      params,
      query: z.object(v0PageQuery),
      response: v0PageOf(versionJson),
      failures: noResource,
      handler: ({ grant, params, query }) =>
        v0List(catalog.versions(grant.tenantId, params.resourceId).map(toVersionJson), query),
    }),
    defineRoute({
      method: 'POST',
      url: versions,
      role: 'DEVICE_W',
      tag,
      summary: 'Add a version with its content',
      description: 'Answered when the content is on the disk.',
      status: 200,
      params,
      body: createVersionRequest.meta({ examples: [versionExample] }),
      ...bodyLimit,
      response: versionJson,
      failures: {
        ...noResource,
        403: 'Also: the repository has as many versions, or bytes, as it may have',
        409: 'There is one with this id',
        413: 'The file is too large',
        507: 'The disk is full',
      },
      handler: async ({ grant, params, body }) =>
        toVersionJson(await catalog.createVersion(grant.tenantId, params.resourceId, body)),
    }),
    defineRoute({
      method: 'GET',
      url: oneVersion,
      role: 'DEVICE_R',
      tag,
      summary: 'Get a version, without its content',
      params: versionParams,
      response: versionJson,
      failures: noVersion,
      handler: ({ grant, params }) =>
        toVersionJson(catalog.getVersion(grant.tenantId, params.resourceId, params.versionId)),
    }),
    defineRoute({
      method: 'PUT',
      url: oneVersion,
      role: 'DEVICE_W',
      tag,
      summary: 'Change a version, also its content',
      description: 'What is absent stays as it is; null takes away.',
      params: versionParams,
      body: updateVersionRequest.meta({ examples: [{ description: 'For units from 2030 on' }] }),
      ...bodyLimit,
      response: versionJson,
      failures: {
        ...noVersion,
        409: 'Its content is needed by an update that has not ended',
        413: 'The file is too large',
        507: 'The disk is full',
      },
      handler: async ({ grant, params, body }) =>
        toVersionJson(await catalog.updateVersion(grant.tenantId, params.resourceId, params.versionId, body)),
    }),
    defineRoute({
      method: 'DELETE',
      url: oneVersion,
      role: 'DEVICE_W',
      tag,
      summary: 'Delete a version with its content',
      status: 200,
      params: versionParams,
      failures: { ...noVersion, 409: 'An update that has not ended needs it' },
      handler: ({ grant, params }) =>
        catalog.deleteVersion(grant.tenantId, params.resourceId, params.versionId),
    }),
    defineRoute({
      method: 'GET',
      url: `${one}/compatibleVersion/:currentVersion`,
      role: 'DEVICE_R',
      tag,
      summary: 'List the versions to which a device with this version may go',
      params: z.object({ resourceId, currentVersion: versionId }),
      response: z.array(z.string()),
      failures: noResource,
      handler: ({ grant, params }) =>
        catalog.compatibleWith(grant.tenantId, params.resourceId, params.currentVersion),
    }),
  ];
}
