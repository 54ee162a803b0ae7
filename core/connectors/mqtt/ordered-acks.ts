/** An acknowledgement that waits for its turn. */
export interface AckSlot {
  readonly bytes: Buffer;
  ready: boolean;
}

/**
 * Acknowledgements leave in the order in which their publications came (MQTT 3.1.1, 4.6), whatever the order in
 * which they get ready.
 */
export class OrderedAcks {
  private readonly write: (bytes: Buffer) => void;
  private slots: AckSlot[] = [];
  private head = 0;

  constructor(write: (bytes: Buffer) => void) {
    this.write = write;
  }

  /** How many wait. */
  get size(): number {
    return this.slots.length - this.head;
  }

  add(bytes: Buffer): AckSlot {
    const slot = { bytes, ready: false };
    this.slots.push(slot);
    return slot;
  }

  settle(slot: AckSlot): void {
    slot.ready = true;
    for (let first = this.slots[this.head]; first?.ready; first = this.slots[this.head]) {
      this.head++;
      this.write(first.bytes);
    }
    if (this.head === this.slots.length) {
      this.slots = [];
      this.head = 0;
    }
  }
}
