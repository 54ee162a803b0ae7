import { z } from 'zod';
import type { UsersService } from '../../accounts/users-service.ts';
import { roles } from '../../contract/roles.ts';
import {
  changePasswordRequest,
  createUserRequest,
  updateUserRequest,
  userJson,
  userStates,
} from '../../contract/users.ts';
import { queryList, v0List, v0PageOf, v0PageQuery } from '../paging.ts';
import { idParams } from '../params.ts';
import { defineRoute, type Route } from '../route.ts';

const url = '/api/v0/users';
const tag = 'Users';
const queryRoles = queryList.pipe(z.array(z.enum(roles))).optional();
const noUser = { 404: 'No such user' };

/** Users (manual 4.2, facts 13). */
export function userRoutes({ users }: { users: UsersService }): Route[] {
  return [
    defineRoute({
      method: 'GET',
      url,
      role: 'USER_R',
      tag,
      summary: 'List users',
      query: z.object({
        ...v0PageQuery,
        login: z.string().optional(),
        email: z.string().optional(),
        roles: queryRoles.describe('Only users who have all of these'),
        rolesNotIn: queryRoles.describe('Only users who have none of these'),
        userState: queryList.pipe(z.array(z.enum(userStates))).optional(),
      }),
      response: v0PageOf(userJson),
      handler: ({ grant, query }) => {
        const { login, email, roles: having = [], rolesNotIn = [], userState } = query;
        const found = users
          .list(grant.tenantId)
          .filter((user) => login === undefined || user.login === login)
          .filter((user) => email === undefined || user.email === email)
          .filter((user) => having.every((role) => user.roles.includes(role)))
          .filter((user) => !rolesNotIn.some((role) => user.roles.includes(role)))
          .filter((user) => !userState || userState.includes(user.state));
        return v0List(found, query);
      },
    }),
    defineRoute({
      method: 'POST',
      url,
      role: 'USER_W',
      tag,
      summary: 'Create a user',
      description:
        'With the roles given, or those of a profile. Without a password one is made; the answer shows it, this once.',
      body: createUserRequest,
      response: userJson,
      failures: { 409: 'The login or e-mail address is taken' },
      handler: ({ grant, body }) => users.create(grant, body),
    }),
    defineRoute({
      method: 'GET',
      url: `${url}/:id`,
      role: 'USER_R',
      tag,
      summary: 'Get a user',
      params: idParams,
      response: userJson,
      failures: noUser,
      handler: ({ grant, params: { id } }) => users.get(grant.tenantId, id),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:id`,
      role: 'USER_W',
      tag,
      summary: 'Change a user, disable one, or end a lock',
      description:
        'What is not given stays. A user who gets other roles, or is not enabled any more, loses the sessions.',
      params: idParams,
      body: updateUserRequest,
      response: userJson,
      failures: { ...noUser, 409: 'The login or e-mail address is taken' },
      handler: ({ grant, params: { id }, body }) => users.update(grant, id, body),
    }),
    defineRoute({
      method: 'POST',
      url: `${url}/:id/password`,
      role: 'any-key',
      tag,
      summary: 'Set the password of a user',
      description:
        'One’s own with the old password; that of others with the role USER_W. All other sessions of the user end.',
      params: idParams,
      body: changePasswordRequest,
      failures: { ...noUser, 401: 'The old password is wrong' },
      handler: ({ grant, params: { id }, body }) => users.changePassword(grant, id, body),
    }),
    defineRoute({
      method: 'DELETE',
      url: `${url}/:id`,
      role: 'USER_W',
      tag,
      summary: 'Delete a user and end the sessions',
      params: idParams,
      failures: noUser,
      handler: ({ grant, params: { id } }) => users.delete(grant, id),
    }),
  ];
}
