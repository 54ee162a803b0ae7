import { loraMembers } from '../lora/lora-members.ts';
import { lwm2mMembers } from '../lwm2m/lwm2m-members.ts';
import { mqttMembers } from '../mqtt/mqtt-members.ts';
import { smsMembers } from '../sms/sms-members.ts';
import type { FleetMembers, MemberParts } from './fleet-member.ts';
import type { FleetRun } from './fleet-run.ts';

/** The devices of a fleet, by what they speak. */
export async function makeMembers(run: FleetRun, parts: MemberParts): Promise<FleetMembers> {
  const { template, ...others } = run;
  switch (template.connector) {
    case 'lwm2m':
      return { devices: await lwm2mMembers({ template, ...others }, parts) };
    case 'lora':
      return loraMembers({ template, ...others }, parts);
    case 'mqtt':
    case 'x-connector':
      return { devices: mqttMembers({ template, ...others }, parts) };
    case 'sms':
      return smsMembers({ template, ...others }, parts);
  }
}
