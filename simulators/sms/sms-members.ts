import type { SmsFleetTemplate } from '../../core/contract/simulators.ts';
import type { FleetMembers, MemberParts } from '../fleet/fleet-member.ts';
import type { FleetRun } from '../fleet/fleet-run.ts';
import { MessageSource } from '../generators/message-source.ts';
import { payloadMaker } from '../generators/payload-maker.ts';
import { Handset } from './handset.ts';
import { Waits } from './waits.ts';

/** Handsets of a fleet. */
export function smsMembers({ template }: FleetRun<SmsFleetTemplate>, parts: MemberParts): FleetMembers {
  const maker = template.payload && payloadMaker(template.payload);
  const waits = new Waits(parts.clock, parts.deadlines);
  const devices = Array.from({ length: template.count }, (_, index) => {
    const source = maker && new MessageSource(template, maker, index + 1);
    return new Handset(index + 1, source, { ...parts, template, waits });
  });
  const byMsisdn = new Map(devices.map((device) => [device.msisdn, device]));
  return {
    devices,
    receive: (down) => byMsisdn.get(down.msisdn)?.receive(down),
    close: async () => waits.clear(),
  };
}
