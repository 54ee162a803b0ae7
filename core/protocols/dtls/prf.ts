import { createHmac } from 'node:crypto';
import { concat, noBytes, numberBytes } from './bytes.ts';
import type { CipherSuite } from './suites.ts';

type PrfHash = CipherSuite['hash'];

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const labels = {
  masterSecret: ascii('master secret'),
  extendedMasterSecret: ascii('extended master secret'),
  keyExpansion: ascii('key expansion'),
  clientFinished: ascii('client finished'),
  serverFinished: ascii('server finished'),
};

const masterSecretBytes = 48;
const verifyDataBytes = 12;
/** The implicit part of each nonce (RFC 5288, 3 and RFC 6655, 3). */
const saltBytes = 4;

/** The pseudo-random function of TLS 1.2 (RFC 5246, 5): `length` bytes from a secret, a label and a seed. */
export function prf(
  hash: PrfHash,
  secret: Uint8Array,
  label: Uint8Array,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const labelAndSeed = concat(label, seed);
  const output = new Uint8Array(length);
  let chain = labelAndSeed;
  for (let offset = 0; offset < length; ) {
    chain = createHmac(hash, secret).update(chain).digest();
    const block = createHmac(hash, secret).update(chain).update(labelAndSeed).digest();
    output.set(block.subarray(0, length - offset), offset);
    offset += block.length;
  }
  return output;
}

/**
 * The premaster secret of a pre-shared key (RFC 4279, 2; RFC 5489, 2).
 * @param shared what the ephemeral key exchange gave; without one, zeros of the length of the key
 */
export function premasterSecret(
  key: Uint8Array,
  shared: Uint8Array = new Uint8Array(key.length),
): Uint8Array {
  return concat(numberBytes(shared.length, 2), shared, numberBytes(key.length, 2), key);
}

/** RFC 5246, 8.1. */
export function masterSecret(
  hash: PrfHash,
  premaster: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): Uint8Array {
  return prf(hash, premaster, labels.masterSecret, concat(clientRandom, serverRandom), masterSecretBytes);
}

/** The master secret bound to the whole handshake (RFC 7627, 4). */
export function extendedMasterSecret(
  hash: PrfHash,
  premaster: Uint8Array,
  sessionHash: Uint8Array,
): Uint8Array {
  return prf(hash, premaster, labels.extendedMasterSecret, sessionHash, masterSecretBytes);
}

export interface WriteKeys {
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
}

export interface ConnectionKeys {
  readonly client: WriteKeys;
  readonly server: WriteKeys;
}

/** The keys of both directions (RFC 5246, 6.3); suites with authenticated encryption have no MAC keys. */
export function connectionKeys(
  { hash, keyBytes }: CipherSuite,
  master: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): ConnectionKeys {
  const seed = concat(serverRandom, clientRandom);
  const block = prf(hash, master, labels.keyExpansion, seed, 2 * (keyBytes + saltBytes));
  const salts = block.subarray(2 * keyBytes);
  return {
    client: { key: block.subarray(0, keyBytes), salt: salts.subarray(0, saltBytes) },
    server: { key: block.subarray(keyBytes, 2 * keyBytes), salt: salts.subarray(saltBytes) },
  };
}

/** The content of Finished (RFC 5246, 7.4.9). */
export function verifyData(
  hash: PrfHash,
  master: Uint8Array,
  sender: 'client' | 'server',
  transcriptHash: Uint8Array = noBytes,
): Uint8Array {
  const label = sender === 'client' ? labels.clientFinished : labels.serverFinished;
  return prf(hash, master, label, transcriptHash, verifyDataBytes);
}
