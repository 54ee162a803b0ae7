/** A cipher suite: how keys are agreed on, and how records are protected. */
export interface CipherSuite {
  /** Number in the IANA registry of TLS. */
  readonly id: number;
  /** Name in the registry, without the `TLS_` in front. */
  readonly name: SuiteName;
  /** `ECDHE_PSK` adds a fresh secret to the shared key, so that a key that leaks opens no traffic of before. */
  readonly keyExchange: 'PSK' | 'ECDHE_PSK';
  readonly cipher: 'ccm' | 'gcm';
  readonly keyBytes: 16 | 32;
  readonly tagBytes: 8 | 16;
  /** Hash of the PRF and of Finished. */
  readonly hash: 'sha256' | 'sha384';
}

const table = [
  // RFC 6655: PSK with AES-CCM
  [0xc0a8, 'PSK_WITH_AES_128_CCM_8', 'ccm', 16, 8, 'sha256'],
  [0xc0a4, 'PSK_WITH_AES_128_CCM', 'ccm', 16, 16, 'sha256'],
  [0xc0a9, 'PSK_WITH_AES_256_CCM_8', 'ccm', 32, 8, 'sha256'],
  [0xc0a5, 'PSK_WITH_AES_256_CCM', 'ccm', 32, 16, 'sha256'],
  // RFC 5487: PSK with AES-GCM
  [0x00a8, 'PSK_WITH_AES_128_GCM_SHA256', 'gcm', 16, 16, 'sha256'],
  [0x00a9, 'PSK_WITH_AES_256_GCM_SHA384', 'gcm', 32, 16, 'sha384'],
  // RFC 8442: ECDHE_PSK with AES-GCM and AES-CCM
  [0xd003, 'ECDHE_PSK_WITH_AES_128_CCM_8_SHA256', 'ccm', 16, 8, 'sha256'],
  [0xd005, 'ECDHE_PSK_WITH_AES_128_CCM_SHA256', 'ccm', 16, 16, 'sha256'],
  [0xd001, 'ECDHE_PSK_WITH_AES_128_GCM_SHA256', 'gcm', 16, 16, 'sha256'],
  [0xd002, 'ECDHE_PSK_WITH_AES_256_GCM_SHA384', 'gcm', 32, 16, 'sha384'],
] as const;

export type SuiteName = (typeof table)[number][1];

/** Every suite that is spoken: those with a pre-shared key of the manual, 7.5.2. */
export const cipherSuites: readonly CipherSuite[] = table.map(
  ([id, name, cipher, keyBytes, tagBytes, hash]) => ({
    id,
    name,
    keyExchange: name.startsWith('ECDHE') ? 'ECDHE_PSK' : 'PSK',
    cipher,
    keyBytes,
    tagBytes,
    hash,
  }),
);

/** In the order of `names`. */
export function suitesNamed(names: readonly SuiteName[]): readonly CipherSuite[] {
  return names.flatMap((name) => cipherSuites.filter((suite) => suite.name === name));
}

/** The name of a suite, or its number in the registry when it is not spoken here. */
export function suiteText(id: number): string {
  return cipherSuites.find((suite) => suite.id === id)?.name ?? `0x${id.toString(16).padStart(4, '0')}`;
}
