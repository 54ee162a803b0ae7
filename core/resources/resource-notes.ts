import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import type { UpdateRecord } from './update-record.ts';

/** Look-ups at a time. A device that floods the platform with wrong answers must not fill the store with queries. */
const mostLookUps = 100;

/** What the audit log is told of resources. */
export class ResourceNotes {
  private readonly audit: AuditLog;
  private readonly find: (seq: number) => Promise<UpdateRecord | undefined>;
  private lookUps = 0;

  /** @param find looks in the store */
  constructor(audit: AuditLog, find: (seq: number) => Promise<UpdateRecord | undefined>) {
    this.audit = audit;
    this.find = find;
  }

  /** An update ended in another way than with its version. */
  noteFailure({ id, tenantId, deviceId, resourceId, requestedVersion, state }: UpdateRecord): void {
    const { error, via } = state;
    const who = error?.origin === 'DEVICE' ? 'The device' : 'The platform';
    const code = [error?.code, error?.deviceCode].filter((each) => each !== undefined).join(', ');
    this.audit.record(tenantId, {
      ...common,
      level: 'error',
      description: `Update of ${resourceId} to ${requestedVersion} failed`,
      detailedDescription: `${who} ended it: ${code}${error?.details === undefined ? '' : `. ${error.details}`}`,
      source: { deviceId, ...via },
      content: { updateId: id, errorOrigin: error?.origin, errorCode: error?.code },
    });
  }

  /** Parts of a report that cannot be used. */
  noteReport(via: DeviceInterface, problems: readonly string[]): void {
    this.record(via, {
      level: 'error',
      description: 'Part of a report of resources was refused',
      detailedDescription: `${problems.join('; ')}. The other resources were taken.`,
    });
  }

  /** An error that a device reports while no update of it is under way. */
  noteErrorOfNothing(via: DeviceInterface, code: string | undefined, details: string | undefined): void {
    this.record(via, {
      level: 'error',
      description: 'Resource update error of no update',
      detailedDescription: 'The device was asked for no update that has not ended. The error was not used.',
      content: { deviceErrorCode: code, errorDetails: details },
    });
  }

  /**
   * An answer, or an error, that changes nothing.
   * @param known the update when it is still in memory. `done` is called when it is noted.
   */
  noteStray(
    via: DeviceInterface,
    seq: number | undefined,
    said: Record<string, unknown>,
    known: UpdateRecord | undefined,
    done: (error?: Error) => void,
  ): void {
    const tell = (of: UpdateRecord | undefined): void => {
      const { tenantId, id } = via.device;
      const own = of?.tenantId === tenantId && of.deviceId === id ? of : undefined;
      this.record(via, { ...(own ? describe(own) : unknown), content: { ...said, updateId: own?.id } });
    };
    if (known || seq === undefined || this.lookUps >= mostLookUps) {
      tell(known);
      done();
      return;
    }
    this.lookUps++;
    this.find(seq)
      .then((found) => {
        tell(found);
        done();
      })
      .catch((error: Error) => done(error))
      .finally(() => {
        this.lookUps--;
      });
  }

  private record(
    via: DeviceInterface,
    { content = {}, ...what }: Pick<AuditEntry, 'level' | 'description' | 'detailedDescription' | 'content'>,
  ): void {
    const kept = Object.entries(content).filter(([, value]) => value !== undefined);
    this.audit.record(via.device.tenantId, {
      ...common,
      ...what,
      source: { deviceId: via.device.id, nodeId: via.nodeId, connector: via.connector },
      ...(kept.length > 0 && { content: Object.fromEntries(kept) }),
    });
  }
}

const unknown = {
  level: 'error',
  description: 'Answer to an unknown resource update',
  detailedDescription: 'No update of this device has this identifier. The answer was not used.',
} as const;

function describe({
  state,
}: UpdateRecord): Pick<AuditEntry, 'level' | 'description' | 'detailedDescription'> {
  if (state.status === 'IN_PROGRESS') {
    return {
      level: 'info',
      description: 'Repeated answer to a resource update',
      detailedDescription: 'The device had accepted it already.',
    };
  }
  if (state.status === 'PENDING') {
    return {
      level: 'error',
      description: 'Answer to a resource update that was not sent yet',
      detailedDescription: 'The update waits to go out. The answer was not used.',
    };
  }
  return {
    level: 'error',
    description: 'Late answer to a resource update',
    detailedDescription: `The update had ended as ${state.status}${state.error ? ` (${state.error.code})` : ''}. The answer was not used.`,
  };
}

const common = {
  category: 'device_management',
  subcategory: 'firmware_upgrade',
  type: 'logs_info',
} as const;
