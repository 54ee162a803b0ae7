import { z } from 'zod';
import type { AccountsService } from '../../accounts/accounts-service.ts';
import { apiKeyJson, createApiKeyRequest, updateApiKeyRequest } from '../../contract/api-keys.ts';
import { v0List, v0PageOf, v0PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v0/apiKeys';
const tag = 'API keys';
const params = z.object({ id: z.string().max(24, 'must have at most 24 characters') });

/** API keys (manual 4.3, facts 13). */
export function apiKeyRoutes(accounts: AccountsService): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'API_KEY_R',
      tag,
      summary: 'List API keys',
      query: z.object(v0PageQuery),
      response: v0PageOf(apiKeyJson),
      handler: ({ grant, query }) => v0List(accounts.list(grant.tenantId), query),
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
      handler: ({ grant, body }) => accounts.create(grant, body),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/current_key`,
      role: 'any-key',
      tag,
      summary: 'Get the API key of this very request',
      response: apiKeyJson,
      handler: ({ grant }) => accounts.get(grant.tenantId, grant.keyId),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:id`,
      role: 'API_KEY_R',
      tag,
      summary: 'Get an API key',
      params,
      response: apiKeyJson,
      failures: { 404: 'No such key' },
      handler: ({ grant, params: { id } }) => accounts.get(grant.tenantId, id),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:id`,
      role: 'API_KEY_W',
      tag,
      summary: 'Change an API key, or give it a new value',
      description:
        'What is not given stays. Sessions of a key that may do less, or has a new value, are ended.',
      params,
      body: updateApiKeyRequest,
      response: apiKeyJson,
      failures: { 404: 'No such key or CA certificate' },
      handler: ({ grant, params: { id }, body }) => accounts.update(grant, id, body),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:id`,
      role: 'API_KEY_W',
      tag,
      summary: 'Delete an API key and all keys below it',
      params,
      failures: { 404: 'No such key' },
      handler: ({ grant, params: { id } }) => accounts.delete(grant, id),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v0/whoami',
      role: 'any-key',
      tag,
      summary: 'Get the id of the tenant of this API key',
      response: z.object({ content: z.string() }),
      handler: ({ grant }) => ({ content: grant.tenantId }),
    }),
  ];
}
