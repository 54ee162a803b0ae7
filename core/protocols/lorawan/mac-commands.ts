import { LorawanError, requireRange } from './errors.ts';

/** A field by its width in bits; of a signed one the highest bit is the sign. */
type Width = number | { readonly signed: number };

interface Layout {
  readonly cid: number;
  /** In the order of the wire, from the lowest bit of the first byte on. Bits behind the last field are reserved. */
  readonly fields: Readonly<Record<string, Width>>;
}

/** What the network says to devices (LoRaWAN 1.0.3, 5). Frequencies are in units of 100 Hz. */
const downlinkLayouts = {
  LinkCheckAns: { cid: 0x02, fields: { margin: 8, gatewayCount: 8 } },
  LinkADRReq: { cid: 0x03, fields: { txPower: 4, dataRate: 4, channelMask: 16, nbTrans: 4, maskControl: 3 } },
  DutyCycleReq: { cid: 0x04, fields: { maxDutyCycle: 4 } },
  RXParamSetupReq: { cid: 0x05, fields: { rx2DataRate: 4, rx1DrOffset: 3, reserved: 1, frequency: 24 } },
  DevStatusReq: { cid: 0x06, fields: {} },
  NewChannelReq: { cid: 0x07, fields: { channel: 8, frequency: 24, minDataRate: 4, maxDataRate: 4 } },
  RXTimingSetupReq: { cid: 0x08, fields: { delay: 4 } },
  TxParamSetupReq: { cid: 0x09, fields: { maxEirp: 4, uplinkDwellTime: 1, downlinkDwellTime: 1 } },
  DlChannelReq: { cid: 0x0a, fields: { channel: 8, frequency: 24 } },
  /** Time at the end of the uplink: seconds since the epoch of GPS, and 256ths of one (1.0.3, 5.9). */
  DeviceTimeAns: { cid: 0x0d, fields: { seconds: 32, fraction: 8 } },
} as const satisfies Record<string, Layout>;

/** What devices say to the network. */
const uplinkLayouts = {
  LinkCheckReq: { cid: 0x02, fields: {} },
  LinkADRAns: { cid: 0x03, fields: { channelMaskAck: 1, dataRateAck: 1, powerAck: 1 } },
  DutyCycleAns: { cid: 0x04, fields: {} },
  RXParamSetupAns: { cid: 0x05, fields: { channelAck: 1, rx2DataRateAck: 1, rx1DrOffsetAck: 1 } },
  /** 0: external power; 1 to 254: battery, from empty to full; 255: not measured. The margin is in dB. */
  DevStatusAns: { cid: 0x06, fields: { battery: 8, margin: { signed: 6 } } },
  NewChannelAns: { cid: 0x07, fields: { channelFrequencyOk: 1, dataRateRangeOk: 1 } },
  RXTimingSetupAns: { cid: 0x08, fields: {} },
  TxParamSetupAns: { cid: 0x09, fields: {} },
  DlChannelAns: { cid: 0x0a, fields: { channelFrequencyOk: 1, uplinkFrequencyExists: 1 } },
  DeviceTimeReq: { cid: 0x0d, fields: {} },
} as const satisfies Record<string, Layout>;

type CommandOf<Layouts extends Record<string, Layout>> = {
  [Name in keyof Layouts]: { readonly name: Name } & {
    readonly [Field in Exclude<keyof Layouts[Name]['fields'], 'reserved'>]: number;
  };
}[keyof Layouts];

export type DownlinkCommand = CommandOf<typeof downlinkLayouts>;
export type UplinkCommand = CommandOf<typeof uplinkLayouts>;

export interface ReadCommands<Command> {
  readonly commands: readonly Command[];
  /** What was not read, and why: behind an unknown command nobody can tell where the next one begins. */
  readonly problem: string | undefined;
}

class CommandCodec<Command extends { readonly name: string }> {
  private readonly layouts: Readonly<Record<string, Layout>>;
  private readonly byCid: ReadonlyMap<number, string>;

  constructor(layouts: Readonly<Record<string, Layout>>) {
    this.layouts = layouts;
    this.byCid = new Map(Object.entries(layouts).map(([name, { cid }]) => [cid, name]));
  }

  /** Reads commands one behind the other, as far as they are known and whole. Never throws. */
  read(bytes: Uint8Array): ReadCommands<Command> {
    const commands: Command[] = [];
    let offset = 0;
    while (offset < bytes.length) {
      const cid = bytes[offset] ?? 0;
      const name = this.byCid.get(cid);
      if (name === undefined) {
        return {
          commands,
          problem: `unknown MAC command 0x${cid.toString(16).padStart(2, '0')} at byte ${offset}`,
        };
      }
      const { fields } = this.layouts[name] as Layout;
      const end = offset + 1 + byteLength(fields);
      if (end > bytes.length) return { commands, problem: `${name} at byte ${offset} is cut off` };
      commands.push({ name, ...readFields(fields, bytes.subarray(offset + 1, end)) } as unknown as Command);
      offset = end;
    }
    return { commands, problem: undefined };
  }

  /** @throws LorawanError `lorawan.range` for a field that does not fit its bits */
  write(commands: readonly Command[]): Uint8Array {
    return Uint8Array.from(
      commands.flatMap((command) => {
        const { cid, fields } = this.layouts[command.name] as Layout;
        return [
          cid,
          ...writeFields(fields, command as unknown as Readonly<Record<string, number>>, command.name),
        ];
      }),
    );
  }

  /** Bytes of a command with its CID. */
  lengthOf({ name }: Command): number {
    return 1 + byteLength((this.layouts[name] as Layout).fields);
  }
}

export const downlinkCommands = new CommandCodec<DownlinkCommand>(downlinkLayouts);
export const uplinkCommands = new CommandCodec<UplinkCommand>(uplinkLayouts);

/** The number of a command on the wire; the same for a request and its answer. */
export function cidOf(name: (DownlinkCommand | UplinkCommand)['name']): number {
  return { ...downlinkLayouts, ...uplinkLayouts }[name].cid;
}

const bitsOf = (width: Width): number => (typeof width === 'number' ? width : width.signed);

function byteLength(fields: Layout['fields']): number {
  return Math.ceil(Object.values(fields).reduce<number>((bits, width) => bits + bitsOf(width), 0) / 8);
}

function readFields(fields: Layout['fields'], bytes: Uint8Array): Record<string, number> {
  // At most 40 bits, so a number holds them.
  let rest = bytes.reduceRight((value, byte) => value * 256 + byte, 0);
  const values: Record<string, number> = {};
  for (const [name, width] of Object.entries(fields)) {
    const size = 2 ** bitsOf(width);
    const value = rest % size;
    rest = Math.floor(rest / size);
    if (name === 'reserved') continue;
    values[name] = typeof width === 'object' && value >= size / 2 ? value - size : value;
  }
  return values;
}

function writeFields(
  fields: Layout['fields'],
  values: Readonly<Record<string, number>>,
  command: string,
): number[] {
  let packed = 0;
  let place = 1;
  for (const [name, width] of Object.entries(fields)) {
    const size = 2 ** bitsOf(width);
    const value = name === 'reserved' ? 0 : values[name];
    if (value === undefined) throw new LorawanError('lorawan.range', `${command}.${name} is missing`);
    if (typeof width === 'object') requireRange(`${command}.${name}`, value, -size / 2, size / 2 - 1);
    else requireRange(`${command}.${name}`, value, 0, size - 1);
    packed += (value < 0 ? value + size : value) * place;
    place *= size;
  }
  const bytes: number[] = [];
  for (let index = byteLength(fields); index > 0; index--) {
    bytes.push(packed % 256);
    packed = Math.floor(packed / 256);
  }
  return bytes;
}
