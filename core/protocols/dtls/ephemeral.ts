import { createECDH, type ECDH } from 'node:crypto';
import type { DtlsRandom } from './seams.ts';

/** Curves of ECDHE (RFC 8422, 5.1.1) by their numbers: secp256r1 and secp384r1, as RFC 7252, 9.1.3 asks for the first. */
const curves = new Map([
  [23, { name: 'prime256v1', scalarBytes: 32 }],
  [24, { name: 'secp384r1', scalarBytes: 48 }],
]);

/** In order of preference. */
export const supportedGroups: readonly number[] = [...curves.keys()];

/** One side's part of an ephemeral Diffie-Hellman key exchange. */
export class EphemeralKey {
  readonly group: number;
  private readonly ecdh: ECDH;

  /** @param group one of {@link supportedGroups} */
  constructor(group: number, random: DtlsRandom) {
    const curve = curves.get(group);
    if (!curve) throw new RangeError(`group ${group} is not supported`);
    this.group = group;
    this.ecdh = createECDH(curve.name);
    // A number outside the group's order is refused; that is next to impossible, and the next will do.
    for (let isSet = false; !isSet; ) isSet = this.trySet(random.bytes(curve.scalarBytes));
  }

  /** The public point, uncompressed. */
  get point(): Uint8Array {
    return this.ecdh.getPublicKey();
  }

  /** What both sides come to (RFC 8422, 5.10), or undefined when the other's point is not on the curve. */
  sharedSecret(point: Uint8Array): Uint8Array | undefined {
    try {
      return this.ecdh.computeSecret(point);
    } catch {
      return undefined;
    }
  }

  private trySet(scalar: Uint8Array): boolean {
    try {
      this.ecdh.setPrivateKey(scalar);
      return true;
    } catch {
      return false;
    }
  }
}
