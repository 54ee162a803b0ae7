import { expect, it } from 'vitest';
import { readServeFlags } from '../host/flags.ts';
import { pickDesktopArguments } from './desktop-arguments.ts';

it('leaves the words of others alone', () => {
  const argv = [
    '--no-sandbox',
    '--inspect=0',
    '--data-dir',
    '/d',
    '-psn_0_1',
    '.',
    '--http-port=0',
    '--ephemeral',
    '--set',
    'traceCapacity=5',
    'word',
  ];
  expect(pickDesktopArguments(argv)).toEqual({
    own: ['--data-dir', '/d', '--http-port=0', '--ephemeral', '--set', 'traceCapacity=5'],
    others: ['--no-sandbox', '--inspect=0', '-psn_0_1', '.', 'word'],
  });
});

it('keeps a flag without its value, for the reader of flags to refuse', () => {
  expect(pickDesktopArguments(['--data-dir']).own).toEqual(['--data-dir']);
  expect(() => readServeFlags(['--data-dir'], '/d')).toThrow(/data-dir/);
});

it('knows no flag by the name of an inherited property', () => {
  expect(pickDesktopArguments(['--toString', '--constructor=1']).own).toEqual([]);
});
