import { describe, expect, test } from 'vitest';
import fc from '../../testing/properties.ts';
import {
  type DownlinkCommand,
  downlinkCommands,
  type UplinkCommand,
  uplinkCommands,
} from './mac-commands.ts';

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** By the layouts of LoRaWAN 1.0.3, 5.1 to 5.9. */
const down: readonly [string, DownlinkCommand][] = [
  ['020702', { name: 'LinkCheckAns', margin: 7, gatewayCount: 2 }],
  [
    '0352ff0003',
    { name: 'LinkADRReq', dataRate: 5, txPower: 2, channelMask: 0x00ff, nbTrans: 3, maskControl: 0 },
  ],
  [
    '0351ff0061',
    { name: 'LinkADRReq', dataRate: 5, txPower: 1, channelMask: 0x00ff, nbTrans: 1, maskControl: 6 },
  ],
  ['0407', { name: 'DutyCycleReq', maxDutyCycle: 7 }],
  // 869.525 MHz, SF9, RX1DROffset 2
  ['0523d2ad84', { name: 'RXParamSetupReq', rx1DrOffset: 2, rx2DataRate: 3, frequency: 8_695_250 }],
  ['06', { name: 'DevStatusReq' }],
  // 867.1 MHz as channel 3, DR0 to DR5
  [
    '0703184f8450',
    { name: 'NewChannelReq', channel: 3, frequency: 8_671_000, minDataRate: 0, maxDataRate: 5 },
  ],
  ['0805', { name: 'RXTimingSetupReq', delay: 5 }],
  ['0935', { name: 'TxParamSetupReq', maxEirp: 5, uplinkDwellTime: 1, downlinkDwellTime: 1 }],
  ['0a03184f84', { name: 'DlChannelReq', channel: 3, frequency: 8_671_000 }],
  ['0d0100000080', { name: 'DeviceTimeAns', seconds: 1, fraction: 128 }],
];

const up: readonly [string, UplinkCommand][] = [
  ['02', { name: 'LinkCheckReq' }],
  ['0305', { name: 'LinkADRAns', channelMaskAck: 1, dataRateAck: 0, powerAck: 1 }],
  ['04', { name: 'DutyCycleAns' }],
  ['0507', { name: 'RXParamSetupAns', channelAck: 1, rx2DataRateAck: 1, rx1DrOffsetAck: 1 }],
  ['06fe1f', { name: 'DevStatusAns', battery: 254, margin: 31 }],
  ['060020', { name: 'DevStatusAns', battery: 0, margin: -32 }],
  ['06ff3f', { name: 'DevStatusAns', battery: 255, margin: -1 }],
  ['0702', { name: 'NewChannelAns', channelFrequencyOk: 0, dataRateRangeOk: 1 }],
  ['08', { name: 'RXTimingSetupAns' }],
  ['09', { name: 'TxParamSetupAns' }],
  ['0a01', { name: 'DlChannelAns', channelFrequencyOk: 1, uplinkFrequencyExists: 0 }],
  ['0d', { name: 'DeviceTimeReq' }],
];

describe.each([
  ['down', downlinkCommands, down],
  ['up', uplinkCommands, up],
] as const)('commands that go %s', (_direction, codec, table) => {
  test.each(table as readonly [string, never][])('%s', (wire, command) => {
    expect(codec.read(bytes(wire))).toEqual({ commands: [command], problem: undefined });
    expect(hex(codec.write([command]))).toBe(wire);
    expect(codec.lengthOf(command)).toBe(wire.length / 2);
  });
  test.each(table.map(([wire]) => wire).filter((wire) => wire.length > 2))(
    '%s cut off is told, and what is before it is read',
    (wire) => {
      const [first] = table[0] as [string, never];
      for (let length = 2; length < wire.length; length += 2) {
        const { commands, problem } = codec.read(bytes(first + wire.slice(0, length)));
        expect(commands).toHaveLength(1);
        expect(problem).toMatch(/is cut off$/);
      }
    },
  );
  test('all of them one behind the other', () => {
    const commands = table.map(([, command]) => command) as never[];
    const wire = table.map(([text]) => text).join('');
    expect(hex(codec.write(commands))).toBe(wire);
    expect(codec.read(bytes(wire)).commands).toEqual(commands);
  });
  test('noise is read as far as it goes, and the rest told', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        const { commands, problem } = codec.read(noise);
        const length = (commands as never[]).reduce((sum, command) => sum + codec.lengthOf(command), 0);
        expect(problem === undefined).toBe(length === noise.length);
      }),
    );
  });
});

test('an unknown command ends the list, and is told', () => {
  expect(uplinkCommands.read(bytes('0280ff'))).toEqual({
    commands: [{ name: 'LinkCheckReq' }],
    problem: 'unknown MAC command 0x80 at byte 1',
  });
});

test('a field that does not fit its bits is not written', () => {
  expect(() => downlinkCommands.write([{ name: 'RXTimingSetupReq', delay: 16 }])).toThrow(
    'RXTimingSetupReq.delay must be a whole number from 0 to 15, got 16',
  );
  expect(() => uplinkCommands.write([{ name: 'DevStatusAns', battery: 1, margin: 32 }])).toThrow(
    'DevStatusAns.margin must be a whole number from -32 to 31, got 32',
  );
});
