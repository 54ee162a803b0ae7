import { expect, test } from 'vitest';
import { profileRoles } from '../../../core/contract/roles.ts';
import type { UserJson } from '../../../core/contract/users.ts';
import { profileOf, toCreateRequest, toUpdateRequest, toUserForm, userProblems } from './user-form.ts';

const user: UserJson = {
  ...{ id: 'u', tenantId: 't', login: 'ada', roles: ['DATA_R', 'DEVICE_R'], admin: false, state: 'enabled' },
  ...{ locked: false, creationTs: 0, updateTs: 0 },
};
const fresh = { ...toUserForm(), login: 'ada' };

test('a new user has the roles of the user profile that may be given, and a password that is made', () => {
  expect(toCreateRequest(fresh)).toEqual({ login: 'ada', roles: profileRoles.USER });
  expect(toUserForm(undefined, ['DATA_R']).roles).toEqual(['DATA_R']);
});

test('only what was changed is named', () => {
  const form = toUserForm(user);
  expect(toUpdateRequest({ ...form, roles: ['DEVICE_R', 'DATA_R'] }, user)).toEqual({});
  expect(toUpdateRequest({ ...form, email: 'a@b.c', roles: ['DATA_R'], state: 'disabled' }, user)).toEqual({
    ...{ email: 'a@b.c', roles: ['DATA_R'], state: 'disabled' },
  });
});

test.each([
  [{ login: 'a b' }, 'login'],
  [{ email: 'nobody' }, 'email'],
  [{ language: 'french' }, 'language'],
  [{ password: 'short' }, 'password'],
])('%j does not fit', (change, field) => {
  expect([...userProblems({ ...fresh, ...change }, undefined, 'is needed').keys()]).toEqual([field]);
});

test('a profile is known by its roles', () => {
  expect(profileOf([...profileRoles.ADMIN].reverse())).toBe('ADMIN');
  expect(profileOf(profileRoles.USER)).toBe('USER');
  expect(profileOf(['DATA_R'])).toBe('own');
});
