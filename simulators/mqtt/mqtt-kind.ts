import { PlatformError } from '../../core/contract/errors.ts';
import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { MqttFleetTemplate } from '../../core/contract/simulators.ts';
import { clientIdOf } from '../device-ids.ts';
import { type FleetKind, notListening } from '../fleet/fleet-kind.ts';
import { MessageSource } from '../generators/message-source.ts';
import { payloadMaker } from '../generators/payload-maker.ts';

/** Devices that speak MQTT, each by itself. */
export const mqttKind: FleetKind<MqttFleetTemplate> = {
  check: ({ payload }) => {
    try {
      payloadMaker(payload);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      throw invalidParameter(`body.${error.details ?? error.message}`);
    }
  },
  url: (template, { mqtt, mqtts }) => {
    // External connectors are to use TLS (manual 6.6.1); without it the platform may let one in, or say why not.
    const tls = template.tls || (template.connector === 'x-connector' && mqtts !== undefined);
    const url = tls ? mqtts : mqtt;
    if (url !== undefined) return url;
    const what = tls ? 'MQTT over TLS (mqtts)' : 'plain MQTT';
    const other = tls ? 'mqtt: make the fleet without tls' : 'mqtts: make the fleet with tls';
    throw notListening(`on ${what}`, (tls ? mqtt : mqtts) === undefined ? '' : `It listens on ${other}.`);
  },
  // Both ends of a connection are in this process.
  sockets: ({ count }) => count * 2,
  clientId: ({ idPattern }, number) => clientIdOf(idPattern, number),
  definition: (_template, clientId) => ({ clientId }),
  keyRole: 'DEVICE_ACCESS',
  firstPayload: (template, number, timeMs) =>
    new MessageSource(template, payloadMaker(template.payload), number).peek(timeMs),
};

/** Devices that are nodes behind one external connector. */
export const nodeKind: FleetKind<MqttFleetTemplate> = {
  ...mqttKind,
  definition: (_template, clientId) => ({ nodeId: clientId }),
  keyRole: 'CONNECTOR_ACCESS',
};
