import { expect, test } from 'vitest';
import { interfaceKindOf, interfaceKinds } from '../../../../core/contract/interface-kinds/index.ts';
import {
  definitionProblems,
  fieldsOf,
  initialValues,
  patchOf,
  toDefinition,
  toValues,
} from './definition-form.ts';

const lwm2m = interfaceKindOf('lwm2m');
const lora = interfaceKindOf('lora');

test('every connector has a form, its node id first and its secrets marked', () => {
  for (const kind of interfaceKinds) {
    const fields = fieldsOf(kind);
    expect(fields[0]).toMatchObject({ path: kind.nodeIdField, kind: 'text', required: true, secret: false });
    expect(fields.filter(({ secret }) => secret).map(({ path }) => path)).toEqual(kind.secrets);
  }
});

test('fields within fields are needed only where what holds them is', () => {
  const identity = fieldsOf(lwm2m).find(({ path }) => path === 'security.pskInfo.identity');
  expect(identity).toMatchObject({ kind: 'text', required: false });
  expect(fieldsOf(lora).find(({ path }) => path === 'activationType')).toMatchObject({
    kind: 'choice',
    choices: ['OTAA'],
    required: false,
  });
  expect(initialValues(fieldsOf(lora))).toEqual({ activationType: 'OTAA' });
  expect(fieldsOf(lora).find(({ path }) => path === 'connectivityOptions.ackUl')?.kind).toBe('flag');
});

test('what the platform offers can be chosen, as far as it is known', () => {
  const sms = interfaceKindOf('sms');
  const field = (offers?: object) => fieldsOf(sms, offers).find(({ path }) => path === 'serverPhoneNumber');
  expect(field()).toMatchObject({ kind: 'text', choices: [] });
  expect(field({ smsServerPhoneNumbers: ['20259'] })).toMatchObject({ kind: 'choice', choices: ['20259'] });
});

test('what a form is filled with is what it says', () => {
  const definition = {
    endpointName: 'e',
    security: { mode: 'PSK', pskInfo: { identity: 'i' } },
    bootstrap: { managed: false },
  };
  expect(toDefinition(toValues(fieldsOf(lwm2m), definition))).toEqual(definition);
});

test('a change names what is different and keeps a secret that is not given anew', () => {
  const before = { endpointName: 'e', security: { mode: 'PSK', pskInfo: { identity: 'i' } } };
  const after = { endpointName: 'e', security: { mode: 'PSK', pskInfo: { identity: 'j', secret: 's' } } };
  expect(patchOf(before, before)).toEqual({});
  expect(patchOf(before, after)).toEqual({ security: { pskInfo: { identity: 'j', secret: 's' } } });
  expect(patchOf(before, { endpointName: 'e', bootstrap: { managed: true } })).toEqual({
    security: null,
    bootstrap: { managed: true },
  });
});

test('the schema of the connector says what does not fit', () => {
  const good = {
    devEUI: '0123456789abcdef',
    appEUI: '0123456789ABCDEF',
    profile: 'Generic_classA_RX2SF12',
    connectivityPlan: 'orange-cs/CP_Basic',
  };
  const options = { kept: false, needed: 'needed' };
  expect([...definitionProblems(lora, good, options)]).toEqual([['appKey', 'needed']]);
  expect(definitionProblems(lora, good, { ...options, kept: true }).size).toBe(0);
  const key = { ...good, appKey: 'short' };
  expect(definitionProblems(lora, key, { ...options, kept: true }).get('appKey')).toBe(
    'must be 32 hexadecimal digits',
  );
  expect([...definitionProblems(lora, { ...good, devEUI: '12' }, options).keys()]).toEqual([
    'devEUI',
    'appKey',
  ]);
});
