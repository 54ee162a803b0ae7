/**
 * Typed events in the process. They tell what has happened; nothing waits for a listener and none may change
 * what the teller does.
 */
export class EventBus<Events extends object> {
  private readonly listeners = new Map<keyof Events, Map<object, (event: never) => void>>();

  /** Calls `listener` for each such event until {@link release} of its owner. One listener an owner and name. */
  on<Name extends keyof Events>(name: Name, owner: object, listener: (event: Events[Name]) => void): void {
    let ofName = this.listeners.get(name);
    if (!ofName) {
      ofName = new Map();
      this.listeners.set(name, ofName);
    }
    ofName.set(owner, listener);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const ofName = this.listeners.get(name);
    if (!ofName) return;
    for (const listener of ofName.values()) (listener as (event: Events[Name]) => void)(event);
  }

  /** Drops all listeners of an owner. */
  release(owner: object): void {
    for (const ofName of this.listeners.values()) ofName.delete(owner);
  }
}
