const windowBits = 64;

/** Which records have come already (RFC 6347, 4.1.2.6): the newest, and the 63 before it. */
export class ReplayWindow {
  /** Sequence number of the newest record, -1 before the first. */
  newest = -1;
  /** Bit n stands for the record n before the newest; the upper 32 in `older`. */
  private recent = 0;
  private older = 0;

  /** True when the record has come already, or is too old to tell. */
  hasSeen(sequence: number): boolean {
    const age = this.newest - sequence;
    if (age < 0) return false;
    if (age >= windowBits) return true;
    return age < 32 ? (this.recent & (1 << age)) !== 0 : (this.older & (1 << (age - 32))) !== 0;
  }

  /** To be called when the record is known to be authentic. */
  note(sequence: number): void {
    const age = this.newest - sequence;
    if (age < 0) {
      this.shift(-age);
      this.newest = sequence;
      this.recent |= 1;
    } else if (age < 32) this.recent |= 1 << age;
    else if (age < windowBits) this.older |= 1 << (age - 32);
  }

  private shift(by: number): void {
    if (by >= windowBits) {
      this.recent = 0;
      this.older = 0;
    } else if (by >= 32) {
      this.older = by === 32 ? this.recent : this.recent << (by - 32);
      this.recent = 0;
    } else {
      this.older = (this.older << by) | (this.recent >>> (32 - by));
      this.recent <<= by;
    }
  }
}
