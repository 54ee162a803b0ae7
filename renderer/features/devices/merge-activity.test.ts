import { expect, test } from 'vitest';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import type { CommandJson } from '../../../core/contract/commands.ts';
import type { ParametersJson } from '../../../core/contract/configuration.ts';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { UpdateJson } from '../../../core/contract/resource-updates.ts';
import { rowOfMessage } from '../messages/message-row.ts';
import { mergeActivity } from './merge-activity.ts';

const at = (second: number): string => `2030-01-01T00:00:0${second}Z`;
const audit = (second: number): AuditMessage => ({ timestamp: at(second), description: 'x' }) as AuditMessage;
const event = (second: number) =>
  ({ channel: 'devices', kind: 'status', time: at(second), deviceId: 'd', status: 'ONLINE' }) as const;
const message = (second: number) =>
  rowOfMessage({ id: `m${second}`, streamId: 's', timestamp: at(second), created: at(second), value: {} });
const none = { commands: [], parameters: {}, updates: [], resources: {} };
const device = {
  id: 'd',
  created: at(0),
  interfaces: [
    { connector: 'mqtt', nodeId: 'd', activity: { lastSessionStartTime: at(1), lastSessionEndTime: at(5) } },
  ],
} as unknown as DeviceJson;

test('one timeline, newest first, each line with a key of its own', () => {
  const merged = mergeActivity({
    device,
    audit: [audit(3), audit(2), audit(2)],
    events: [event(4)],
    messages: [message(6)],
    ...none,
  });
  expect(merged.map(({ time }) => time.slice(18, 19))).toEqual(['6', '5', '4', '3', '2', '2', '1', '0']);
  expect(new Set(merged.map(({ key }) => key)).size).toBe(merged.length);
});

test('the steps of a command, and values that were asked for and told', () => {
  const command = {
    id: 'c1',
    history: [
      { timestamp: at(1), status: 'PENDING' },
      { timestamp: at(4), status: 'PROCESSED', deliveryStatus: 'REPLIED' },
    ],
  } as unknown as CommandJson;
  const parameters: ParametersJson = {
    rate: {
      requested: { type: 'INT32', value: 5, timestamp: at(2) },
      reported: { type: 'INT32', value: 3, timestamp: at(3) },
      syncStatus: 'PENDING',
    },
  };
  const merged = mergeActivity({
    device: { id: 'd' } as DeviceJson,
    audit: [],
    events: [],
    messages: [],
    ...none,
    commands: [command],
    parameters,
  });
  expect(merged.map(({ key: _, ...rest }) => rest)).toMatchObject([
    { command: { commandId: 'c1', entry: { status: 'PROCESSED' } } },
    { parameter: { name: 'rate', kind: 'reported', value: '3' } },
    { parameter: { name: 'rate', kind: 'requested', value: '5' } },
    { command: { commandId: 'c1', entry: { status: 'PENDING' } } },
  ]);
});

test('a device that never connected was registered all the same', () => {
  const alone = { id: 'd', created: at(0) } as DeviceJson;
  const merged = mergeActivity({ device: alone, audit: [], events: [], messages: [], ...none });
  expect(merged).toEqual([{ key: 'registered', time: at(0), moment: { kind: 'registered' } }]);
});

test('updates, from being asked for to where they are, and versions that were told', () => {
  const update = { id: 'u1', created: at(1), updated: at(3), status: 'DONE' } as UpdateJson;
  const waiting = { id: 'u2', created: at(4), updated: at(4), status: 'PENDING' } as UpdateJson;
  const resources = { fw: { reported: { version: '1.2', timestamp: at(2) } }, other: {} };
  const merged = mergeActivity({
    ...{ device: { id: 'd' } as DeviceJson, audit: [], events: [], messages: [], ...none },
    ...{ updates: [update, waiting], resources },
  });
  expect(merged.map(({ key: _, ...rest }) => rest)).toEqual([
    { time: at(4), update: { of: waiting, kind: 'asked' } },
    { time: at(3), update: { of: update, kind: 'now' } },
    { time: at(2), version: { resourceId: 'fw', version: '1.2' } },
    { time: at(1), update: { of: update, kind: 'asked' } },
  ]);
});
