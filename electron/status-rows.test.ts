import { expect, it } from 'vitest';
import type { HealthView } from '../core/contract/bench.ts';
import { statusRows } from './status-rows.ts';

const health = (change: object = {}): HealthView =>
  ({
    status: 'ok',
    store: { state: 'open', failure: null },
    mqtt: { connections: 1 },
    ...change,
  }) as HealthView;
const endpoints = {
  http: 'http://127.0.0.1:8080',
  mqtt: 'mqtt://127.0.0.1:1883',
  ws: 'ws://127.0.0.1:8080/mqtt',
};

it('tells clients and addresses', () => {
  expect(statusRows(endpoints, health())).toEqual([
    'Running, 1 MQTT client',
    'mqtt://127.0.0.1:1883',
    'http://127.0.0.1:8080',
  ]);
  expect(statusRows({}, health({ mqtt: { connections: 20 } }))).toEqual(['Running, 20 MQTT clients']);
});

it('tells why the store does not work', () => {
  const store = { state: 'failed', failure: 'the disk is full' };
  expect(statusRows({}, health({ status: 'degraded', store }))).toEqual([
    'The store does not work: the disk is full',
  ]);
});
