import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  connectionKeys,
  extendedMasterSecret,
  masterSecret,
  premasterSecret,
  prf,
  verifyData,
} from './prf.ts';
import { suitesNamed } from './suites.ts';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

/** The vectors of the TLS working group's mailing list that implementations of TLS 1.2 check themselves against. */
const vectors = [
  [
    'sha256',
    '9bbe436ba940f017b17652849a71db35',
    'a0ba9f936cda311827a6f796ffd5198c',
    'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66',
  ],
  [
    'sha384',
    'b80b733d6ceefcdc71566ea48e5567df',
    'cd665cf6a8447dd6ff8b27555edb7465',
    '7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f',
  ],
] as const;

/** The PRF of openssl, whose seed is label and seed in one. */
function opensslPrf(
  hash: string,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): string {
  const output = execFileSync('openssl', [
    ...['kdf', '-keylen', `${length}`, '-kdfopt', `digest:${hash}`, '-kdfopt', `hexsecret:${hex(secret)}`],
    ...['-kdfopt', `hexseed:${hex(ascii(label))}${hex(seed)}`, 'TLS1-PRF'],
  ]);
  return output.toString().trim().replaceAll(':', '').toLowerCase();
}

const key = bytes('000102030405060708090a0b0c0d0e0f');
const [clientRandom, serverRandom] = [new Uint8Array(32).fill(0xc1), new Uint8Array(32).fill(0x5e)];

describe('the PRF of TLS 1.2', () => {
  it.each(vectors)(
    'gives the published bytes with %s, and the beginning of them for less',
    (hash, secret, seed, output) => {
      const [length, label] = [output.length / 2, ascii('test label')];
      expect(hex(prf(hash, bytes(secret), label, bytes(seed), length))).toBe(output);
      for (const less of [0, 1, 31, 32, 33, 48, 49]) {
        expect(hex(prf(hash, bytes(secret), label, bytes(seed), less))).toBe(output.slice(0, less * 2));
      }
    },
  );
});

describe('the premaster secret', () => {
  it('is zeros and the key for PSK (RFC 4279, 2)', () => {
    expect(hex(premasterSecret(bytes('a1b2c3')))).toBe('0003000000' + '0003a1b2c3');
  });

  it('is the shared secret and the key for ECDHE_PSK (RFC 5489, 2)', () => {
    expect(hex(premasterSecret(bytes('a1b2c3'), bytes('0102')))).toBe('00020102' + '0003a1b2c3');
  });
});

describe.each(['sha256', 'sha384'] as const)('secrets by %s, beside openssl', (hash) => {
  const premaster = premasterSecret(key);
  const master = masterSecret(hash, premaster, clientRandom, serverRandom);
  const both = new Uint8Array([...clientRandom, ...serverRandom]);
  const transcript = new Uint8Array(32).fill(7);

  it('are the same', () => {
    expect(hex(master)).toBe(opensslPrf(hash, premaster, 'master secret', both, 48));
    expect(hex(extendedMasterSecret(hash, premaster, transcript))).toBe(
      opensslPrf(hash, premaster, 'extended master secret', transcript, 48),
    );
    for (const side of ['client', 'server'] as const) {
      expect(hex(verifyData(hash, master, side, transcript))).toBe(
        opensslPrf(hash, master, `${side} finished`, transcript, 12),
      );
    }
  });
});

describe('the keys of a connection', () => {
  it.each([
    ['PSK_WITH_AES_128_CCM_8', 16],
    ['PSK_WITH_AES_256_GCM_SHA384', 32],
  ] as const)('are cut from one block for %s, in the order of RFC 5246, 6.3', (name, keyBytes) => {
    const [suite] = suitesNamed([name]);
    const master = new Uint8Array(48).fill(9);
    const { client, server } = connectionKeys(suite!, master, clientRandom, serverRandom);
    const seed = new Uint8Array([...serverRandom, ...clientRandom]);
    const block = [client.key, server.key, client.salt, server.salt].map(hex).join('');
    expect(block).toBe(opensslPrf(suite!.hash, master, 'key expansion', seed, 2 * keyBytes + 8));
    expect([client.key.length, client.salt.length]).toEqual([keyBytes, 4]);
  });
});
