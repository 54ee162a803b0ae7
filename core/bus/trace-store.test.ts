import { describe, expect, it } from 'vitest';
import type { PlatformEvents } from '../contract/events.ts';
import { VirtualClock } from '../platform/virtual-clock.ts';
import { EventBus } from './event-bus.ts';
import { TraceStore } from './trace-store.ts';

const origin = { tenantId: 't', connector: 'mqtt', sender: 'dev', target: 'dev/data' } as const;

function setUp(traceCapacity = 3) {
  const clock = new VirtualClock();
  const traces = new TraceStore(clock, new EventBus<PlatformEvents>(), {
    traceCapacity,
    tracePayloadBytes: 4,
  });
  const accept = (seq: number) => {
    const trace = traces.begin(origin, Buffer.from('payload'));
    clock.advance(1);
    trace.messageId = `id${seq}`;
    traces.keepAccepted(trace, seq);
  };
  const refuse = (reason: string) => {
    const trace = traces.begin(origin, Buffer.from('x'));
    clock.advance(1);
    return traces.refuse(trace, reason);
  };
  return { clock, traces, accept, refuse };
}

describe('TraceStore', () => {
  it('keeps the last traces and forgets the oldest', () => {
    const { traces, accept } = setUp();
    for (const seq of [1, 2, 3, 4]) accept(seq);
    expect(traces.find('t', 'id1', 1)).toBeUndefined();
    expect(traces.latest('t', 10).map(({ traceId }) => traceId)).toEqual(['id4', 'id3', 'id2']);
  });

  it('keeps refused ones apart, so that a flood of them hides no accepted one', () => {
    const { traces, accept, refuse } = setUp();
    accept(1);
    const ids = ['a', 'b', 'c', 'd'].map(refuse);
    expect(traces.find('t', ids[0] as string, undefined)).toBeUndefined();
    expect(traces.find('t', ids[3] as string, undefined)).toMatchObject({
      outcome: 'rejected',
      messageId: null,
    });
    expect(traces.latest('t', 2).map(({ traceId }) => traceId)).toEqual([ids[3], ids[2]]);
    expect(traces.find('t', 'id1', 1)).toMatchObject({ outcome: 'ok' });
  });

  it('lists refusals alone, newest first, of all or of one device', () => {
    const { traces, accept } = setUp();
    accept(1);
    const device = { id: 'urn:lo:nsid:x:d', properties: { simulated: 'true' } };
    for (const [reason, of] of [['a'], ['b', device], ['c'], ['d', device]] as const) {
      traces.refuse(traces.begin(origin, Buffer.from('x')), reason, of);
    }
    const all = traces.refusals('t', 10);
    expect(all.map(({ reason }) => reason)).toEqual(['d', 'c', 'b']);
    expect(all[0]).toMatchObject({ deviceId: device.id, simulated: true, sender: 'dev', target: 'dev/data' });
    expect(all[1]).toMatchObject({ simulated: false });
    expect(all[1]).not.toHaveProperty('deviceId');
    expect(traces.refusals('t', 10, device.id).map(({ reason }) => reason)).toEqual(['d', 'b']);
    expect(traces.refusals('t', 1).length).toBe(1);
    expect(traces.refusals('other', 10)).toEqual([]);
    traces.clear();
    expect(traces.refusals('t', 10)).toEqual([]);
  });

  it.each([
    ['store', 'failed', 'rejected'],
    ['validate', 'rejected', 'rejected'],
    ['fifo', 'dropped', 'ok'],
    ['deliver', 'failed', 'ok'],
  ] as const)('%s %s leaves the message %s', (stage, outcome, ofMessage) => {
    const { clock, traces, accept } = setUp();
    accept(1);
    traces.ofMessage(1, 'id1')?.add(clock.monotonicUs(), stage, outcome, 'why');
    const trace = traces.find('t', 'id1', 1);
    expect(trace?.outcome).toBe(ofMessage);
    expect(trace?.steps.at(-1)).toMatchObject({ stage, outcome, reason: 'why' });
  });

  it('keeps the first and the newest steps of a message that is delivered again and again', () => {
    const { clock, traces, accept } = setUp();
    accept(1);
    const trace = traces.ofMessage(1, 'id1');
    for (let number = 1; number <= 500; number++) {
      clock.advance(1);
      trace?.add(clock.monotonicUs(), 'deliver', 'ok', `delivery ${number}`);
    }
    const reasons = traces
      .find('t', 'id1', 1)
      ?.steps.filter(({ stage }) => stage === 'deliver')
      .map(({ reason }) => reason);
    expect(reasons).toHaveLength(100);
    expect(reasons?.slice(18, 22)).toEqual([
      'delivery 19',
      'delivery 20',
      'delivery 421 (400 steps before it left out)',
      'delivery 422',
    ]);
    expect(reasons?.at(-1)).toBe('delivery 500');
  });

  it('gives refused ones ids that no later run uses again', () => {
    const clock = new VirtualClock();
    const settings = { traceCapacity: 3, tracePayloadBytes: 4 };
    const before = new TraceStore(clock, new EventBus<PlatformEvents>(), settings);
    const id = before.refuse(before.begin(origin, Buffer.from('x')), 'bad');
    clock.advance(1);
    const after = new TraceStore(clock, new EventBus<PlatformEvents>(), settings);
    after.refuse(after.begin(origin, Buffer.from('y')), 'bad');
    expect(after.find('t', id, undefined)).toBeUndefined();
  });

  it('shows a trace to its tenant only', () => {
    const { traces, accept } = setUp();
    accept(1);
    expect(traces.find('other', 'id1', 1)).toBeUndefined();
    expect(traces.latest('other', 10)).toEqual([]);
  });

  it('finds the traces of one sender, stored and refused', () => {
    const { clock, traces, accept } = setUp();
    accept(1);
    const long = { ...origin, sender: 's'.repeat(300) };
    const id = traces.refuse(traces.begin(long, Buffer.from('x')), 'bad');
    clock.advance(1);
    accept(2);
    expect(traces.latest('t', 10, 'dev').map(({ traceId }) => traceId)).toEqual(['id2', 'id1']);
    expect(traces.latest('t', 10, long.sender).map(({ traceId }) => traceId)).toEqual([id]);
    expect(traces.latest('other', 10, 'dev')).toEqual([]);
  });

  it('keeps the beginning of a payload and says that it is not all', () => {
    const { traces, accept } = setUp();
    accept(1);
    expect(traces.find('t', 'id1', 1)?.payload).toEqual({
      bytes: 7,
      truncated: true,
      hex: '7061796c',
      text: 'payl',
    });
  });

  it('keeps the beginning of long names and reasons', () => {
    const { traces } = setUp();
    const long = { ...origin, sender: 's'.repeat(257), target: 't'.repeat(60_000) };
    const id = traces.refuse(traces.begin(long, Buffer.from('x')), 'r'.repeat(2000));
    const view = traces.find('t', id, undefined);
    expect(view?.sender).toBe(`${'s'.repeat(255)}…`);
    expect(view?.target).toBe(`${'t'.repeat(255)}…`);
    expect(view?.steps.at(-1)?.reason).toBe(`${'r'.repeat(999)}…`);
  });

  it('forgets everything when told to', () => {
    const { traces, accept, refuse } = setUp();
    accept(1);
    refuse('a');
    traces.clear();
    expect(traces.latest('t', 10)).toEqual([]);
  });

  it.each(['refused', 'refused-', 'refused-x-1', 'refused-x-NaN', ''])('finds nothing under %j', (id) => {
    expect(setUp().traces.find('t', id, undefined)).toBeUndefined();
  });
});
