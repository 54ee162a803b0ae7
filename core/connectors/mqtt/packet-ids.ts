const mostPacketIds = 0xffff;

/** Packet ids of what is sent to one client: none is in use twice (MQTT 3.1.1, 2.3.1). */
export class PacketIds {
  private readonly inUse = new Set<number>();
  private next = 1;

  /** @throws Error when all 65535 are in use. */
  take(): number {
    if (this.inUse.size >= mostPacketIds) throw new Error('all packet ids are in use');
    while (this.inUse.has(this.next)) this.next = (this.next % mostPacketIds) + 1;
    const packetId = this.next;
    this.inUse.add(packetId);
    this.next = (packetId % mostPacketIds) + 1;
    return packetId;
  }

  /** False when it was not in use. */
  release(packetId: number): boolean {
    return this.inUse.delete(packetId);
  }
}
