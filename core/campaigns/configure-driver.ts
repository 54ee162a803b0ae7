import type { EventBus } from '../bus/event-bus.ts';
import {
  type ConfigurationRecord,
  type Parameter,
  sameValue,
} from '../configuration/configuration-record.ts';
import type { ConfigurationService } from '../configuration/configuration-service.ts';
import { type CampaignOperation, wantedValues } from '../contract/campaigns.ts';
import type { ConfigValue } from '../contract/configuration.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Statement } from '../store/types.ts';
import type { CampaignDevice, OperationDriver, OperationNews } from './operation-driver.ts';
import type { Standing } from './target-state.ts';

type ConfigureOperation = Extract<CampaignOperation, { action: 'configure' }>;

/** Configuration as an operation of campaigns: done when the device has all the values. */
export class ConfigureDriver implements OperationDriver<ConfigureOperation> {
  readonly action = 'configure';
  private readonly parts: {
    readonly configuration: ConfigurationService;
    readonly bus: EventBus<PlatformEvents>;
  };

  constructor(parts: ConfigureDriver['parts']) {
    this.parts = parts;
  }

  async begin(
    { tenantId, deviceId }: CampaignDevice,
    operation: ConfigureOperation,
    operationId: string,
    begun: (operationId: string) => readonly Statement[],
  ): Promise<void> {
    const parameters = valuesOf(operation);
    await this.parts.configuration.request(tenantId, deviceId, { parameters }, begun(operationId));
  }

  async standing({ tenantId, deviceId }: CampaignDevice, operation: ConfigureOperation): Promise<Standing> {
    const record = await this.parts.configuration.durable(tenantId, deviceId);
    return standingOf(record, valuesOf(operation));
  }

  async cancel(
    { tenantId, deviceId }: CampaignDevice,
    operation: ConfigureOperation,
    _operationId: string,
    options: { force: boolean },
  ): Promise<void> {
    for (const key of Object.keys(valuesOf(operation))) {
      try {
        await this.parts.configuration.cancel(tenantId, deviceId, key, options);
      } catch (error) {
        if (!(error instanceof PlatformError && tooLate.has(error.code))) throw error;
      }
    }
  }

  start(news: OperationNews): void {
    this.parts.bus.on('configurationChanged', this, ({ tenantId, deviceId }) =>
      news(tenantId, deviceId, undefined),
    );
  }

  stop(): void {
    this.parts.bus.release(this);
  }
}

const tooLate: ReadonlySet<string> = new Set([
  'configuration.wrongState',
  'configuration.parameterNotFound',
  'inventory.deviceNotFound',
]);

const valuesOf = ({ definition }: ConfigureOperation) => wantedValues(definition.assetParameters);

function standingOf(
  { parameters }: ConfigurationRecord,
  wanted: Readonly<Record<string, ConfigValue>>,
): Standing {
  const found = Object.entries(wanted).map(([key, value]) => ({
    key,
    value,
    parameter: parameters.get(key),
  }));
  const replaced = found.filter(({ value, parameter }) => isReplaced(parameter, value));
  if (replaced.length > 0) {
    const details = `somebody asked for other values of ${namesOf(replaced)} meanwhile`;
    return { status: 'failure', error: { origin: 'INTERNAL', code: 'CONFIGURATION_REPLACED', details } };
  }
  const failed = found.filter(({ parameter }) => parameter?.status === 'FAILED');
  if (failed.length > 0) {
    const details = failed.map(({ key, parameter }) => `${key}: ${howItFailed(parameter)}`).join('; ');
    return { status: 'failure', error: { origin: 'DEVICE', code: 'ASSET_ORIGINATED_ERROR', details } };
  }
  const statuses = found.map(({ parameter }) => parameter?.status ?? 'CANCELED');
  if (statuses.includes('CANCELED')) return { status: 'canceled' };
  if (statuses.every((status) => status === 'OK')) return { status: 'success' };
  return { status: statuses.includes('SENT') || statuses.includes('OK') ? 'inProgress' : 'pending' };
}

function isReplaced(parameter: Parameter | undefined, value: ConfigValue): boolean {
  return parameter?.requested !== undefined && !sameValue(parameter.requested, value);
}

function howItFailed(parameter: Parameter | undefined): string {
  const reported = parameter?.reported;
  return reported && !parameter.unconfirmed
    ? `the device has ${JSON.stringify(reported.value)} (${reported.type})`
    : 'the device did not answer';
}

const namesOf = (found: readonly { key: string }[]): string => found.map(({ key }) => key).join(', ');
