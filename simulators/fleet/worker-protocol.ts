import type { ClockView } from '../../core/contract/clock.ts';
import type { ErrorCode } from '../../core/contract/errors.ts';
import type {
  DeviceAction,
  SendOnce,
  SimulatedDeviceDetails,
  SimulatedDeviceView,
  SimulatedFrame,
} from '../../core/contract/simulators.ts';
import type { AirDown, AirUp } from '../sms/air.ts';
import type { FleetReport } from './fleet.ts';
import type { FleetRun } from './fleet-run.ts';

/** What the thread of the simulated devices can be asked, by name: argument and answer. */
export interface FleetCalls {
  start: { argument: { fleetId: string; run: FleetRun }; answer: undefined };
  /** The platform's time jumped, or goes on in another way. */
  clock: { argument: ClockView; answer: undefined };
  /** The platform's time is on the way of a jump, at this moment, in milliseconds since 1970. */
  moment: { argument: { atMs: number }; answer: undefined };
  stop: { argument: { fleetId: string }; answer: FleetReport };
  /** What `cutOff` told of is put right: the devices may come back. */
  readmit: { argument: { fleetId: string }; answer: undefined };
  /** Of every fleet that was started and not stopped, by its id. */
  reports: { argument: undefined; answer: Readonly<Record<string, FleetReport>> };
  devices: {
    argument: { fleetId: string; offset: number; limit: number };
    answer: SimulatedDeviceView[];
  };
  device: { argument: { fleetId: string; number: number }; answer: SimulatedDeviceDetails };
  send: { argument: { fleetId: string; number: number; message: SendOnce }; answer: SimulatedFrame };
  /** From the mobile network to handsets of a fleet; one that does not run misses it. */
  air: { argument: { fleetId: string; messages: readonly AirDown[] }; answer: undefined };
  act: { argument: { fleetId: string; number: number; action: DeviceAction }; answer: undefined };
}

export type FleetCallName = keyof FleetCalls;

export type FleetRequest = {
  [Name in FleetCallName]: { kind: Name; id: number; argument: FleetCalls[Name]['argument'] };
}[FleetCallName];

export type FleetAnswer =
  /** The platform has cut devices of the fleet off; they wait for `readmit`. */
  | { kind: 'cutOff'; fleetId: string }
  /** From handsets of a fleet to the mobile network. */
  | { kind: 'air'; fleetId: string; messages: readonly AirUp[] }
  | { kind: 'answer'; id: number; answer: unknown }
  | { kind: 'refused'; id: number; code: ErrorCode; message: string; details: string | undefined };
