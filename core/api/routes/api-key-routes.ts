import { z } from 'zod';
import type { ApiKeys } from '../../accounts/api-keys.ts';
import {
  apiKeyJson,
  createApiKeyRequest,
  debugModeRequest,
  updateApiKeyRequest,
} from '../../contract/api-keys.ts';
import { roles } from '../../contract/roles.ts';
import { queryBoolean, queryList, v0List, v0PageOf, v0PageQuery } from '../paging.ts';
import { idParams } from '../params.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v0/apiKeys';
const tag = 'API keys';

/** API keys (manual 4.3, facts 13). */
export function apiKeyRoutes(keys: ApiKeys): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'API_KEY_R',
      tag,
      summary: 'List API keys',
      query: z.object({
        ...v0PageQuery,
        parentId: z.string().optional().describe('Only the keys right below this one'),
        roles: queryList
          .pipe(z.array(z.enum(roles)))
          .optional()
          .describe('Only keys that have all of these'),
        showSessionKeys: queryBoolean.prefault('false').describe('Also the sessions of users'),
        showMasterKey: queryBoolean.prefault('true'),
      }),
      response: v0PageOf(apiKeyJson),
      handler: ({ grant, query }) => {
        const { parentId, roles: wanted = [], showSessionKeys, showMasterKey } = query;
        const found = keys
          .list(grant.tenantId)
          .filter((key) => parentId === undefined || key.parentId === parentId)
          .filter((key) => wanted.every((role) => key.roles.includes(role)))
          .filter((key) => showSessionKeys || key.userId === undefined)
          .filter((key) => showMasterKey || !key.masterKey);
        return v0List(found, query);
      },
    }),
    defineRoute({
      method: 'POST',
      url,
      role: 'API_KEY_W',
      tag,
      summary: 'Create an API key',
      description: 'The answer shows the value of the key. It is never shown again.',
      body: createApiKeyRequest,
      response: apiKeyJson,
      failures: { 404: 'No such parent key or CA certificate' },
      handler: ({ grant, body }) => keys.create(grant, body),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/current_key`,
      role: 'any-key',
      tag,
      summary: 'Get the API key of this very request',
      response: apiKeyJson,
      handler: ({ grant }) => keys.get(grant.tenantId, grant.keyId),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:id`,
      role: 'API_KEY_R',
      tag,
      summary: 'Get an API key',
      params: idParams,
      response: apiKeyJson,
      failures: { 404: 'No such key' },
      handler: ({ grant, params: { id } }) => keys.get(grant.tenantId, id),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:id`,
      role: 'API_KEY_W',
      tag,
      summary: 'Change an API key, or give it a new value',
      description:
        'What is not given stays. Sessions of a key that may do less, or has a new value, are ended.',
      params: idParams,
      body: updateApiKeyRequest,
      response: apiKeyJson,
      failures: { 404: 'No such key or CA certificate' },
      handler: ({ grant, params: { id }, body }) => keys.update(grant, id, body),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:id`,
      role: 'API_KEY_W',
      tag,
      summary: 'Delete an API key and all keys below it',
      params: idParams,
      failures: { 404: 'No such key' },
      handler: ({ grant, params: { id } }) => keys.delete(grant, id),
    }),
    defineRoute({
      method: 'PUT',
      url: `${url}/:id/debugMode`,
      role: 'API_KEY_W',
      tag,
      summary: 'Switch the debug mode of an API key',
      description:
        'For a while, what goes over MQTT with this key, in every mode, is written to the audit log, with type mqtt_debug_logs.',
      params: idParams,
      body: debugModeRequest,
      response: apiKeyJson,
      failures: { 404: 'No such key' },
      handler: ({ grant, params: { id }, body }) => keys.setDebugMode(grant, id, body),
    }),
  ];
}
