import type { LatestMessage } from '../../../core/contract/messages.ts';

/** The newest message of devices that were in sight. A cell is told only when that of its own device has changed. */
export class LatestValues {
  private readonly known = new Map<string, LatestMessage>();
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  of(deviceId: string): LatestMessage | undefined {
    return this.known.get(deviceId);
  }

  /** Takes an answer in. What is the same message stays the same object, so that nothing is drawn anew for it. */
  add(messages: readonly LatestMessage[]): void {
    let changed = false;
    for (const message of messages) {
      if (this.known.get(message.deviceId)?.id === message.id) continue;
      this.known.set(message.deviceId, message);
      changed = true;
    }
    if (changed) for (const listener of this.listeners) listener();
  }
}
