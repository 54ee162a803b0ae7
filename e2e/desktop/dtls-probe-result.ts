/** In front of the result, among what an Electron says otherwise. */
export const probeMark = 'dtls probe: ';

/** One message to be sealed with CCM; all texts are hexadecimal. */
export interface CcmCase {
  readonly key: string;
  readonly tagBytes: 8 | 16;
  readonly nonce: string;
  readonly additional: string;
  readonly plaintext: string;
}

export interface DtlsProbeResult {
  /** Version of the Electron, empty in plain Node. */
  readonly electron: string;
  /** Whether the cryptography of the Electron knows CCM by itself. */
  readonly hasOwnCcm: boolean;
  /** Ciphertext and tag of each case. */
  readonly sealed: readonly string[];
  /** What came back, by cipher suite. */
  readonly echoes: Readonly<Record<string, string>>;
}
