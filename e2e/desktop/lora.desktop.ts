import { join } from 'node:path';
import { expect } from '@playwright/test';
import { build } from 'esbuild';
import { runScript, test } from './desktop-program.ts';
import { type LoraCase, type LoraProbeResult, loraProbeMark, outcomesOf } from './lora-probe-result.ts';

const hex = (length: number, first: number): string =>
  Buffer.from(Array.from({ length }, (_, index) => (first + 7 * index) & 0xff)).toString('hex');
const rfcKey = '2b7e151628aed2a6abf7158809cf4f3c';
const rfcMessage =
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710';

/** The messages of RFC 4493, 4, and others to the longest payload. */
const cases: readonly LoraCase[] = [
  ...[0, 16, 40, 64].map((length) => ({ key: rfcKey, message: rfcMessage.slice(0, length * 2) })),
  ...[1, 15, 17, 51, 242].map((length) => ({ key: hex(16, length), message: hex(length, 3) })),
];

test('LoRaWAN has the same cryptography in Electron, which has no CMAC of its own, as in Node', async ({
  dataDir,
}) => {
  const script = join(dataDir, 'probe.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'lora-probe.ts')],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['electron'],
  });
  const { code, output } = await runScript(script, { FLEETBENCH_LORA_CASES: JSON.stringify(cases) });
  expect(code, output).toBe(0);
  const line = output.split('\n').find((each) => each.includes(loraProbeMark)) ?? '';
  const at = line.indexOf(loraProbeMark) + loraProbeMark.length;
  const { electron, ciphers, outcomes } = JSON.parse(line.slice(at)) as LoraProbeResult;
  expect(electron).toMatch(/^\d+\./);
  expect(ciphers).toEqual(expect.arrayContaining(['aes-128-ecb', 'aes-128-cbc']));
  expect(outcomes).toEqual(cases.map(outcomesOf));
  // Those of the RFC are right, not only the same.
  expect(outcomes.slice(0, 4).map(({ cmac }) => cmac)).toEqual([
    'bb1d6929e95937287fa37d129b756746',
    '070a16b46b4d4144f79bdd9dd04a287c',
    'dfa66747de9ae63030ca32611497c827',
    '51f0bebf7e3b9d92fc49741779363cfe',
  ]);
  for (const { taken, bentTaken } of outcomes)
    expect([...taken, ...bentTaken]).toEqual([true, true, true, false, false, false]);
});
