import { internationalNumber, toAddress } from '../../../core/protocols/smpp/address.ts';
import { esmClass } from '../../../core/protocols/smpp/esm-class.ts';
import { maxShortMessageBytes } from '../../../core/protocols/smpp/field.ts';
import type { Body } from '../../../core/protocols/smpp/layouts.ts';
import { type Options, tag } from '../../../core/protocols/smpp/tlv.ts';
import type { StoredMessage } from './stored-message.ts';

const noData = new Uint8Array(0);
const shortest = 7;

/** A message for an ESME as deliver_sm (SMPP 3.4, 4.6). */
export function deliverBody({ message, origin }: StoredMessage): {
  readonly body: Partial<Body<'deliver_sm'>>;
  readonly options: Options;
} {
  const { from, to, dataCoding, hasHeader, data } = message;
  const source = addressOf(from);
  const destination = toAddress(to);
  const isReceipt = origin.kind === 'centre';
  const isLong = data.length > maxShortMessageBytes;
  const options = new Map(isReceipt ? origin.options : []);
  if (isLong) options.set(tag.messagePayload, data);
  return {
    body: {
      ...{ sourceAddrTon: source.ton, sourceAddrNpi: source.npi, sourceAddr: source.digits },
      ...{ destAddrTon: destination.ton, destAddrNpi: destination.npi, destinationAddr: destination.digits },
      esmClass: isReceipt ? esmClass.deliveryReceipt : hasHeader ? esmClass.userDataHeader : 0,
      ...{ dataCoding, shortMessage: isLong ? noData : data },
    },
    options,
  };
}

/** Numbers of subscribers have their country code; short ones are of applications. */
function addressOf(number: string) {
  const isSubscriber = /^\d+$/.test(number) && number.length >= shortest;
  return isSubscriber ? { ...internationalNumber, digits: number } : toAddress(number);
}
