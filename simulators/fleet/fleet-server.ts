import type { ClockView } from '../../core/contract/clock.ts';
import { PlatformError } from '../../core/contract/errors.ts';
import { batched } from '../batched.ts';
import { Fleet } from './fleet.ts';
import type { SimulatorSeams } from './seams.ts';
import type { FleetAnswer, FleetRequest } from './worker-protocol.ts';

/** The way to whoever asks. */
export interface FleetPort {
  post(answer: FleetAnswer): void;
  onMessage(receive: (request: FleetRequest) => void): void;
}

/** The platform's time in the thread of the fleets, which is set here as it is there. */
export interface FollowedTime {
  /** It jumped, or goes on in another way. */
  follow(view: ClockView): Promise<void>;
  /** It is on the way of a jump: what begins now counts from this moment. */
  hold(atMs: number): void;
}

/** All running fleets, in the thread that is theirs. */
export class FleetServer {
  private readonly port: FleetPort;
  private readonly seams: SimulatorSeams;
  private readonly time: FollowedTime;
  private readonly fleets = new Map<string, Fleet>();

  constructor(port: FleetPort, seams: SimulatorSeams, time: FollowedTime) {
    this.port = port;
    this.seams = seams;
    this.time = time;
  }

  start(): void {
    this.port.onMessage((request) => void this.serve(request));
  }

  private async serve(request: FleetRequest): Promise<void> {
    const { id } = request;
    try {
      this.port.post({ kind: 'answer', id, answer: await this.answer(request) });
    } catch (error) {
      const { message } = error as Error;
      const known = error instanceof PlatformError ? error : new PlatformError('simulators.failed', message);
      this.port.post({ kind: 'refused', id, code: known.code, message, details: known.details });
    }
  }

  private answer({ kind, argument }: FleetRequest): unknown {
    switch (kind) {
      case 'start': {
        const { fleetId, run } = argument;
        const fleet = new Fleet(run, this.seams, {
          cutOff: () => this.port.post({ kind: 'cutOff', fleetId }),
          air: batched((messages) => this.port.post({ kind: 'air', fleetId, messages })),
        });
        return fleet.start().then(() => void this.fleets.set(fleetId, fleet));
      }
      case 'stop':
        return this.stop(argument.fleetId);
      case 'clock':
        return this.time.follow(argument);
      case 'moment':
        return this.time.hold(argument.atMs);
      case 'readmit':
        return this.fleet(argument.fleetId).readmit();
      case 'reports':
        return Object.fromEntries([...this.fleets].map(([id, fleet]) => [id, fleet.report()]));
      case 'devices':
        return this.fleet(argument.fleetId).list(argument.offset, argument.limit);
      case 'device':
        return this.fleet(argument.fleetId).device(argument.number).details();
      case 'send':
        return this.fleet(argument.fleetId).device(argument.number).send(argument.message);
      case 'air': {
        const fleet = this.fleets.get(argument.fleetId);
        for (const down of argument.messages) fleet?.receive(down);
        return;
      }
      case 'act':
        return this.fleet(argument.fleetId).device(argument.number).act(argument.action);
    }
  }

  private async stop(fleetId: string) {
    const fleet = this.fleet(fleetId);
    await fleet.stop();
    this.fleets.delete(fleetId);
    return fleet.report();
  }

  private fleet(fleetId: string): Fleet {
    const fleet = this.fleets.get(fleetId);
    if (fleet) return fleet;
    throw new PlatformError('simulators.wrongState', 'The fleet is not running.', { details: fleetId });
  }
}
