import { expect, test } from 'vitest';
import { draftOf } from './operation-again.ts';
import { checkDraft, emptyDraft, isCompatible, type OperationDraft } from './operation-draft.ts';

const check = (draft: Partial<OperationDraft>) => checkDraft({ ...emptyDraft, ...draft }, [], 'is needed');

test('says in the words of the API what is asked', () => {
  expect(check({ paths: ['/3', '/5'], attempts: '3', responseFormat: 'SENML_JSON' }).request).toEqual({
    ...{ type: 'READ', paths: ['/3', '/5'], policy: { attempts: 3 } },
    options: { lwm2m: { contentFormat: { response: 'SENML_JSON' } } },
  });
  expect(check({ type: 'EXECUTE', paths: ['/3/0/4'], argument: "0='x'" }).request).toEqual({
    ...{ type: 'EXECUTE', paths: ['/3/0/4'], argument: "0='x'" },
  });
  const conditions = { pmin: { change: 'set', text: '5' }, lt: { change: 'unset', text: '9' } } as const;
  expect(check({ type: 'WRITE-METADATA', paths: ['/3/0'], conditions }).request).toEqual({
    type: 'WRITE-METADATA',
    values: [{ path: '/3/0', metadata: [{ name: 'pmin', value: 5 }, { name: 'lt' }] }],
  });
});

test('tells what is missing and what does not fit', () => {
  expect(check({}).problems.get('paths')).toBe('is needed');
  expect(check({ type: 'WRITE', paths: ['/3/0'] }).problems.get('values')).toBe('is needed');
  expect([...check({ paths: ['3/0'] }).problems.keys()]).toEqual(['paths.0']);
  expect([...check({ paths: ['/3'], attempts: 'many' }).problems.keys()]).toEqual(['policy.attempts']);
  const conditions = { pmin: { change: 'set', text: '' } } as const;
  expect(check({ type: 'WRITE-METADATA', paths: ['/3'], conditions }).problems.size).toBe(1);
});

test('goes to the compatible API where that has it', () => {
  expect(isCompatible({ type: 'EXECUTE' })).toBe(true);
  expect(isCompatible({ type: 'EXECUTE', argument: '1' })).toBe(false);
  expect(isCompatible({ type: 'DISCOVER' })).toBe(false);
});

test('asks again for the same', () => {
  const draft: OperationDraft = {
    ...emptyDraft,
    ...{ type: 'WRITE-METADATA', paths: ['/3/0'], contextToken: 'again', attempts: '2' },
    conditions: { pmin: { change: 'set', text: '5' }, lt: { change: 'unset', text: '' } },
  };
  const { request } = check(draft);
  const operation = {
    ...request,
    ...{ id: '1', status: 'OK', attempt: 1, steps: [], created: '', updated: '' },
  } as never;
  expect(check(draftOf(operation)).request).toEqual(request);
});
