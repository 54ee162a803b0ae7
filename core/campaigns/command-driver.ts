import type { EventBus } from '../bus/event-bus.ts';
import type { CommandRecord } from '../commands/command-record.ts';
import type { CommandService } from '../commands/command-service.ts';
import type { CampaignOperation } from '../contract/campaigns.ts';
import type { CreateCommandRequest } from '../contract/commands.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Statement } from '../store/types.ts';
import type { CampaignDevice, OperationDriver, OperationNews } from './operation-driver.ts';
import type { Standing } from './target-state.ts';

type CommandOperation = Extract<CampaignOperation, { action: 'command' }>;

/** Commands as operations of campaigns: each attempt of the campaign is a command of its own. */
export class CommandDriver implements OperationDriver<CommandOperation> {
  readonly action = 'command';
  private readonly parts: { readonly commands: CommandService; readonly bus: EventBus<PlatformEvents> };

  constructor(parts: CommandDriver['parts']) {
    this.parts = parts;
  }

  async begin(
    { tenantId, deviceId }: CampaignDevice,
    operation: CommandOperation,
    _operationId: string,
    begun: (operationId: string) => readonly Statement[],
  ): Promise<void> {
    const options = { validate: validates(operation), alongside: begun };
    await this.parts.commands.create(tenantId, deviceId, requestOf(operation), options);
  }

  async standing(
    { tenantId }: CampaignDevice,
    _operation: CommandOperation,
    commandId: string,
  ): Promise<Standing> {
    const command = await this.parts.commands.find(tenantId, commandId);
    // Somebody has deleted it.
    return command ? standingOf(command) : { status: 'canceled' };
  }

  async cancel(
    { tenantId }: CampaignDevice,
    _operation: CommandOperation,
    commandId: string,
    options: { force: boolean },
  ): Promise<void> {
    try {
      await this.parts.commands.cancel(tenantId, commandId, options);
    } catch (error) {
      if (error instanceof PlatformError && tooLate.has(error.code)) return;
      throw error;
    }
  }

  start(news: OperationNews): void {
    for (const name of ['commandChanged', 'commandDeleted'] as const) {
      this.parts.bus.on(name, this, ({ tenantId, deviceId, commandId }) =>
        news(tenantId, deviceId, commandId),
      );
    }
  }

  stop(): void {
    this.parts.bus.release(this);
  }
}

const tooLate: ReadonlySet<string> = new Set(['commands.wrongState', 'commands.notFound']);

function validates({ definition }: CommandOperation): boolean {
  return 'validation' in definition ? (definition.validation ?? true) : true;
}

/** An event of older clients is a request over MQTT (facts 2.7). */
function requestOf({ definition }: CommandOperation): CreateCommandRequest {
  if ('request' in definition) return { request: definition.request, policy: definition.policy };
  const { event, data } = definition;
  return { request: { connector: 'mqtt', value: { req: event, arg: data ?? {} } } };
}

function standingOf({ state }: CommandRecord): Standing {
  switch (state.status) {
    case 'PENDING':
    case 'RETRYING':
      return { status: 'pending' };
    case 'PROCESSING':
      return { status: 'inProgress' };
    case 'PROCESSED':
      return { status: 'success' };
    case 'CANCELED':
      return { status: 'canceled' };
    case 'EXPIRED':
      return {
        status: 'failure',
        error: { origin: 'INTERNAL', code: 'COMMAND_EXPIRED', details: 'it did not go out in its time' },
      };
    case 'ERROR': {
      const code = state.errorCode ?? 'COMMAND_ERROR';
      return { status: 'failure', error: { origin: code === 'ACK_TIMEOUT' ? 'DEVICE' : 'INTERNAL', code } };
    }
  }
}
