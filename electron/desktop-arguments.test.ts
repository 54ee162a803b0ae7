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
    'word',
  ];
  expect(pickDesktopArguments(argv)).toEqual({
    own: ['--data-dir', '/d', '--http-port=0', '--ephemeral'],
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

it('hands on only what the reader of flags knows', () => {
  const flags = ['data-dir', 'host', 'http-port', 'https-port', 'mqtt-port', 'mqtts-port', 'log-level'];
  for (const name of [...flags, 'master-key']) {
    expect(() => readServeFlags([`--${name}=`], '/d')).not.toThrow(/Unknown option/);
  }
});
