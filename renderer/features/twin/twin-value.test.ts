import { expect, test } from 'vitest';
import type { ResourceType } from './twin-model.ts';
import { readValue, textToEdit, writeValue } from './twin-value.ts';

test.each([
  ['BOOLEAN', '1', { kind: 'flag', on: true }],
  ['BOOLEAN', 'yes', { kind: 'text', text: 'yes' }],
  ['FLOAT', '21.5', { kind: 'number', text: '21.5' }],
  ['TIME', '1893456000', { kind: 'time', time: '2030-01-01T00:00:00.000Z' }],
  ['TIME', '99999999999999999', { kind: 'text', text: '99999999999999999' }],
  ['OPAQUE', '3q2+7w==', { kind: 'bytes', hex: 'deadbeef', length: 4 }],
  ['OPAQUE', '§', { kind: 'text', text: '§' }],
  ['OBJLNK', '3303:0', { kind: 'link', path: '/3303/0' }],
  ['OBJLNK', '65535:65535', { kind: 'link', path: undefined }],
  [undefined, '1', { kind: 'text', text: '1' }],
] as const)('a value of type %s is read: %s', (type, text, read) => {
  expect(readValue(type, text)).toEqual(read);
});

test.each([
  ['INTEGER', ' -5 ', undefined, { value: -5 }],
  ['INTEGER', '9223372036854775807', undefined, { value: '9223372036854775807' }],
  ['INTEGER', '1.5', undefined, { problem: 'whole' }],
  ['INTEGER', '', undefined, { problem: 'needed' }],
  ['INTEGER', '101', '0..100', { problem: 'range' }],
  ['INTEGER', '100', '0..100', { value: 100 }],
  ['UNSIGNED_INTEGER', '-1', undefined, { problem: 'positive' }],
  ['FLOAT', '1e3', undefined, { value: 1000 }],
  ['FLOAT', 'warm', undefined, { problem: 'number' }],
  ['BOOLEAN', 'true', undefined, { value: true }],
  ['BOOLEAN', '1', undefined, { problem: 'flag' }],
  ['TIME', '2030-01-01T00:00:00Z', undefined, { value: 1_893_456_000 }],
  ['TIME', 'noon', undefined, { problem: 'time' }],
  ['OPAQUE', '0xDE AD be:ef', undefined, { value: '3q2+7w==' }],
  ['OPAQUE', '3q2+7w==', undefined, { value: '3q2+7w==' }],
  ['OPAQUE', '0xabc', undefined, { problem: 'bytes' }],
  ['OBJLNK', '3303:0', undefined, { value: '3303:0' }],
  ['OBJLNK', '/3303/0', undefined, { problem: 'link' }],
  ['STRING', ' with spaces ', undefined, { value: ' with spaces ' }],
] as const)('a %s is written: %s', (type: ResourceType, text, range, written) => {
  expect(writeValue(type, text, range)).toEqual(written);
});

test('a form begins with what can be written again', () => {
  for (const [type, reported] of [
    ['TIME', '1893456000'],
    ['INTEGER', '7'],
    ['STRING', 'x'],
  ] as const) {
    expect(writeValue(type, textToEdit(type, reported))).toEqual({
      value: type === 'STRING' ? 'x' : Number(reported),
    });
  }
  expect(writeValue('BOOLEAN', textToEdit('BOOLEAN', '1'))).toEqual({ value: true });
});
