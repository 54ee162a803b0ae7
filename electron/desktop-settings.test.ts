import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readServeFlags } from '../host/flags.ts';
import { readDesktopSettings } from './desktop-settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetbench-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (text: string): void => writeFileSync(join(folder, 'desktop.json'), text);

it('is empty without a file', () => {
  expect(readDesktopSettings(folder)).toEqual([]);
});

it('gives ports, and the command line wins', () => {
  write('{"ports":{"http":18080,"https":"off","mqtt":0},"settings":{"traceCapacity":7}}');
  const flags = [...readDesktopSettings(folder), '--http-port', '9000'];
  expect(readServeFlags(flags, folder)).toMatchObject({
    ports: {
      http: 9000,
      https: undefined,
      mqtt: 0,
      mqtts: 8883,
      coaps: 5684,
      coap: undefined,
      bs: 5784,
      lora: 1700,
      smpp: 2775,
    },
    settings: { traceCapacity: 7 },
  });
});

it.each([
  '',
  '[]',
  '{"ports":{"http":"8080"}}',
  '{"ports":{"http":70000}}',
  '{"ports":{"smtp":25}}',
  '{"port":1}',
  '{"settings":{"a=b":1}}',
])('refuses %j and says what is allowed', (text) => {
  write(text);
  expect(() => readDesktopSettings(folder)).toThrow(/desktop.json cannot be used. It may hold/);
});
