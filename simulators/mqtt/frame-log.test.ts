import { describe, expect, it } from 'vitest';
import { frameLimits } from '../fleet/frame-limits.ts';
import { FrameLog } from './frame-log.ts';

const payloads = (log: FrameLog): string[] => log.list().map(({ payload }) => payload);

describe('FrameLog', () => {
  it('keeps the last frames, newest first', () => {
    const log = new FrameLog({ frames: 3, payloadCharacters: 100 });
    expect(log.list()).toEqual([]);
    for (const text of ['a', 'b']) log.sent(0, 'dev/data', text);
    expect(payloads(log)).toEqual(['b', 'a']);
    log.received(0, 'dev/cmd', Buffer.from('c'));
    log.sent(0, 'dev/data', 'd');
    expect(payloads(log)).toEqual(['d', 'c', 'b']);
    for (const text of ['e', 'f', 'g']) log.sent(0, 'dev/data', text);
    expect(payloads(log)).toEqual(['g', 'f', 'e']);
  });

  it('shows how a frame went', () => {
    const log = new FrameLog({ frames: 3, payloadCharacters: 100 });
    const frame = log.sent(Date.UTC(2030, 0, 1), 'dev/data', '{"é":1}');
    frame.state = 'acknowledged';
    expect(log.list()).toEqual([
      {
        time: '2030-01-01T00:00:00.000Z',
        direction: 'sent',
        topic: 'dev/data',
        payload: '{"é":1}',
        bytes: 8,
        truncated: false,
        state: 'acknowledged',
      },
    ]);
  });

  it('shows what is no text as hexadecimal, and cuts what is long', () => {
    const log = new FrameLog({ frames: 3, payloadCharacters: 4 });
    log.received(0, 'dev/rsc', Uint8Array.of(0xff, 0xfe));
    log.sent(0, 'dev/data', '123456');
    log.received(0, 'dev/cmd', Buffer.from('ééééé'));
    expect(log.list().map(({ payload, bytes, truncated }) => [payload, bytes, truncated])).toEqual([
      ['éééé', 10, true],
      ['1234', 6, true],
      ['fffe', 2, false],
    ]);
  });

  it('keeps less of each device in a large fleet', () => {
    expect(frameLimits(1)).toEqual({ frames: 50, payloadCharacters: 65_536 });
    expect(frameLimits(2000).frames).toBe(50);
    expect(frameLimits(10_000)).toEqual({ frames: 10, payloadCharacters: 671 });
  });
});
