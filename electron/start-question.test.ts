import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../core/contract/errors.ts';
import type { StartFailure } from '../host/start-failure.ts';
import { defectQuestion, startQuestion } from './start-question.ts';

const failure = (code: ErrorCode | undefined, port?: number): StartFailure => ({
  code,
  message: 'What the platform says.',
  details: 'More.',
  port,
});

describe('what the user may choose', () => {
  it.each([
    ['a port in use', failure('platform.listen', 1883), ['free-port', 'retry', 'quit']],
    ['no such address', failure('platform.listen'), ['retry', 'quit']],
    ['the data folder in use', failure('store.locked'), ['retry', 'quit']],
    ['damaged data', failure('store.damaged'), ['open-data-folder', 'repair', 'quit']],
    ['a wrong setting', failure('platform.setting'), ['retry', 'quit']],
    ['what the system refuses', failure(undefined), ['retry', 'quit']],
  ])('for %s', (_name, given, choices) => {
    const question = startQuestion(given, '/data');
    expect(question.choices.map(({ choice }) => choice)).toEqual(choices);
    if (given.port === undefined) expect(question.detail).toContain('What the platform says.');
  });
});

it('names the port and what other clients meet', () => {
  const { message, detail } = startQuestion(failure('platform.listen', 1883), '/data');
  expect(message).toBe('Port 1883 is not free');
  expect(detail).toContain('clients that are set to this port reach that program');
});

it('names the data folder where it matters', () => {
  for (const code of ['store.locked', 'store.damaged'] as const) {
    expect(startQuestion(failure(code), '/the/data').detail).toContain('Data folder: /the/data');
  }
});

it('never repairs by the Enter key', () => {
  expect(startQuestion(failure('store.damaged'), '/data').choices[0]?.choice).not.toBe('repair');
});

it('shows a defect whole, with the version', () => {
  const { detail } = defectQuestion(new TypeError('x is undefined'), '1.2.3');
  expect(detail).toMatch(/Fleetbench 1\.2\.3\nTypeError: x is undefined\n +at /);
  expect(defectQuestion('text', '1').detail).toMatch(/text$/);
});
