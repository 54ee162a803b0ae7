import { lwm2mMembers } from '../lwm2m/lwm2m-members.ts';
import { mqttMembers } from '../mqtt/mqtt-members.ts';
import type { FleetMember, MemberParts } from './fleet-member.ts';
import type { FleetRun } from './fleet-run.ts';

/** The devices of a fleet, by what they speak. */
export async function makeMembers(run: FleetRun, parts: MemberParts): Promise<FleetMember[]> {
  const { template, ...others } = run;
  return template.connector === 'lwm2m'
    ? lwm2mMembers({ template, ...others }, parts)
    : mqttMembers({ template, ...others }, parts);
}
