import type { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Statement, Store } from '../store/types.ts';
import type { OpenUpdate } from './open-updates.ts';
import { toUpdateJson, type UpdateRecord } from './update-record.ts';
import { updateRepository } from './update-repository.ts';
import { isFinal } from './update-state.ts';

export interface UpdateWriterHost {
  /** The end of an update is durable. */
  ended(update: OpenUpdate): void;
  /** Changes were not stored, and the update is again as it was before them. */
  restored(update: OpenUpdate): void;
}

/**
 * Writes what happens to updates. The engine goes on with the new state at once; others hear of it when it is durable.
 * What cannot be stored is taken back.
 */
export class UpdateWriter {
  private readonly parts: { readonly store: Store; readonly bus: EventBus<PlatformEvents> };
  private readonly host: UpdateWriterHost;

  constructor(parts: UpdateWriter['parts'], host: UpdateWriterHost) {
    this.parts = parts;
    this.host = host;
  }

  write(
    update: OpenUpdate,
    next: UpdateRecord,
    also: readonly Statement[] = [],
    done?: (error?: Error) => void,
  ): void {
    update.record = next;
    update.unwritten++;
    this.parts.store.append([updateRepository.updateState(next), ...also], (error) => {
      update.unwritten--;
      if (error) this.notStored(update);
      else {
        update.durable = next;
        this.parts.bus.emit('resourceUpdateChanged', resourceUpdateChanged(next));
        if (isFinal(next.state.status)) this.host.ended(update);
      }
      done?.(error);
    });
  }

  private notStored(update: OpenUpdate): void {
    // A later change that is stored holds this one too; one that is not comes here as well.
    if (update.unwritten > 0 || update.record === update.durable) return;
    update.record = update.durable;
    this.host.restored(update);
  }
}

export function resourceUpdateChanged(record: UpdateRecord): PlatformEvents['resourceUpdateChanged'] {
  const { tenantId, deviceId } = record;
  return { tenantId, deviceId, describe: () => toUpdateJson(record) };
}
