import type {
  DeviceAction,
  SendOnce,
  SimulatedDeviceDetails,
  SimulatedDeviceView,
  SimulatedFrame,
} from '../../core/contract/simulators.ts';
import type { Sfc32 } from '../generators/sfc32.ts';
import type { AirDown, AirUp } from '../sms/air.ts';
import type { ConnectGate } from './connect-gate.ts';
import type { FleetCounts } from './fleet-run.ts';
import type { FrameLimits } from './frame-limits.ts';
import type { Schedule } from './schedule.ts';
import type { SimulatorSeams } from './seams.ts';

/** One device of a fleet, whatever it speaks. */
export interface FleetMember {
  readonly number: number;
  /** Begins to connect when it is its turn. */
  start(): void;
  /** Says goodbye when connected. Resolves when the connection is closed. */
  stop(): Promise<void>;
  /** Closes the connection without waiting for anything. */
  abandon(): void;
  /** Connects again, after a while that is the longer the more often it failed. */
  comeBack(): void;
  view(): SimulatedDeviceView;
  details(): SimulatedDeviceDetails;
  /**
   * Sends once, beside what the device sends by itself.
   * @throws PlatformError, as a rejection: `simulators.wrongState` when it is not connected, or cannot send such a thing;
   *   `simulators.notAcknowledged`
   */
  send(message: SendOnce): Promise<SimulatedFrame>;
  /**
   * Does something with the device. Resolves when it has begun.
   * @throws PlatformError, as a rejection: `simulators.wrongState` when it cannot do that, or not now;
   *   `api.invalidParameter` for a value that does not fit
   */
  act(action: DeviceAction): Promise<void>;
}

/** The devices of a fleet, and what they share. */
export interface FleetMembers {
  readonly devices: readonly FleetMember[];
  /** Closes what they share, after all of them have stopped. */
  close?(): Promise<void>;
  /** Something for one of them has come over the mobile network. */
  receive?(down: AirDown): void;
}

/** What a device shares with the others of its fleet. */
export interface MemberParts extends SimulatorSeams {
  readonly schedule: Schedule;
  readonly gate: ConnectGate;
  readonly counts: FleetCounts;
  readonly frameLimits: FrameLimits;
  /** Chance in time (jitter, back-off): another one than that of the values, which must not depend on it. */
  readonly timing: Sfc32;
  /** Asked when the platform has cut a device off, which stays away until {@link FleetMember.comeBack}. */
  cutOff(device: FleetMember): void;
  /** To the mobile network, which its handsets are in. */
  air(up: AirUp): void;
}

const firstBackOffMs = 1000;
const longestBackOffMs = 60_000;

/** How long a device waits that has failed so often to connect. */
export function backOffMs(attempts: number, timing: Sfc32): number {
  const waitMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** attempts);
  return waitMs * (0.75 + 0.5 * timing.fraction());
}
