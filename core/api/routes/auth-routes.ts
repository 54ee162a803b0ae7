import { z } from 'zod';
import type { AccountsService } from '../../accounts/accounts-service.ts';
import type { PortalSessions } from '../../accounts/portal-sessions.ts';
import { signIn } from '../../accounts/sign-in.ts';
import type { KeyGrant } from '../../accounts/types.ts';
import type { UsersService } from '../../accounts/users-service.ts';
import { PlatformError } from '../../contract/errors.ts';
import { type Identity, identity } from '../../contract/identity.ts';
import { roles } from '../../contract/roles.ts';
import { tenantJson } from '../../contract/tenants.ts';
import { authAnswer, authRequest, userJson } from '../../contract/users.ts';
import { queryBoolean } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'Signing in';
const cookieQuery = z.object({
  cookie: queryBoolean.prefault('false').describe('Not offered, other than false: the key goes in a header'),
});

/** Signing in and out, and who one is (manual 4.2, facts 13). */
export function authRoutes(parts: {
  accounts: AccountsService;
  users: UsersService;
  sessions: PortalSessions;
}): Route[] {
  const { accounts, users, sessions } = parts;
  return [
    defineRoute({
      method: 'POST',
      url: '/api/v0/auth',
      role: 'public',
      tag,
      summary: 'Sign in with login or e-mail address, and password',
      description:
        'Answers a temporary API key with the roles of the user. It ends when it was not used for a while (setting userSessionTtlMs).',
      query: cookieQuery,
      body: authRequest,
      response: authAnswer,
      failures: {
        401: 'Login or password wrong',
        403: 'Locked out after failed sign-ins, or not enabled',
        429: 'Too many sign-ins at a time',
        501: 'Asks for a cookie',
      },
      handler: ({ query, body }) => {
        refuseCookie(query);
        return signIn(users, body);
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v0/logout',
      role: 'any-key',
      tag,
      summary: 'End the session of this API key',
      query: cookieQuery,
      failures: { 400: 'The key is no session', 501: 'Asks for a cookie' },
      handler: async ({ grant, query }) => {
        refuseCookie(query);
        if (grant.portalSession === undefined) await accounts.userSessions.end(grant);
        else sessions.close(grant.portalSession);
      },
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
    defineRoute({
      method: 'GET',
      url: '/bench/v1/identity',
      role: 'any-key',
      tag,
      summary: 'Get who asks, and what is allowed',
      response: identity,
      handler: ({ grant }) => identityOf(grant, parts),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v0/tenants/me',
      role: 'any-key',
      tag,
      summary: 'Get the tenant of this API key',
      response: tenantJson,
      handler: ({ grant }) => accounts.tenant(grant.tenantId),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v0/users/me',
      role: 'any-key',
      tag,
      summary: 'Get the user whose session this is',
      response: userJson,
      failures: { 404: 'The key is not the session of a user' },
      handler: ({ grant }) => {
        if (grant.userId !== undefined) return users.get(grant.tenantId, grant.userId);
        throw new PlatformError('accounts.userNotFound', 'This API key is not the session of a user.', {
          details: 'POST /api/v0/auth opens one.',
        });
      },
    }),
  ];
}

function identityOf(grant: KeyGrant, parts: { accounts: AccountsService; users: UsersService }): Identity {
  const { tenantId, keyId, userId, portalSession, fifos } = grant;
  const user = userId === undefined ? undefined : parts.users.get(tenantId, userId);
  return {
    kind: user ? 'user' : portalSession === undefined ? 'key' : 'portal',
    ...{ tenantId, tenantName: parts.accounts.tenant(tenantId).name, keyId },
    roles: roles.filter((role) => grant.roles.has(role)),
    ...(fifos && { fifos: [...fifos] }),
    operator: grant.operator === true,
    ...(user && { user: { id: user.id, login: user.login } }),
  };
}

/** A cookie would go with every request that any page sends here, also with those the user knows nothing of. */
function refuseCookie({ cookie }: z.output<typeof cookieQuery>): void {
  if (!cookie) return;
  throw new PlatformError('api.notOffered', 'Sessions in cookies are not offered.', {
    details: 'query.cookie: leave it out, and send the key of the answer in the header X-API-Key',
  });
}
