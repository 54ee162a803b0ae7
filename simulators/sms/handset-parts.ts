import type { SmsFleetTemplate } from '../../core/contract/simulators.ts';
import type { MemberParts } from '../fleet/fleet-member.ts';
import type { Waits } from './waits.ts';

/** What a handset shares with the others of its fleet. */
export interface HandsetParts extends MemberParts {
  readonly template: SmsFleetTemplate;
  readonly waits: Waits;
}
