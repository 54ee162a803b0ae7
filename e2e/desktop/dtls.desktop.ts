import { createCipheriv } from 'node:crypto';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { build } from 'esbuild';
import { cipherSuites } from '../../core/protocols/dtls/suites.ts';
import { runScript, test } from './desktop-program.ts';
import { type CcmCase, type DtlsProbeResult, probeMark } from './dtls-probe-result.ts';

const lengths = [0, 1, 15, 16, 17, 64, 300, 1500];
const hex = (length: number, first: number): string =>
  Buffer.from(Array.from({ length }, (_, index) => (first + 7 * index) & 0xff)).toString('hex');

const cases: readonly CcmCase[] = [16, 32].flatMap((keyBytes) =>
  ([8, 16] as const).flatMap((tagBytes) =>
    lengths.map((length) => ({
      key: hex(keyBytes, 1),
      tagBytes,
      nonce: hex(12, length),
      additional: hex(13, 9),
      plaintext: hex(length, 3),
    })),
  ),
);

/** By the CCM of the Node that runs this test. */
function sealedByNode({ key, tagBytes, nonce, additional, plaintext }: CcmCase): string {
  const content = Buffer.from(plaintext, 'hex');
  const algorithm = key.length === 32 ? 'aes-128-ccm' : 'aes-256-ccm';
  const options = { authTagLength: tagBytes };
  const cipher = createCipheriv(algorithm, Buffer.from(key, 'hex'), Buffer.from(nonce, 'hex'), options);
  cipher.setAAD(Buffer.from(additional, 'hex'), { plaintextLength: content.length });
  return Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()]).toString('hex');
}

test('DTLS runs in Electron, whose cryptography has no CCM, with the same bytes as in Node', async ({
  dataDir,
}) => {
  const script = join(dataDir, 'probe.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'dtls-probe.ts')],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['electron'],
  });
  const { code, output } = await runScript(script, { FLEETBENCH_CCM_CASES: JSON.stringify(cases) });
  expect(code, output).toBe(0);
  const line = output.split('\n').find((each) => each.includes(probeMark)) ?? '';
  const result = JSON.parse(line.slice(line.indexOf(probeMark) + probeMark.length)) as DtlsProbeResult;
  expect(result.electron).toMatch(/^\d+\./);
  expect(result.hasOwnCcm).toBe(false);
  expect(result.sealed).toEqual(cases.map(sealedByNode));
  expect(result.echoes).toEqual(
    Object.fromEntries(cipherSuites.map(({ name }) => [name, `hello with ${name}`])),
  );
});
