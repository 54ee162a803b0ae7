import { expect, it } from 'vitest';
import { typeOf } from '../../protocols/lorawan/frame-type.ts';
import { loraBench, loraDeviceId, loraDeviceUrl } from '../../testing/lora-bench.ts';
import { until } from '../../testing/until.ts';

const bench = loraBench();
const url = `${loraDeviceUrl}/interfaces/lora:0101010210101010`;
const change = async (body: object) => expect((await bench.call('PATCH', url, body)).status).toBe(200);
const frames = async () =>
  (await bench.call('GET', `/bench/v1/devices/${loraDeviceId}/lora/frames`)).body.frames;

/** A frame comes, and what it brings about is done. */
async function heard(frame: Uint8Array): Promise<void> {
  const before = (await frames()).length;
  await bench.hear(frame);
  await until(async () => (await frames()).length > before);
}

/** The next join-accept that the gateway is given; what the network asks after uplinks may come before it. */
async function joinAccept(): Promise<Uint8Array> {
  for (;;) {
    const { data } = await bench.gateway.sent();
    if (typeOf(data) === 'JOIN_ACCEPT') return data;
  }
}

/** What may happen to an interface. */
const events = {
  /** A join-request that no gateway may answer: the device is heard, and not let in. */
  joinUnanswered: async () => {
    bench.gateway.txAck = 'TOO_LATE';
    await heard(bench.device.joinRequest());
    await joinAccept();
    await joinAccept();
    bench.gateway.txAck = 'NONE';
  },
  join: async () => {
    await heard(bench.device.joinRequest());
    bench.device.join(await joinAccept());
  },
  uplink: () => heard(bench.device.uplink({ port: 1, payload: '2a' })),
  macOnly: () => heard(bench.device.uplink({ port: 0, payload: '02' })),
  disable: () => change({ enabled: false }),
  enable: () => change({ enabled: true }),
  spoil: () => change({ definition: { connectivityPlan: 'orange-cs/Nobody' } }),
  mend: () => change({ definition: { connectivityPlan: 'orange-cs/CP_Basic' } }),
  check: async () => bench.clock.advance(60_000),
};
type Step = readonly [event: keyof typeof events, status: string];

const joined: Step = ['join', 'INITIALIZED'];
const active: Step = ['uplink', 'ACTIVATED'];
const off: Step = ['disable', 'DEACTIVATED'];
const on: Step = ['enable', 'REACTIVATED'];
const found: Step = ['check', 'CONNECTIVITY_ERROR'];
const broken = (status: string): Step[] => [['spoil', status], found];
const repaired = (status: string): Step[] => [
  ['mend', 'CONNECTIVITY_ERROR'],
  ['check', status],
];

it.each<[string, Step[]]>([
  [
    'a join that no gateway answers, and one that one does',
    [['joinUnanswered', 'INITIALIZING'], joined, active],
  ],
  ['frames of MAC commands alone', [joined, ['macOnly', 'INITIALIZED'], active, ['macOnly', 'ACTIVATED']]],
  ['a device that joins anew', [joined, active, joined, active]],
  ['a device that is off before it was heard', [off, on, joined, active]],
  ['a device that is off while it joins', [['joinUnanswered', 'INITIALIZING'], off, on]],
  ['one that is off between join and uplink', [joined, off, on, ['macOnly', 'REACTIVATED'], active]],
  ['frames while it is off', [joined, active, off, ['uplink', 'DEACTIVATED'], on, active]],
  ['a join when it is on again', [joined, active, off, on, joined, active]],
  ['a join that no gateway answers then', [joined, active, off, on, ['joinUnanswered', 'INITIALIZING']]],
  [
    'checks that find nothing',
    [['check', 'REGISTERED'], joined, ['check', 'INITIALIZED'], active, ['check', 'ACTIVATED']],
  ],
  ['a check of what nothing was heard of', [...broken('REGISTERED'), ...repaired('REGISTERED')]],
  ['a check after a join', [joined, ...broken('INITIALIZED'), ...repaired('INITIALIZED'), active]],
  ['a check of an active one', [joined, active, ...broken('ACTIVATED'), ...repaired('ACTIVATED')]],
  [
    'a join and uplinks while it is not right',
    [
      ...broken('REGISTERED'),
      ['join', 'CONNECTIVITY_ERROR'],
      ['uplink', 'CONNECTIVITY_ERROR'],
      ['check', 'CONNECTIVITY_ERROR'],
      ...repaired('INITIALIZED'),
      active,
    ],
  ],
  [
    'one that is off, which no check looks at',
    [off, ['spoil', 'DEACTIVATED'], ['check', 'DEACTIVATED'], on, found],
  ],
  [
    'one that is off while it is not right',
    [...broken('REGISTERED'), off, on, found, ...repaired('REGISTERED')],
  ],
])('the status goes through %s', async (_what, steps) => {
  await bench.register();
  expect((await bench.interface()).status).toBe('REGISTERED');
  for (const [index, [event, status]] of steps.entries()) {
    await events[event]();
    // What the gateway has answered has come, before the copies of a frame and its windows are over.
    await bench.gateway.pull();
    bench.wireClock.advance(3000);
    await bench.gateway.pull();
    let now = '';
    // What is written behind the frame may still be on its way; a status that never comes is told with the step.
    for (let turn = 0; turn < 100 && now !== status; turn++) now = (await bench.interface()).status;
    expect(`${index} ${event}: ${now}`).toBe(`${index} ${event}: ${status}`);
  }
});

it('is DEACTIVATED from the beginning where it is registered as disabled', async () => {
  await bench.register();
  const { body } = await bench.call('POST', '/api/v1/deviceMgt/devices', {
    id: 'urn:lo:nsid:lora:off',
    interfaces: [
      {
        connector: 'lora',
        enabled: false,
        definition: {
          ...{ devEUI: '0101010210101011', appEUI: '9879876546543211', profile: 'Generic_classA_RX2SF9' },
          ...{ appKey: '11223344556677889988776655443322', connectivityPlan: 'orange-cs/CP_Basic' },
        },
      },
    ],
  });
  expect(body.interfaces[0].status).toBe('DEACTIVATED');
});
