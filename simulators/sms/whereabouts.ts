import type { SmsDetails } from '../../core/contract/simulated-sms.ts';
import type { SmsFleetTemplate } from '../../core/contract/simulators.ts';
import type { Sfc32 } from '../generators/sfc32.ts';

/** Whether a handset is on, and in which country. */
export class Whereabouts {
  isOn: boolean;
  isAbroad: boolean;
  private readonly roaming: SmsFleetTemplate['roaming'];

  constructor(random: Sfc32, { offShare, roaming }: Pick<SmsFleetTemplate, 'offShare' | 'roaming'>) {
    this.roaming = roaming;
    this.isOn = random.fraction() >= offShare;
    this.isAbroad = random.fraction() < roaming.share;
  }

  get network(): SmsDetails['network'] {
    if (!this.isAbroad) return 'home';
    return this.roaming.barred ? 'barred' : 'roaming';
  }

  /** How much longer its messages are under way. */
  get delayMs(): number {
    return this.isAbroad ? this.roaming.delayMs : 0;
  }

  /** Why nothing can be sent from there; undefined when it can. */
  silent(who: string): string | undefined {
    if (!this.isOn) return `${who} is switched off: switch it on first.`;
    if (this.network !== 'barred') return undefined;
    return `${who} is abroad and let into no network: let it come home first.`;
  }
}
