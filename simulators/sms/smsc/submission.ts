import { plainDigits, typeOfNumber } from '../../../core/protocols/smpp/address.ts';
import { malformed } from '../../../core/protocols/smpp/errors.ts';
import { hasUserDataHeader } from '../../../core/protocols/smpp/esm-class.ts';
import { readContent } from '../../../core/protocols/smpp/incoming-message.ts';
import type { Pdu } from '../../../core/protocols/smpp/pdu.ts';
import { commandStatus } from '../../../core/protocols/smpp/status.ts';
import { readTime } from '../../../core/protocols/smpp/time.ts';
import { tag } from '../../../core/protocols/smpp/tlv.ts';
import { writeConcatenation } from '../../../core/protocols/smpp/user-data-header.ts';
import type { AirMessage } from '../air.ts';
import { segmentsOf } from '../short-messages.ts';
import type { Draft } from './message-store.ts';
import type { Submitter } from './stored-message.ts';

const mostSegments = 255;
const receiptWords = ['none', 'all', 'failures'] as const;

/**
 * A message as an ESME submits it.
 * @param nowMs the platform's time, from which relative times count
 * @throws SmppError `smpp.malformed` whose status is what to answer with
 */
export function readSubmission(
  pdu: Pdu<'submit_sm' | 'data_sm'>,
  submitter: Submitter,
  nowMs: number,
): Draft {
  const { body } = pdu;
  const to = plainDigits(body.destinationAddr);
  if (!/^\d{3,20}$/.test(to)) {
    throw malformed(
      `destination_addr must be 3 to 20 digits, got ${JSON.stringify(body.destinationAddr)}`,
      commandStatus.ESME_RINVDSTADR,
    );
  }
  const receipts = receiptWords[body.registeredDelivery & 0b11];
  if (receipts === undefined) {
    throw malformed(
      'registered_delivery asks for a receipt of no known kind',
      commandStatus.ESME_RINVREGDLVFLG,
    );
  }
  const message = { from: senderOf(pdu, submitter.account), to, ...contentOf(pdu) };
  const segments = segmentsOf(message);
  if (segments > mostSegments) {
    throw malformed(
      `the message takes ${segments} short messages, of ${mostSegments} at most`,
      commandStatus.ESME_RINVMSGLEN,
    );
  }
  return { message, origin: { kind: 'esme', submitter, receipts }, ...timesOf(pdu, nowMs) };
}

/** Who shows as the sender. An ESME that leaves it to the centre has its system_id shown. */
function senderOf({ body }: Pdu<'submit_sm' | 'data_sm'>, account: string): string {
  const { sourceAddr, sourceAddrTon } = body;
  if (sourceAddr === '') return account;
  const isInternational = sourceAddrTon === typeOfNumber.international && /^\d+$/.test(sourceAddr);
  return isInternational ? `+${sourceAddr}` : sourceAddr;
}

/** The user data as they go over the air, where the parts of a long message have a header and no options. */
function contentOf(pdu: Pdu<'submit_sm' | 'data_sm'>): Omit<AirMessage, 'from' | 'to'> {
  const { body, options } = pdu;
  const { dataCoding } = body;
  const { part, content, headerBytes } = readContent(pdu);
  const whole = options.get(tag.messagePayload) ?? ('shortMessage' in body ? body.shortMessage : content);
  if (hasUserDataHeader(body.esmClass) || headerBytes > 0)
    return { dataCoding, hasHeader: true, data: whole };
  if (!part) return { dataCoding, hasHeader: false, data: content };
  const data = Buffer.concat([writeConcatenation(part, 16), content]);
  return { dataCoding, hasHeader: true, data: new Uint8Array(data) };
}

function timesOf(pdu: Pdu<'submit_sm' | 'data_sm'>, nowMs: number): Pick<Draft, 'deliverAtMs' | 'expiresMs'> {
  if (pdu.command === 'data_sm') return {};
  const { scheduleDeliveryTime, validityPeriod } = pdu.body;
  const deliverAtMs = scheduleDeliveryTime === '' ? undefined : readTime(scheduleDeliveryTime, nowMs);
  if (scheduleDeliveryTime !== '' && deliverAtMs === undefined) {
    throw malformed(
      `schedule_delivery_time is no time: ${scheduleDeliveryTime}`,
      commandStatus.ESME_RINVSCHED,
    );
  }
  const expiresMs = validityPeriod === '' ? undefined : readTime(validityPeriod, nowMs);
  if (validityPeriod !== '' && (expiresMs === undefined || expiresMs <= nowMs)) {
    throw malformed(
      `validity_period is no time in the future: ${validityPeriod}`,
      commandStatus.ESME_RINVEXPIRY,
    );
  }
  return { deliverAtMs, expiresMs };
}
