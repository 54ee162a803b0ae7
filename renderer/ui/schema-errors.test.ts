import { expect, test } from 'vitest';
import { createUserRequest } from '../../core/contract/users.ts';
import { schemaErrors } from './schema-errors.ts';

test('names each field once, with its first fault', () => {
  const errors = schemaErrors(createUserRequest, {
    login: 'a b',
    password: 'short',
    roles: ['NONE', 'NEITHER'],
  });
  expect(Object.keys(errors).sort()).toEqual(['login', 'password', 'roles']);
  expect(errors.login).toContain('must have 3 to 254 letters');
});

test('is empty when all fits', () => {
  expect(schemaErrors(createUserRequest, { login: 'ada' })).toEqual({});
});
