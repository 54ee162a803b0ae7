import type { DeviceInterface } from '../../inventory/types.ts';
import type { Lwm2mSession, Registration } from './registration.ts';

/** Who is registered, by location, by interface and by session. */
export class Registrations {
  private readonly byId = new Map<string, Registration>();
  private readonly byInterface = new Map<DeviceInterface, Registration>();
  private readonly bySession = new Map<Lwm2mSession, Registration>();

  get size(): number {
    return this.byId.size;
  }

  [Symbol.iterator](): Iterator<Registration> {
    return this.byId.values();
  }

  find(id: string): Registration | undefined {
    return this.byId.get(id);
  }

  of(via: DeviceInterface): Registration | undefined {
    return this.byInterface.get(via);
  }

  /** The registration that a session speaks for. */
  over(session: Lwm2mSession): Registration | undefined {
    return this.bySession.get(session);
  }

  add(registration: Registration): void {
    this.byId.set(registration.id, registration);
    this.byInterface.set(registration.via, registration);
    if (registration.session) this.bySession.set(registration.session, registration);
  }

  /** The device is heard over another session from now on. */
  move(registration: Registration, session: Lwm2mSession): void {
    this.leave(registration);
    registration.session = session;
    this.bySession.set(session, registration);
  }

  remove(registration: Registration): void {
    this.byId.delete(registration.id);
    if (this.byInterface.get(registration.via) === registration) this.byInterface.delete(registration.via);
    this.leave(registration);
  }

  private leave(registration: Registration): void {
    const { session } = registration;
    if (session && this.bySession.get(session) === registration) this.bySession.delete(session);
  }
}
