import type { InterfaceRegistry } from '../../inventory/types.ts';
import type { Store } from '../../store/types.ts';
import { durable } from './answers.ts';
import type { Registration } from './registration.ts';
import { registrationRepository } from './registration-repository.ts';

/** Registrations in the store, so that they outlive the program. */
export class KeptRegistrations {
  private readonly parts: { readonly store: Store; readonly registry: InterfaceRegistry };

  constructor(parts: KeptRegistrations['parts']) {
    this.parts = parts;
  }

  /** Those of before, of devices that may still be there; nobody has been heard yet. @param nowMs of the wire */
  async load(nowMs: number): Promise<Registration[]> {
    const { store, registry } = this.parts;
    const rows = await registrationRepository.loadAll(store);
    return rows.flatMap(({ tenantId, nodeId, document, stored }): Registration[] => {
      const via = registry.findInterface(tenantId, 'lwm2m', nodeId);
      if (!via?.enabled) {
        store.append([registrationRepository.delete(tenantId, nodeId)], () => {});
        return [];
      }
      // Its lifetime begins anew: while the platform was not there it could not be renewed.
      const times = { heardMs: nowMs, renewedMs: nowMs };
      const state = { via, device: via.device, session: undefined, awake: false, stored: document };
      return [{ ...stored, ...state, ...times, observations: new Map() }];
    });
  }

  /** Resolves when the store has it as it is now. */
  async keep(registration: Registration): Promise<void> {
    const document = registrationRepository.documentOf(registration);
    if (document === registration.stored) return;
    const { via } = registration;
    const statement = registrationRepository.put(via.device.tenantId, via.nodeId, document);
    await durable((done) => this.parts.store.append([statement], done));
    registration.stored = document;
  }

  erase({ via, device }: Registration): void {
    this.parts.store.append([registrationRepository.delete(device.tenantId, via.nodeId)], () => {});
  }
}
