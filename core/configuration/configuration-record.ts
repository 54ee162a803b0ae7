import type {
  ConfigurationJson,
  ConfigValue,
  ParameterJson,
  ParametersJson,
  SyncStatus,
} from '../contract/configuration.ts';
import type { ConnectorName } from '../contract/connectors.ts';
import { isoTime } from '../platform/clock.ts';
import { isOpen, nextSyncStatus, type SyncEvent } from './sync-state.ts';

/** The configuration of a device as it is at one moment. Never changed: what happens to it makes another. */
export interface ConfigurationRecord {
  /** Given by the platform and ever rising. */
  readonly seq: number;
  /** Topic that is told of changes. */
  readonly notifyTo: string | undefined;
  /** The number of the newest delivery; 0 before the first. */
  readonly correlation: number;
  readonly parameters: ReadonlyMap<string, Parameter>;
}

export interface Parameter {
  readonly status: SyncStatus;
  readonly reported?: StampedValue;
  readonly requested?: StampedValue;
  /** How it was sent last. */
  readonly delivery?: ParameterDelivery;
  /** True from sending a value until the device says which it has. */
  readonly unconfirmed?: boolean;
}

export interface StampedValue extends ConfigValue {
  readonly atMs: number;
}

export interface ParameterDelivery {
  readonly correlation: number;
  /** When the answer is waited for no longer. */
  readonly giveUpMs: number;
  /** How often this value was sent to a device that was there and did not answer, with this time. */
  readonly attempts: number;
  readonly connector: ConnectorName;
  readonly nodeId: string;
}

/** A change of a configuration: what it is then, and which parameters are different. */
export interface ConfigurationChange {
  readonly record: ConfigurationRecord;
  readonly keys: readonly string[];
}

export function newConfiguration(seq: number): ConfigurationRecord {
  return { seq, notifyTo: undefined, correlation: 0, parameters: new Map() };
}

/** The configuration with values that are asked for. */
export function afterRequest(
  record: ConfigurationRecord,
  wanted: Readonly<Record<string, ConfigValue>>,
  nowMs: number,
): ConfigurationChange {
  return update(record, Object.keys(wanted), (parameter, key) => {
    const value = wanted[key] as ConfigValue;
    const { reported, unconfirmed } = parameter;
    const met = reported !== undefined && !unconfirmed && sameValue(reported, value);
    const status = nextSyncStatus(parameter.status, met ? 'requestMet' : 'request');
    if (!status) return undefined;
    const { delivery: _, ...rest } = parameter;
    return { ...rest, status, requested: { ...value, atMs: nowMs } };
  });
}

/**
 * The configuration after a device said what values it has.
 * @param correlation the delivery that it answers; undefined when it speaks by itself
 */
export function afterReport(
  record: ConfigurationRecord,
  values: ReadonlyMap<string, ConfigValue>,
  correlation: number | undefined,
  nowMs: number,
): ConfigurationChange {
  return update(record, [...values.keys()], (parameter, key) => {
    const value = values.get(key) as ConfigValue;
    const event = reportEvent(parameter, value, correlation);
    const status = (event && nextSyncStatus(parameter.status, event)) ?? parameter.status;
    const { unconfirmed: _, delivery, ...rest } = parameter;
    // Answered: what is sent after it counts anew.
    const open = delivery && { delivery: event === undefined ? delivery : { ...delivery, attempts: 0 } };
    return { ...rest, ...open, status, reported: { ...value, atMs: nowMs } };
  });
}

/** The configuration with everything that waits under way in one delivery. */
export function afterSend(
  record: ConfigurationRecord,
  delivery: Omit<ParameterDelivery, 'attempts'>,
): ConfigurationChange {
  const { correlation } = delivery;
  return update({ ...record, correlation }, [...record.parameters.keys()], (parameter) => {
    const status = nextSyncStatus(parameter.status, 'send');
    const attempts = (parameter.delivery?.attempts ?? 0) + 1;
    return status && { ...parameter, status, unconfirmed: true, delivery: { ...delivery, attempts } };
  });
}

/**
 * The configuration after deliveries came to nothing.
 * @param options.counted false: the device was not there, so it is not an attempt that it left unanswered
 */
export function afterLoss(
  record: ConfigurationRecord,
  matches: (delivery: ParameterDelivery) => boolean,
  { event, counted }: { event: 'lost' | 'giveUp'; counted: boolean },
): ConfigurationChange {
  return update(record, [...record.parameters.keys()], (parameter) => {
    const { delivery } = parameter;
    const status = nextSyncStatus(parameter.status, event);
    if (!status || !delivery || !matches(delivery)) return undefined;
    const attempts = counted ? delivery.attempts : delivery.attempts - 1;
    return { ...parameter, status, delivery: { ...delivery, attempts } };
  });
}

/** The configuration with the request for a parameter taken back; undefined when its state does not allow it. */
export function afterCancel(
  record: ConfigurationRecord,
  key: string,
  { force }: { force: boolean },
): ConfigurationChange | undefined {
  const change = update(record, [key], (parameter) => {
    const status = nextSyncStatus(parameter.status, force ? 'forceCancel' : 'cancel');
    return status && { ...parameter, status };
  });
  return change.keys.length > 0 ? change : undefined;
}

/** When the next unanswered delivery is given up; undefined when none is under way. */
export function giveUpMsOf(record: ConfigurationRecord): number | undefined {
  const times = underWay(record).map(({ delivery }) => delivery.giveUpMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Parameters that were sent and not answered yet. */
export function underWay(
  record: ConfigurationRecord,
): { key: string; parameter: Parameter; delivery: ParameterDelivery }[] {
  return [...record.parameters].flatMap(([key, parameter]) =>
    parameter.status === 'SENT' && parameter.delivery
      ? [{ key, parameter, delivery: parameter.delivery }]
      : [],
  );
}

/** True while something of it has to be sent or is waited for. */
export function hasOpenParameter({ parameters }: ConfigurationRecord): boolean {
  return [...parameters.values()].some(({ status }) => isOpen(status));
}

export function toConfigurationJson({ parameters, notifyTo }: ConfigurationRecord): ConfigurationJson {
  return {
    parameters: Object.fromEntries([...parameters].map(([key, each]) => [key, toParameterJson(each)])),
    ...(notifyTo !== undefined && { notifyTo }),
  };
}

/** Only some of its parameters. */
export function pickParameters({ parameters }: ConfigurationRecord, keys: readonly string[]): ParametersJson {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const parameter = parameters.get(key);
      return parameter ? [[key, toParameterJson(parameter)]] : [];
    }),
  );
}

export function toParameterJson({ reported, requested, status }: Parameter): ParameterJson {
  return {
    ...(reported && { reported: stamped(reported) }),
    ...(requested && { requested: stamped(requested) }),
    syncStatus: status,
  };
}

/** True when two values are of one type and mean the same. */
export function sameValue(a: ConfigValue, b: ConfigValue): boolean {
  if (a.type !== b.type) return false;
  if (a.value === b.value) return true;
  if (a.type !== 'BINARY' || typeof a.value !== 'string' || typeof b.value !== 'string') return false;
  const withoutPadding = (value: string): string => value.replace(/=+$/, '');
  return withoutPadding(a.value) === withoutPadding(b.value);
}

function reportEvent(
  { status, requested, delivery }: Parameter,
  value: ConfigValue,
  correlation: number | undefined,
): SyncEvent | undefined {
  if (!requested) return undefined;
  if (sameValue(requested, value)) return 'match';
  if (status === 'OK') return 'drift';
  return correlation !== undefined && delivery?.correlation === correlation ? 'refuse' : undefined;
}

/** @param change the parameter afterwards, or undefined when it stays */
function update(
  record: ConfigurationRecord,
  keys: readonly string[],
  change: (parameter: Parameter, key: string) => Parameter | undefined,
): ConfigurationChange {
  const parameters = new Map(record.parameters);
  const changed: string[] = [];
  for (const key of keys) {
    const after = change(parameters.get(key) ?? { status: 'NONE' }, key);
    if (!after) continue;
    parameters.set(key, after);
    changed.push(key);
  }
  return { record: { ...record, parameters }, keys: changed };
}

function stamped({ type, value, atMs }: StampedValue) {
  return { type, value, timestamp: isoTime(atMs) };
}
