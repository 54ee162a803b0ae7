import { expect, test } from 'vitest';
import { createApiKeyRequest } from '../../core/contract/api-keys.ts';
import { createDeviceRequest } from '../../core/contract/devices.ts';
import { createUserRequest } from '../../core/contract/users.ts';
import { problemBelow, problemsOf } from './form-problems.ts';

test('names each place once, with its first fault', () => {
  const body = { login: 'a b', password: 'short', roles: ['NONE', 'NEITHER'] };
  const problems = problemsOf(createUserRequest, body, 'is needed');
  expect([...problems.keys()].sort()).toEqual(['login', 'password', 'roles.0', 'roles.1']);
  expect(problems.get('login')).toContain('must have 3 to 254 letters');
});

test('is empty when all fits', () => {
  expect(problemsOf(createUserRequest, { login: 'ada' }, 'is needed').size).toBe(0);
});

test('what is missing is said in the words of the form', () => {
  expect(problemsOf(createApiKeyRequest, {}, 'is needed').get('label')).toBe('is needed');
});

test('finds what is wrong below a field that holds more', () => {
  const body = { id: 'urn:lo:nsid:a:b', properties: { 'a.b': 'x' } };
  const problems = problemsOf(createDeviceRequest, body, 'is needed');
  expect(problems.has('properties')).toBe(false);
  expect(problemBelow(problems, 'properties')).toContain('must not hold');
  expect(problemBelow(problems, 'prop')).toBeUndefined();
});
