import { CoapError } from '../../core/protocols/coap/errors.ts';
import type { ObserverEvents } from '../../core/protocols/coap/observers.ts';
import type { Answer } from '../../core/protocols/coap/request-server.ts';
import type { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import { ObservedPaths, type ObservedPathsParts } from './observed-paths.ts';

export interface NotifierParts extends Omit<ObservedPathsParts, 'closed'> {
  /** A notification was not acknowledged: the server cannot be reached. */
  unreachable(): void;
}

/** Everything that the server observes on a device. */
export class Notifier {
  private readonly parts: NotifierParts;
  private readonly all = new Set<ObservedPaths>();

  constructor(parts: NotifierParts) {
    this.parts = parts;
  }

  get count(): number {
    return this.all.size;
  }

  /** For the answer to a request that observes. @param what `read` gives what to notify, as a response */
  observe(what: { readonly paths: readonly Lwm2mPath[]; readonly read: () => Answer }): ObserverEvents {
    let observed: ObservedPaths | undefined;
    return {
      opened: (observer) => {
        observed = new ObservedPaths(what, observer, this.parts);
        this.all.add(observed);
      },
      closed: (_, reason) => {
        if (!observed) return;
        observed.stop();
        this.all.delete(observed);
        if (reason instanceof CoapError && reason.code === 'coap.timeout') this.parts.unreachable();
      },
    };
  }

  /** A resource, or what is in it, has another value. */
  changed(path: Lwm2mPath): void {
    for (const observed of this.all) if (observed.covers(path)) observed.changed();
  }

  /** Instances came or went. */
  restructured(): void {
    for (const observed of this.all) observed.changed();
  }

  attributesChanged(path: Lwm2mPath): void {
    for (const observed of this.all) if (observed.isUnder(path)) observed.rearm();
  }

  /** The device sleeps, and says nothing, or is awake, and says what it has kept. */
  awake(isAwake: boolean): void {
    for (const observed of this.all) observed.awake(isAwake);
  }

  /** The session is over, or the device has forgotten who observes it. */
  clear(): void {
    for (const observed of this.all) observed.stop();
    this.all.clear();
  }
}
