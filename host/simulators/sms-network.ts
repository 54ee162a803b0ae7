import { PlatformError } from '../../core/contract/errors.ts';
import type { FleetTemplate } from '../../core/contract/simulators.ts';
import { batched } from '../../simulators/batched.ts';
import { clientIdsOf } from '../../simulators/fleet/fleet-kinds.ts';
import type { AirDown, AirUp } from '../../simulators/sms/air.ts';
import type { Smsc } from '../../simulators/sms/smsc/smsc.ts';
import type { HandsetNetwork } from '../../simulators/sms/smsc/subscribers.ts';

/** The air between the short message centre and the handsets, which live in the thread of the fleets. */
export class SmsNetwork {
  private readonly smsc: () => Smsc;
  private readonly send: (fleetId: string, messages: readonly AirDown[]) => void;
  private readonly networks = new Map<string, HandsetNetwork>();

  /** @param send hands something to the handsets of a fleet */
  constructor(smsc: () => Smsc, send: (fleetId: string, messages: readonly AirDown[]) => void) {
    this.smsc = smsc;
    this.send = send;
  }

  /**
   * A fleet is about to start: its handsets get their numbers. Fleets of other devices have none.
   * @throws PlatformError `simulators.wrongState` when another handset has one of them
   */
  join(fleetId: string, template: FleetTemplate): void {
    if (template.connector !== 'sms') return;
    const network = { send: batched<AirDown>((messages) => this.send(fleetId, messages)) };
    const taken = this.smsc().addHandsets(network, clientIdsOf(template));
    if (taken !== undefined) {
      throw new PlatformError('simulators.wrongState', `A handset has the number ${taken} already.`, {
        details: 'It is one of another fleet that runs: stop that, or choose another first number.',
      });
    }
    this.networks.set(fleetId, network);
  }

  /** The handsets of a fleet are gone; the centre keeps what comes for them. */
  leave(fleetId: string): void {
    const network = this.networks.get(fleetId);
    if (!network) return;
    this.networks.delete(fleetId);
    this.smsc().removeHandsets(network);
  }

  /** From handsets of a fleet. */
  receive(fleetId: string, messages: readonly AirUp[]): void {
    const network = this.networks.get(fleetId);
    if (!network) return;
    for (const up of messages) this.smsc().receive(network, up);
  }
}
