import { expect, test } from 'vitest';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { rowOfMessage } from '../messages/message-row.ts';
import { mergeActivity } from './merge-activity.ts';

const at = (second: number): string => `2030-01-01T00:00:0${second}Z`;
const audit = (second: number): AuditMessage => ({ timestamp: at(second), description: 'x' }) as AuditMessage;
const event = (second: number) =>
  ({ channel: 'devices', kind: 'status', time: at(second), deviceId: 'd', status: 'ONLINE' }) as const;
const message = (second: number) =>
  rowOfMessage({ id: `m${second}`, streamId: 's', timestamp: at(second), created: at(second), value: {} });
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
  });
  expect(merged.map(({ time }) => time.slice(18, 19))).toEqual(['6', '5', '4', '3', '2', '2', '1', '0']);
  expect(new Set(merged.map(({ key }) => key)).size).toBe(merged.length);
});

test('a device that never connected was registered all the same', () => {
  const alone = { id: 'd', created: at(0) } as DeviceJson;
  const merged = mergeActivity({ device: alone, audit: [], events: [], messages: [] });
  expect(merged).toEqual([{ key: 'registered', time: at(0), moment: { kind: 'registered' } }]);
});
