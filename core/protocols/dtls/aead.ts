/** Authenticated encryption under one key (RFC 5116), with nonces of 12 bytes. */
export interface Aead {
  readonly tagBytes: number;
  /** Writes the ciphertext and, behind it, the tag into `target` from `offset` on. */
  seal(
    nonce: Uint8Array,
    additional: Uint8Array,
    plaintext: Uint8Array,
    target: Uint8Array,
    offset: number,
  ): void;
  /** The plaintext of a ciphertext with its tag, or undefined when it is not authentic. */
  open(nonce: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}
