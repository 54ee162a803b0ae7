import { PlatformError } from '../../core/contract/errors.ts';
import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { SmsFleetTemplate } from '../../core/contract/simulators.ts';
import type { FleetKind } from '../fleet/fleet-kind.ts';
import { MessageSource } from '../generators/message-source.ts';
import { payloadMaker } from '../generators/payload-maker.ts';
import { answerMakers } from './answers.ts';
import { msisdnOf } from './msisdns.ts';
import { hexBytes } from './short-messages.ts';

/** Handsets, which are in the mobile network of the simulated centre and reach the platform by it alone. */
export const smsKind: FleetKind<SmsFleetTemplate> = {
  check: (template) => {
    try {
      answerMakers(template.answers);
      if (template.payload === undefined) return;
      const first = new MessageSource(template, payloadMaker(template.payload), 1).peek(0);
      if (template.form === 'binary') hexBytes(first, 'payload');
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      throw invalidParameter(`body.${error.details ?? error.message}`);
    }
  },
  url: () => '',
  sockets: () => 0,
  clientId: ({ firstMsisdn }, number) => msisdnOf(firstMsisdn, number),
  definition: ({ serverNumber }, msisdn) => ({ msisdn, serverPhoneNumber: serverNumber }),
  keyRole: undefined,
  firstPayload: (template, number, timeMs) =>
    template.payload === undefined
      ? ''
      : new MessageSource(template, payloadMaker(template.payload), number).peek(timeMs),
};
