import type { EventBus } from '../bus/event-bus.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { EventRouter } from '../routing/event-router.ts';
import type { Store } from '../store/types.ts';
import type { OpenCommand } from './command-queues.ts';
import { type CommandRecord, toCommandJson } from './command-record.ts';
import { commandRepository } from './command-repository.ts';
import { isFinal } from './command-state.ts';

export interface CommandWriterHost {
  /** The end of a command is durable. */
  ended(command: OpenCommand): void;
  /** Changes were not stored, and the command is again as it was before them. */
  restored(command: OpenCommand): void;
}

/**
 * Writes what happens to commands. The engine goes on with the new state at once, so that events are taken in their
 * order; others hear of it when it is durable. What cannot be stored is taken back.
 */
export class CommandWriter {
  private readonly parts: {
    readonly store: Store;
    readonly bus: EventBus<PlatformEvents>;
    readonly router: EventRouter;
  };
  private readonly host: CommandWriterHost;

  constructor(parts: CommandWriter['parts'], host: CommandWriterHost) {
    this.parts = parts;
    this.host = host;
  }

  write(command: OpenCommand, next: CommandRecord, done?: (error?: Error) => void): void {
    const { store, bus, router } = this.parts;
    const statusChanges = next.state.status !== command.record.state.status;
    command.record = next;
    command.unwritten++;
    const routed = statusChanges ? routeStatus(router, next) : undefined;
    store.append([commandRepository.updateState(next), ...(routed?.statements ?? [])], (error) => {
      command.unwritten--;
      if (error) this.notStored(command);
      else {
        command.durable = next;
        routed?.enter();
        if (!command.deleted) bus.emit('commandChanged', commandChanged(next));
        if (isFinal(next.state.status)) this.host.ended(command);
      }
      done?.(error);
    });
  }

  private notStored(command: OpenCommand): void {
    // A later change that is stored holds this one too; one that is not comes here as well.
    if (command.unwritten > 0 || command.deleted || command.record === command.durable) return;
    command.record = command.durable;
    this.host.restored(command);
  }
}

/** The event of a change of status (facts 2.6) for the policies that want it. */
export function routeStatus(router: EventRouter, record: CommandRecord) {
  const facts = { status: record.state.status };
  return router.prepare(record.tenantId, 'commandStatus', facts, () => toCommandJson(record));
}

export function commandChanged(record: CommandRecord): PlatformEvents['commandChanged'] {
  const { tenantId, deviceId, id: commandId } = record;
  return { tenantId, deviceId, commandId, describe: () => toCommandJson(record) };
}
