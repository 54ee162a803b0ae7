import {
  cryptPayload,
  decodeDataFrame,
  encodeDataFrame,
  isFrom,
  longestFOpts,
  type ReceivedDataFrame,
  type SessionKeys,
} from '../../core/protocols/lorawan/data-frame.ts';
import { fullFrameCounter } from '../../core/protocols/lorawan/frame-counter.ts';
import { isConfirmed, isUplink } from '../../core/protocols/lorawan/frame-type.ts';
import type { JoinAccept } from '../../core/protocols/lorawan/join.ts';
import {
  type DownlinkCommand,
  downlinkCommands,
  type UplinkCommand,
  uplinkCommands,
} from '../../core/protocols/lorawan/mac-commands.ts';
import { stickyAnswers } from './mac-answers.ts';

/** What a device wants to say; without a port it is MAC commands alone. */
export interface UplinkDraft {
  readonly port: number | undefined;
  readonly payload: Uint8Array;
  readonly confirmed: boolean;
}

/** A frame as it goes on the air, and what it says. */
export interface UplinkFrame extends UplinkDraft {
  readonly bytes: Uint8Array;
  readonly fCnt: number;
  readonly commands: readonly UplinkCommand[];
}

/** A frame of the network to this device. */
export interface HeardDownlink {
  readonly type: ReceivedDataFrame['type'];
  readonly fCnt: number;
  /** It was heard before: the network did not hear the acknowledgement. */
  readonly repeated: boolean;
  readonly ack: boolean;
  readonly fPending: boolean;
  readonly confirmed: boolean;
  readonly port: number | undefined;
  readonly payload: Uint8Array;
  readonly commands: readonly DownlinkCommand[];
}

/** Uplinks without an answer after which a device asks whether anybody hears it, and how many more it waits (1.0.3, 4.3.1.1). */
const adrAckLimit = 64;
const adrAckDelay = 32;

/** A session of a device: its counters, and what it has to tell the network with the next frame. */
export class LoraSession {
  readonly devAddr: number;
  readonly keys: SessionKeys;
  fCntUp = 0;
  fCntDown: number | undefined;
  private readonly adr: boolean;
  private answers: UplinkCommand[] = [];
  private acknowledges = false;
  private unansweredUplinks = 0;

  constructor({ devAddr }: Pick<JoinAccept, 'devAddr'>, keys: SessionKeys, adr: boolean) {
    this.devAddr = devAddr;
    this.keys = keys;
    this.adr = adr;
  }

  /** True when the network waits for a frame of the device. */
  get owes(): boolean {
    return this.acknowledges;
  }

  /** Bytes of MAC commands that go with the next frame, if that has room for so many. */
  commandBytes(most: number): number {
    return this.fitting(most).reduce((sum, command) => sum + uplinkCommands.lengthOf(command), 0);
  }

  /** Nobody has answered for so long that the device must make itself better heard (1.0.3, 4.3.1.1). */
  get isUnheard(): boolean {
    const late = this.unansweredUplinks - adrAckLimit - adrAckDelay;
    return this.adr && late >= 0 && late % adrAckDelay === 0;
  }

  /** Something for the network with the next frame. */
  tell(command: UplinkCommand): void {
    this.answers.push(command);
  }

  /**
   * The next uplink, with all that goes along.
   * @param most bytes of payload and MAC commands together
   */
  uplink({ port, payload, confirmed }: UplinkDraft, most: number): UplinkFrame {
    const commands = this.fitting(most);
    const fCnt = this.fCntUp++;
    this.unansweredUplinks += 1;
    const bytes = encodeDataFrame(
      {
        type: confirmed ? 'CONFIRMED_DATA_UP' : 'UNCONFIRMED_DATA_UP',
        ...{ devAddr: this.devAddr, adr: this.adr, fCnt, fPending: false, ack: this.acknowledges },
        adrAckReq: this.adr && this.unansweredUplinks > adrAckLimit,
        ...{ fOpts: uplinkCommands.write(commands), fPort: port, payload },
      },
      this.keys,
    );
    this.acknowledges = false;
    this.answers = this.answers.filter(
      (each) => !commands.includes(each) || stickyAnswers.includes(each.name),
    );
    return { port, payload, confirmed, bytes, fCnt, commands };
  }

  /** @returns undefined for a frame that is not by its keys, or of the past @throws LorawanError `lorawan.malformed` */
  downlink(bytes: Uint8Array): HeardDownlink | undefined {
    const frame = decodeDataFrame(bytes);
    if (isUplink(frame.type) || frame.devAddr !== this.devAddr) return undefined;
    const full = fullFrameCounter(this.fCntDown, frame.fCnt);
    if (!full || !isFrom(frame, this.keys.nwkSKey, full.fCnt)) return undefined;
    const { fCnt, repeated } = full;
    const { type, ack, fPending, fPort: port } = frame;
    this.fCntDown = fCnt;
    this.unansweredUplinks = 0;
    this.answers = this.answers.filter(({ name }) => !stickyAnswers.includes(name));
    const payload = cryptPayload(frame, this.keys, fCnt);
    const { commands } = downlinkCommands.read(port === 0 ? payload : frame.fOpts);
    const confirmed = isConfirmed(type);
    if (confirmed) this.acknowledges = true;
    return { type, fCnt, repeated, ack, fPending, confirmed, port, payload, commands };
  }

  private fitting(most: number): UplinkCommand[] {
    let left = Math.min(longestFOpts, most);
    return this.answers.filter((command) => {
      const length = uplinkCommands.lengthOf(command);
      if (length > left) return false;
      left -= length;
      return true;
    });
  }
}
