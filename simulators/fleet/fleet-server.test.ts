import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mqttFleetTemplate } from '../../core/contract/simulators.ts';
import { VirtualClock } from '../../core/platform/virtual-clock.ts';
import { simulatorSeams } from '../../core/testing/simulator-seams.ts';
import { FleetServer } from './fleet-server.ts';
import type { FleetAnswer, FleetRequest } from './worker-protocol.ts';

describe('FleetServer', () => {
  let ask: (request: FleetRequest) => Promise<FleetAnswer>;

  beforeEach(() => {
    let receive: (request: FleetRequest) => void = () => {};
    let answered: (answer: FleetAnswer) => void = () => {};
    const port = {
      post: (answer: FleetAnswer) => answered(answer),
      onMessage: (given: typeof receive) => {
        receive = given;
      },
    };
    const clock = new VirtualClock();
    new FleetServer(port, simulatorSeams(clock), { follow: async () => {}, hold: () => {} }).start();
    ask = (request) =>
      new Promise((resolve) => {
        answered = resolve;
        receive(request);
      });
  });

  // Nothing listens there, so the fleet never connects.
  const url = 'mqtt://127.0.0.1:1';
  const template = mqttFleetTemplate.parse({
    name: 'f',
    count: 3,
    payload: { kind: 'template', text: '{{n}}' },
  });
  const start = (): Promise<FleetAnswer> =>
    ask({ kind: 'start', id: 1, argument: { fleetId: 'f', run: { template, url, key: 'k' } } });
  const stop = (): Promise<FleetAnswer> => ask({ kind: 'stop', id: 2, argument: { fleetId: 'f' } });
  afterEach(() => stop());

  it('answers what it is asked about a fleet', async () => {
    expect(await start()).toEqual({ kind: 'answer', id: 1, answer: undefined });
    expect(await ask({ kind: 'reports', id: 3, argument: undefined })).toMatchObject({
      answer: { f: { connected: 0, sent: 0 } },
    });
    const devices = await ask({ kind: 'devices', id: 4, argument: { fleetId: 'f', offset: 1, limit: 5 } });
    expect(devices).toMatchObject({ answer: [{ number: 2 }, { number: 3 }] });
    const device = await ask({ kind: 'device', id: 5, argument: { fleetId: 'f', number: 3 } });
    expect(device).toMatchObject({ answer: { number: 3, frames: [], nextPayload: '1' } });
    expect(await stop()).toMatchObject({ kind: 'answer', answer: { connected: 0 } });
  });

  it('refuses with the code of the error', async () => {
    await start();
    expect(await ask({ kind: 'device', id: 6, argument: { fleetId: 'f', number: 4 } })).toMatchObject({
      kind: 'refused',
      id: 6,
      code: 'simulators.deviceNotFound',
      details: 'Device 4 of 3.',
    });
    await stop();
    expect(await stop()).toMatchObject({ kind: 'refused', code: 'simulators.wrongState' });
  });

  it('starts nothing of a template that makes no sense', async () => {
    const broken = { ...template, payload: { kind: 'template' as const, text: '{{x}}' } };
    const run = { template: broken, url, key: 'k' };
    expect(await ask({ kind: 'start', id: 7, argument: { fleetId: 'f', run } })).toMatchObject({
      kind: 'refused',
      code: 'api.invalidParameter',
    });
    expect(await ask({ kind: 'reports', id: 8, argument: undefined })).toMatchObject({ answer: {} });
  });
});
