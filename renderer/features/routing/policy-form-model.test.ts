import { expect, test } from 'vitest';
import type { ActionPolicy } from '../../../core/contract/routing.ts';
import { checkPolicy, emptyPolicy, toForm, toInput } from './policy-form-model.ts';

const policy: ActionPolicy = {
  id: 'p1',
  name: 'Lab',
  enabled: true,
  triggers: {
    dataMessage: {
      version: 1,
      filter: {
        connectors: ['mqtt'],
        deviceIds: ['urn:lo:nsid:demo:a'],
        groupPaths: [
          { path: '/site', includeSubPath: true },
          { path: '/', includeSubPath: false },
        ],
        tags: [['lab', 'indoor'], ['roof']],
      },
    },
  },
  actions: { fifoPublish: [{ fifoName: 'a', noRetention: false }] },
};

test('a policy goes through the form unchanged', () => {
  const { id: _id, ...input } = policy;
  expect(toInput(toForm(policy))).toEqual(input);
});

test('what is left open is left out', () => {
  const input = toInput({ ...emptyPolicy, fifos: ['a'] });
  expect(input).toMatchObject({ triggers: { dataMessage: { filter: {} } } });
  expect(checkPolicy({ ...emptyPolicy, fifos: ['a'] })).toHaveProperty('policy');
});

test('the root group and all below it', () => {
  const form = { ...emptyPolicy, groups: ['/*'], fifos: ['a'] };
  expect(toInput(form)).toMatchObject({
    triggers: { dataMessage: { filter: { groupPaths: [{ path: '/', includeSubPath: true }] } } },
  });
});

test('says what does not fit', () => {
  expect(checkPolicy({ ...emptyPolicy, fifos: ['a b'] })).toMatchObject({
    problem: expect.stringContaining('only letters'),
  });
  expect(checkPolicy(emptyPolicy)).toHaveProperty('problem');
});

test('a trigger that has no fields stays as it is', () => {
  const triggers = { commandStatus: { version: 1 as const, filter: { status: ['ERROR' as const] } } };
  expect(toInput(toForm({ ...policy, triggers }))).toMatchObject({ triggers });
});
