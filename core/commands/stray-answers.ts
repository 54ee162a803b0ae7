import type { AuditLog } from '../audit/audit-log.ts';
import type { CommandAnswer } from '../connectors/connector.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import type { CommandRecord } from './command-record.ts';

/** Look-ups at a time. A device that floods the platform with wrong answers must not fill the store with queries. */
const mostLookUps = 100;

/** Tells in the audit log of answers that complete no command: late, repeated, not asked for, or to no command. */
export class StrayAnswers {
  private readonly audit: AuditLog;
  private readonly find: (to: CommandAnswer['to']) => Promise<CommandRecord | undefined>;
  private lookUps = 0;

  /** @param find looks in the store */
  constructor(audit: AuditLog, find: (to: CommandAnswer['to']) => Promise<CommandRecord | undefined>) {
    this.audit = audit;
    this.find = find;
  }

  /** @param known the command when it is still in memory. `done` is called when it is noted. */
  note(
    via: DeviceInterface,
    answer: CommandAnswer,
    known: CommandRecord | undefined,
    done: (error?: Error) => void,
  ): void {
    if (known || this.lookUps >= mostLookUps) {
      this.record(via, answer, known, known ? describe(known) : tooMany);
      done();
      return;
    }
    this.lookUps++;
    this.find(answer.to)
      .then((found) => {
        const { tenantId, id } = via.device;
        const own = found?.tenantId === tenantId && found.deviceId === id ? found : undefined;
        this.record(via, answer, own, own ? describe(own) : unknown);
        done();
      })
      .catch((error: Error) => done(error))
      .finally(() => {
        this.lookUps--;
      });
  }

  /** An answer that came between two attempts, and was taken. */
  noteTakenLate(via: DeviceInterface, answer: CommandAnswer, record: CommandRecord): void {
    this.record(via, answer, record, {
      level: 'info',
      what: 'Late answer to a command',
      why: 'The attempt had been given up and another was to follow. The answer was taken, and no other attempt is made.',
    });
  }

  /** An answer whose response is not kept. */
  noteTooLong(via: DeviceInterface, record: CommandRecord, bytes: number, most: number): void {
    this.record(via, { to: { correlation: record.seq }, response: undefined }, record, {
      level: 'error',
      what: 'Response to a command was not kept',
      why: `It has ${bytes} bytes; the most is ${most} (setting commandMaxResponseBytes). The command is processed.`,
    });
  }

  private record(
    via: DeviceInterface,
    { to, response }: CommandAnswer,
    record: CommandRecord | undefined,
    { level, what, why }: Finding,
  ): void {
    this.audit.record(via.device.tenantId, {
      level,
      category: 'device_management',
      subcategory: 'commands',
      type: 'logs_info',
      description: what,
      detailedDescription: why,
      source: { deviceId: via.device.id, nodeId: via.nodeId, connector: via.connector },
      content: {
        ...to,
        ...(record && { commandId: record.id, status: record.state.status }),
        ...(response !== undefined && { response: JSON.stringify(response) }),
      },
    });
  }
}

interface Finding {
  readonly level: 'info' | 'error';
  readonly what: string;
  readonly why: string;
}

const unknown: Finding = {
  level: 'error',
  what: 'Answer to an unknown command',
  why: 'No command of this device has this identifier (any more). The answer was not used.',
};

const tooMany: Finding = {
  level: 'error',
  what: 'Answer to no open command',
  why: 'It is late, repeated, or to no command; which of these was not looked up, because too many such answers come.',
};

function describe({ state, policy }: CommandRecord): Finding {
  const { status, deliveryStatus } = state;
  if (status === 'PENDING') {
    return {
      level: 'error',
      what: 'Answer to a command that was not sent yet',
      why: 'The command is still waiting to go out. The answer was not used.',
    };
  }
  if (status === 'PROCESSED' && deliveryStatus === 'REPLIED') {
    return {
      level: 'info',
      what: 'Repeated answer to a command',
      why: 'The device had answered already; the first answer stays.',
    };
  }
  if (status === 'PROCESSED') {
    return {
      level: 'info',
      what: 'Answer that no command waited for',
      why: `With ackMode ${policy.ackMode} the command was processed before. The answer is kept here only.`,
    };
  }
  return {
    level: 'error',
    what: 'Late answer to a command',
    why: `The command had ended as ${status}${state.errorCode ? ` (${state.errorCode})` : ''}. The answer was not used.`,
  };
}
