import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceAction, LoraFleetInput, LoraFleetTemplate } from '../../core/contract/simulators.ts';
import { loraFleetTemplate } from '../../core/contract/simulators.ts';
import { simulatorSeams } from '../../core/testing/simulator-seams.ts';
import { startTestPlatform, type TestPlatform } from '../../core/testing/test-platform.ts';
import { Fleet } from '../fleet/fleet.ts';
import { FleetRegistration } from '../fleet-registration.ts';
import { PlatformRest } from '../platform-rest.ts';

const stepMs = 20;
const secret = 'a secret of this test';
const devEui = '02F1EE7B00000001';
const device = `urn:lo:nsid:lora:${devEui}`;
const deviceUrl = `/api/v1/deviceMgt/devices/${device}`;
const gatewayId = 'AA555A0000000201';
const middle = { lat: 48.8566, lon: 2.3522 };

/** A gateway beside the device, and no chance but the seed's. */
const near: Partial<LoraFleetInput> = {
  area: { ...middle, radiusM: 200 },
  gateways: [{ id: gatewayId, ...middle }],
};

describe('a fleet of LoRa devices', () => {
  let bench: TestPlatform;
  let fleet: Fleet | undefined;

  beforeAll(async () => {
    const ports = { http: 0, https: undefined, mqtt: 0, mqtts: undefined, lora: 0 };
    bench = await startTestPlatform({ ports, settings: { loraAdrUplinks: 4 } });
  });
  afterAll(() => bench.stop());
  beforeEach(() => bench.platform.reset());
  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
  });

  /** Time passes, and what is on the wire arrives, until something holds. */
  async function passUntil(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) {
      bench.wireClock.advance(stepMs);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Registers and starts it; resolves when all of its devices have joined. */
  async function start(given: Partial<LoraFleetInput>): Promise<Fleet> {
    const template: LoraFleetTemplate = loraFleetTemplate.parse({
      ...{ name: 'Test', connector: 'lora', periodMs: 60_000, jitter: 0 },
      payload: { kind: 'hex', text: 'aa{{u16 n}}' },
      ...near,
      ...given,
    });
    const { http, lora } = bench.platform.endpoints();
    const registration = new FleetRegistration(
      new PlatformRest(
        () => http,
        () => bench.masterKey,
      ),
    );
    const { signal } = new AbortController();
    const before = await registration.register(template, secret, signal);
    await registration.renewCredentials(template, before, secret, signal);
    const made = new Fleet(
      { template, url: lora ?? '', key: secret },
      simulatorSeams(bench.clock, bench.wireClock),
    );
    fleet = made;
    await made.start();
    await passUntil(() => made.report().connected === template.count);
    return made;
  }

  const act = (of: Fleet, action: DeviceAction) => of.device(1).act(action);
  const details = (of: Fleet) => of.device(1).details();
  const messages = async () => (await bench.call('GET', `/api/v0/data/streams/${device}`)).body;
  const interfaceOf = async () => (await bench.call('GET', `${deviceUrl}/interfaces`)).body[0];
  const reasons = async () =>
    (await bench.call('GET', '/api/v0/auditlog/messages')).body
      .filter(({ description }: { description: string }) => description === 'Frame dropped')
      .map(({ content }: { content: { reason: string } }) => content.reason);

  it('joins, and sends what it makes up: messages with what the network knows', async () => {
    const one = await start({});
    await passUntil(async () => (await messages()).length === 2);
    const [second, first] = await messages();
    expect([first.value, second.value]).toEqual([{ payload: 'aa0001' }, { payload: 'aa0002' }]);
    expect(first).toMatchObject({
      model: 'lora_v0',
      metadata: {
        connector: 'lora',
        network: { lora: { devEUI: devEui, port: 1, fcnt: 0, sf: 9, gatewayCnt: 1 } },
      },
    });
    expect((await interfaceOf()).status).toBe('ACTIVATED');
    expect(details(one)).toMatchObject({ state: 'connected', lora: { fCntUp: 2, battery: 254 } });
    await passUntil(async () => (await interfaceOf()).activity.lastBatteryLevel === 254);
  });

  it('puts commands into the inbox, and acknowledges those that ask for it', async () => {
    const one = await start({ periodMs: 10_000 });
    await passUntil(async () => (await messages()).length > 0);
    const command = async (data: string, ackMode: string) => {
      const value = { data, port: 7 };
      const body = { request: { connector: 'lora', value }, policy: { ackMode } };
      return (await bench.call('POST', `${deviceUrl}/commands`, body)).body.id;
    };
    const statusOf = async (id: string) =>
      (await bench.call('GET', `/api/v1/deviceMgt/commands/${id}`)).body.status;
    const sent = await command('0A30F5', 'NONE');
    await passUntil(() => (details(one).lora?.inbox.length ?? 0) === 1);
    expect(details(one).lora?.inbox[0]).toMatchObject({
      port: 7,
      data: '0a30f5',
      confirmed: false,
      window: 'RX1',
    });
    await passUntil(async () => (await statusOf(sent)) === 'PROCESSED');
    const confirmed = await command('0B', 'NETWORK');
    await passUntil(async () => (await statusOf(confirmed)) === 'PROCESSED');
    expect(details(one).lora?.inbox.map(({ data, confirmed: isConfirmed }) => [data, isConfirmed])).toEqual([
      ['0b', true],
      ['0a30f5', false],
    ]);
  });

  it('gets commands at once as class C', async () => {
    const one = await start({ deviceClass: 'C', periodMs: 3_600_000 });
    await passUntil(async () => (await interfaceOf()).status === 'ACTIVATED');
    // The windows of its uplink are over.
    const afterMs = bench.wireClock.now() + 3000;
    await passUntil(() => bench.wireClock.now() > afterMs);
    const request = { connector: 'lora', value: { data: 'c1', port: 9 } };
    await bench.call('POST', `${deviceUrl}/commands`, { request, policy: { ackMode: 'NETWORK' } });
    await passUntil(() => (details(one).lora?.inbox.length ?? 0) === 1);
    expect(details(one).lora?.inbox[0]).toMatchObject({ data: 'c1', window: 'RX2' });
    // The acknowledgement does not wait for the next uplink, which is an hour away.
    await passUntil(
      async () => (await bench.call('GET', `${deviceUrl}/commands`)).body[0].status === 'PROCESSED',
    );
  });

  it('sends confirmed uplinks until they are acknowledged, or it has tried eight times', async () => {
    const one = await start({ periodMs: 3_600_000, confirmed: true });
    await passUntil(() => one.report().acknowledged === 1);
    await act(one, { action: 'gatewayOutage', gateway: 1, seconds: 3600 });
    const sent = one.report().sent;
    const failed = one
      .device(1)
      .send({ port: 3, data: '01' })
      .catch((error: Error) => error);
    await passUntil(() => one.report().sent === sent + 8);
    let outcome: unknown;
    void failed.then((error) => {
      outcome = error;
    });
    await passUntil(() => outcome !== undefined);
    expect(outcome).toMatchObject({ code: 'simulators.notAcknowledged' });
    expect(details(one).lora?.gateways[0]).toMatchObject({ state: 'outage', rssi: null });
    const again = details(one).frames.filter(({ topic }) => topic.includes('again'));
    expect(again.map(({ state }) => state)).toEqual(Array(7).fill('failed'));
    expect(again[0]?.topic).toContain('SF12BW125');
  });

  it('answers ADR, and goes on as the network asks', async () => {
    const one = await start({
      periodMs: 10_000,
      spreadingFactor: 10,
      radio: { shadowingDb: 0, fadingDb: 0 },
    });
    await passUntil(() => details(one).lora?.dataRate === 'SF7BW125');
    expect(details(one).lora?.txPowerDbm).toBeLessThan(14);
    await passUntil(() =>
      details(one).frames.some(({ payload }) => payload.includes('LinkADRAns channelMaskAck=1')),
    );
    await passUntil(async () => (await messages())[0].metadata.network.lora.sf === 7);
  });

  it('asks the network how it is heard, and what time it is', async () => {
    const one = await start({ periodMs: 3_600_000 });
    await passUntil(() => one.report().sent === 1);
    await act(one, { action: 'linkCheck' });
    await passUntil(() => details(one).lora?.lastAnswer?.startsWith('heard by 1, ') === true);
    await act(one, { action: 'deviceTime' });
    await passUntil(() => details(one).lora?.lastAnswer?.startsWith('2030-01-01T00:00:0') === true);
  });

  it('breaks MICs and sends old frames again, which the network drops', async () => {
    const one = await start({ periodMs: 10_000, faults: { replay: 1 } });
    await passUntil(async () => (await reasons()).includes('repeatedCounter'));
    await act(one, { action: 'badMic' });
    await passUntil(async () => (await reasons()).includes('wrongMic'));
    const stored = (await messages()).map(({ value }: { value: { payload: string } }) => value.payload);
    expect(new Set(stored).size).toBe(stored.length);
  });

  it('hears nothing in windows that open late', async () => {
    const one = await start({ periodMs: 10_000 });
    await act(one, { action: 'setClockDrift', ppm: 100_000 });
    await passUntil(async () => (await messages()).length > 0);
    await act(one, { action: 'linkCheck' });
    const sent = one.report().sent;
    await passUntil(() => one.report().sent > sent + 3);
    expect(details(one).lora?.lastAnswer).toBeNull();
    await act(one, { action: 'setClockDrift', ppm: 0 });
    await act(one, { action: 'linkCheck' });
    await passUntil(() => details(one).lora?.lastAnswer !== null);
  });

  it('is heard by each gateway in reach, and by the others when one is out', async () => {
    const two = {
      gateways: [
        { id: gatewayId, ...middle },
        { id: 'AA555A0000000202', ...middle, lat: 48.8576 },
      ],
    };
    const one = await start({ ...two, periodMs: 10_000 });
    const last = async () => (await messages())[0]?.metadata.network.lora;
    await passUntil(async () => (await last())?.gatewayCnt === 2);
    await act(one, { action: 'gatewayOutage', gateway: 2, seconds: 3600 });
    await passUntil(async () => (await last())?.gatewayCnt === 1);
    expect((await last()).signalLevel).toBeGreaterThan(0);
    const far = { action: 'move', lat: 49.5, lon: 3 } as const;
    await act(one, far);
    const { errors } = one.report();
    await passUntil(() => one.report().errors > errors);
    expect(details(one).frames[0]?.state).toBe('failed');
  });

  it.each([
    ['US915', 7],
    ['AS923', 9],
  ] as const)('speaks as devices of %s do', async (region, spreadingFactor) => {
    await start({ region, spreadingFactor });
    await passUntil(async () => (await messages()).length === 1);
    expect((await messages())[0].metadata.network.lora).toMatchObject({ sf: spreadingFactor, port: 1 });
  });

  it('makes room for what it has to tell the network when its payloads have none to spare', async () => {
    // 11 bytes are all that US915 has at SF10; the question for its battery is answered in three.
    const payload = { kind: 'hex', text: '00112233445566{{u32 n}}' } as const;
    const one = await start({ region: 'US915', spreadingFactor: 10, adr: false, payload });
    const { sent } = one.report();
    await passUntil(() => one.report().sent >= sent + 4 || one.report().skipped >= 4);
    expect((await messages()).length).toBeGreaterThan(2);
    expect(one.report().skipped).toBeLessThan(2);
    expect((await interfaceOf()).activity.lastBatteryLevel).toBe(254);
  });

  it('joins anew, by another nonce', async () => {
    const one = await start({ periodMs: 10_000 });
    await passUntil(async () => (await messages()).length > 0);
    const { devAddr } = details(one).lora ?? {};
    await act(one, { action: 'rejoin' });
    expect(one.report().connected).toBe(0);
    await passUntil(() => one.report().connected === 1);
    expect(details(one).lora?.devAddr).not.toBe(devAddr);
    await passUntil(async () => (await messages())[0].metadata.network.lora.fcnt === 0);
    expect(await reasons()).toEqual([]);
  });
});
