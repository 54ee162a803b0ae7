import type { Sfc32 } from './sfc32.ts';

/** One message of one simulated device: what its values are made from. */
export interface Turn {
  /** Number of the message, from 1. */
  readonly n: number;
  /** Simulated seconds since the first message: messages times period, whatever a clock says. */
  readonly elapsedS: number;
  /** Client id of the device. */
  readonly device: string;
  /** Date of the message in milliseconds since the epoch. */
  readonly timeMs: number;
  /** The device's own. */
  readonly random: Sfc32;
  /** Numbers that the device keeps from one message to the next; `NaN` before the first. */
  readonly memory: Float64Array;
}

export type Value = string | number | boolean;

/** Makes one value for each turn. It holds nothing itself: one serves all devices of a fleet. */
export type ValueMaker = (turn: Turn) => Value;
