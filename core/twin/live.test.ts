import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { LiveBatch, LiveEvent } from '../contract/live.ts';
import { records, TestTwin, twinDevice } from '../testing/test-twin.ts';
import { until } from '../testing/until.ts';

let twin: TestTwin;
beforeEach(async () => {
  twin = await TestTwin.start();
});
afterEach(() => twin[Symbol.asyncDispose]());

it('is told on the live socket: what the device says, and what becomes of what is asked', async () => {
  const url = `${twin.bench.platform.endpoints().http?.replace('http', 'ws')}/live`;
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const events: LiveEvent[] = [];
  const welcomed = once(socket, 'message');
  socket.send(JSON.stringify({ key: twin.bench.masterKey, channels: ['twin'], deviceId: twinDevice }));
  await welcomed;
  socket.on('message', (data) => events.push(...(JSON.parse(String(data)) as LiveBatch).events));
  await twin.register({ '3': [0] });
  await twin.ask('POST /operations', { type: 'READ', paths: ['/3/0'] });
  twin.answer(await twin.next(), { kind: 'ok', values: records(['/3/0/9', 'INTEGER', 44]) });
  const { id } = await twin.ask('POST /observations', { paths: ['/3/0'] });
  await twin.call(`DELETE /observations/${id}`);
  await until(() => {
    twin.bench.wireClock.advance(100);
    return events.some((event) => 'cancelledObservationId' in event);
  });
  const told = events.map((event: any) => {
    expect(event).toMatchObject({ channel: 'twin', deviceId: twinDevice });
    const { operation, observation, report, cancelledObservationId } = event;
    return operation?.status ?? observation?.status ?? report?.origin ?? cancelledObservationId;
  });
  expect(told).toEqual(['register', 'PENDING', 'SENT', 'read', 'OK', 'PENDING', id]);
  socket.close();
});
