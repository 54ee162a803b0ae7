import type { MqttFleetTemplate } from '../../core/contract/simulators.ts';
import { SimulatedConnector } from '../external/simulated-connector.ts';
import type { FleetMember, MemberParts } from '../fleet/fleet-member.ts';
import type { FleetRun } from '../fleet/fleet-run.ts';
import { MessageSource } from '../generators/message-source.ts';
import { payloadMaker } from '../generators/payload-maker.ts';
import { makeBehaviour } from '../responders/make-behaviour.ts';
import { DirectWire } from './device-wire.ts';
import { SimulatedDevice } from './simulated-device.ts';

/** Devices that speak MQTT, each by itself or together as one external connector. */
export function mqttMembers(run: FleetRun<MqttFleetTemplate>, parts: MemberParts): FleetMember[] {
  const { template } = run;
  const maker = payloadMaker(template.payload);
  const wire =
    template.connector === 'x-connector' ? new SimulatedConnector(run, parts.wireClock) : new DirectWire(run);
  const behaviour = makeBehaviour(template.responders);
  return Array.from({ length: template.count }, (_, index) => {
    const source = new MessageSource(template, maker, index + 1);
    return new SimulatedDevice(index + 1, source, { ...parts, run, wire, behaviour });
  });
}
