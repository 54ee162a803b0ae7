import { expect, test } from 'vitest';
import type { AuditMessage } from '../../../core/contract/audit.ts';
import { mergeActivity } from './merge-activity.ts';

const audit = (timestamp: string): AuditMessage => ({ timestamp, description: 'x' }) as AuditMessage;
const event = (time: string) =>
  ({ channel: 'devices', kind: 'status', time, deviceId: 'd', status: 'ONLINE' }) as const;

test('one timeline, newest first, each line with a key of its own', () => {
  const merged = mergeActivity(
    [audit('2030-01-01T00:00:03Z'), audit('2030-01-01T00:00:01Z'), audit('2030-01-01T00:00:01Z')],
    [event('2030-01-01T00:00:02Z')],
  );
  expect(merged.map(({ time }) => time.slice(17, 19))).toEqual(['03', '02', '01', '01']);
  expect(new Set(merged.map(({ key }) => key)).size).toBe(4);
});
