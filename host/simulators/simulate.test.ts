import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../core/testing/until.ts';
import { type Fleetbench, startFleetbench } from '../index.ts';

describe('simulate', () => {
  let bench: Fleetbench;

  beforeEach(async () => {
    bench = await startFleetbench();
  });
  afterEach(() => bench.stop());

  it('gives a fleet that is connected, and takes it away with its devices', async () => {
    const fleet = await bench.simulate({
      name: 'rooms',
      count: 3,
      idPattern: 'urn:lo:nsid:test:room-{n}',
      periodMs: 3_600_000,
      payload: { kind: 'template', text: '{"value":{"n":{{n}}}}' },
    });
    expect(await fleet.view()).toMatchObject({ state: 'running', connected: 3 });
    const { state } = await fleet.send(2, { topic: 'dev/data', payload: '{"value":{"door":"open"}}' });
    expect(state).toBe('acknowledged');
    expect(await fleet.device(2)).toMatchObject({ clientId: 'urn:lo:nsid:test:room-2', state: 'connected' });
    await fleet.stop();
    await until(async () => (await fleet.view()).state === 'stopped');
    await fleet.remove();
    await expect(fleet.view()).rejects.toMatchObject({ code: 'simulators.fleetNotFound' });
  });

  it('says what is wrong, and leaves nothing behind', async () => {
    const payload = { kind: 'template' as const, text: 'x' };
    await expect(bench.simulate({ name: 'f', count: 0, payload })).rejects.toMatchObject({
      code: 'api.invalidParameter',
      details: expect.stringMatching(/^template\.count/),
    });
    await expect(bench.simulate({ name: 'f', tls: true, payload })).rejects.toThrow(
      'The platform does not listen on MQTT over TLS (mqtts). It listens on mqtt: make the fleet without tls.',
    );
    const fleet = await bench.simulate({ name: 'f', payload });
    await fleet.remove();
  });
});
