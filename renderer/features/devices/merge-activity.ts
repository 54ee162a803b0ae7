import type { AuditMessage } from '../../../core/contract/audit.ts';
import type { CommandHistoryEntry, CommandJson } from '../../../core/contract/commands.ts';
import type { ParametersJson } from '../../../core/contract/configuration.ts';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { DeviceResourcesJson, UpdateJson } from '../../../core/contract/resource-updates.ts';
import type { DeviceEvent } from '../../live/live-store.ts';
import type { MessageRow } from '../messages/message-row.ts';

/** Moments that the device itself keeps, of the time before this page was open. */
export type Moment =
  | { readonly kind: 'registered' }
  | { readonly kind: 'sessionStart' | 'sessionEnd'; readonly connector: string };

export type Happened = { readonly key: string; readonly time: string } & (
  | { readonly audit: AuditMessage }
  | { readonly event: DeviceEvent }
  | { readonly moment: Moment }
  | { readonly message: MessageRow }
  | { readonly command: CommandChange }
  | { readonly parameter: ParameterChange }
  | { readonly update: UpdateStep }
  | { readonly version: { readonly resourceId: string; readonly version: string } }
);

/** An update was asked for, or is where it is now. */
export interface UpdateStep {
  readonly of: UpdateJson;
  readonly kind: 'asked' | 'now';
}

/** A command took a step. */
export interface CommandChange {
  readonly commandId: string;
  readonly entry: CommandHistoryEntry;
}

/** A value of the configuration was asked for, or told by the device. */
export interface ParameterChange {
  readonly name: string;
  readonly kind: 'requested' | 'reported';
  readonly value: string;
}

interface Sources {
  readonly device: DeviceJson;
  readonly audit: readonly AuditMessage[];
  readonly events: readonly DeviceEvent[];
  readonly messages: readonly MessageRow[];
  readonly commands: readonly CommandJson[];
  readonly parameters: ParametersJson;
  readonly updates: readonly UpdateJson[];
  readonly resources: DeviceResourcesJson;
}

/** One timeline of all that is known of a device, newest first. */
export function mergeActivity(sources: Sources): Happened[] {
  const { device, audit, events, messages, commands, parameters, updates, resources } = sources;
  const all: Happened[] = [
    ...audit.map((message, index) => ({
      key: `audit ${message.timestamp} ${audit.length - index}`,
      time: message.timestamp,
      audit: message,
    })),
    ...events.map((event, index) => ({
      key: `event ${event.time} ${events.length - index}`,
      time: event.time,
      event,
    })),
    ...messages.map((message) => ({ key: `message ${message.key}`, time: message.time, message })),
    ...commands.flatMap(stepsOf),
    ...Object.entries(parameters).flatMap(changesOf),
    ...updates.flatMap(updateStepsOf),
    ...Object.entries(resources).flatMap(reportedOf),
    ...momentsOf(device),
  ];
  return all.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
}

function stepsOf({ id, history }: CommandJson): Happened[] {
  return history.map((entry, index) => ({
    key: `command ${id} ${index}`,
    time: entry.timestamp,
    command: { commandId: id, entry },
  }));
}

function changesOf([name, parameter]: [string, ParametersJson[string]]): Happened[] {
  return (['requested', 'reported'] as const).flatMap((kind) => {
    const stamped = parameter[kind];
    if (!stamped) return [];
    const change = { name, kind, value: String(stamped.value) };
    return [{ key: `parameter ${name} ${kind}`, time: stamped.timestamp, parameter: change }];
  });
}

function updateStepsOf(of: UpdateJson): Happened[] {
  const { id, created, updated, status } = of;
  const asked: Happened = { key: `update ${id}`, time: created, update: { of, kind: 'asked' } };
  if (status === 'PENDING') return [asked];
  return [asked, { key: `update ${id} now`, time: updated, update: { of, kind: 'now' } }];
}

function reportedOf([resourceId, { reported }]: [string, DeviceResourcesJson[string]]): Happened[] {
  if (!reported) return [];
  const { version, timestamp } = reported;
  return [{ key: `version ${resourceId}`, time: timestamp, version: { resourceId, version } }];
}

function momentsOf({ created, interfaces = [] }: DeviceJson): Happened[] {
  const moments: Happened[] = [];
  if (created !== undefined) {
    moments.push({ key: 'registered', time: created, moment: { kind: 'registered' } });
  }
  for (const { connector, nodeId, activity } of interfaces) {
    const { lastSessionStartTime: start, lastSessionEndTime: end } = activity;
    const of = `${connector} ${nodeId}`;
    if (typeof start === 'string')
      moments.push({ key: `start ${of}`, time: start, moment: { kind: 'sessionStart', connector } });
    if (typeof end === 'string')
      moments.push({ key: `end ${of}`, time: end, moment: { kind: 'sessionEnd', connector } });
  }
  return moments;
}
