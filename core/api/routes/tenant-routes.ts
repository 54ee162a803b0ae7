import { z } from 'zod';
import type { AccountsService } from '../../accounts/accounts-service.ts';
import type { PortalSessions } from '../../accounts/portal-sessions.ts';
import type { UsersService } from '../../accounts/users-service.ts';
import { portalSession } from '../../contract/sessions.ts';
import { createTenantRequest, newTenant, tenantJson } from '../../contract/tenants.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/bench/v1/tenants';
const tag = 'Tenants';

/** Tenants of the instance, for who runs it (manual 4.1). */
export function tenantRoutes(parts: {
  accounts: AccountsService;
  users: UsersService;
  sessions: PortalSessions;
}): Route[] {
  const { accounts, users, sessions } = parts;
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'operator',
      tag,
      summary: 'List all tenants',
      response: z.array(tenantJson),
      handler: () => accounts.tenantList(),
    }),
    defineRoute({
      method: 'POST',
      url,
      role: 'operator',
      tag,
      summary: 'Create a tenant',
      description:
        'The answer shows its master key and the password of its first user, an administrator. Neither is ever shown again.',
      body: createTenantRequest,
      response: newTenant,
      status: 201,
      failures: { 409: 'A tenant of this name exists' },
      handler: ({ body }) => users.createTenant(body.name),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:id/sessions`,
      role: 'operator',
      tag,
      summary: 'Open a portal session in a tenant',
      description: 'It allows all there is in that tenant, and to switch to others by this same call.',
      params: z.object({ id: z.string().max(24) }),
      response: portalSession,
      failures: { 404: 'No such tenant' },
      handler: ({ grant, params }) => sessions.open(accounts.masterGrant(params.id), grant),
    }),
  ];
}
