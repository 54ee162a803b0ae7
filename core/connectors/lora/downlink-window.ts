import type { Timer } from '../../platform/clock.ts';
import type { DownlinkCommand } from '../../protocols/lorawan/mac-commands.ts';
import type { RadioSlot, Region } from '../../protocols/lorawan/regions/region.ts';
import type { HeardFrame } from './deduplication.ts';

/** What there is to say to a device after one of its frames. */
export interface DownlinkWishes {
  /** It wants to know that it was heard. */
  readonly ack: boolean;
  /** It gets an answer even where there is nothing to say. */
  readonly must: boolean;
  readonly commands: readonly DownlinkCommand[];
}

/** The time after a frame of a device in which it listens (LoRaWAN 1.0.3, 3.3). */
export interface DownlinkWindow extends DownlinkWishes {
  readonly frame: HeardFrame;
  readonly region: Region;
  readonly uplink: RadioSlot;
  /** Ends the wait for a command of the platform. */
  timer: Timer | undefined;
}
