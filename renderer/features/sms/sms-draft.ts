import type { SmscView } from '../../../core/contract/sms/smsc.ts';
import { bytesLength, type SmsLength, smsLength } from './sms-length.ts';

/** A command over SMS as it is written. */
export interface SmsDraft {
  readonly type: 'TEXT' | 'BINARY';
  readonly payload: string;
  /** Empty: that of the interface. */
  readonly serverPhoneNumber: string;
}

export const emptyDraft: SmsDraft = { type: 'TEXT', payload: '', serverPhoneNumber: '' };

type Form = Pick<SmscView, 'defaultAlphabet' | 'longMessages' | 'maxParts'>;

/** What keeps a draft from being sent, by the name of its text; undefined: nothing. */
export type DraftFault = 'payloadNeeded' | 'hexNeeded' | 'tooManyParts';

/** What the API is given as `request.value`. */
export function draftValue({ type, payload, serverPhoneNumber }: SmsDraft): Record<string, string> {
  return {
    type,
    payload: type === 'BINARY' ? digitsOf(payload) : payload,
    ...(serverPhoneNumber !== '' && { serverPhoneNumber }),
  };
}

/** How long it is; undefined for digits that are no bytes. */
export function draftLength({ type, payload }: SmsDraft, form?: Form): SmsLength | undefined {
  if (type === 'TEXT') return smsLength(payload, form);
  const digits = digitsOf(payload);
  return /^([0-9a-f]{2})*$/i.test(digits) ? bytesLength(digits.length / 2, form) : undefined;
}

export function draftFault(draft: SmsDraft, form?: Form): DraftFault | undefined {
  if (draft.payload.trim() === '' && (draft.type === 'BINARY' || draft.payload === ''))
    return 'payloadNeeded';
  const length = draftLength(draft, form);
  if (!length) return 'hexNeeded';
  // What goes in message_payload is one message to the centre, however it divides that.
  const isMany = form && form.longMessages !== 'PAYLOAD' && length.segments > form.maxParts;
  return isMany ? 'tooManyParts' : undefined;
}

/** The draft that would send this value again. */
export function draftOf(value: Readonly<Record<string, unknown>> | undefined): SmsDraft {
  const { type, payload, serverPhoneNumber } = value ?? {};
  return {
    type: type === 'BINARY' ? 'BINARY' : 'TEXT',
    payload: typeof payload === 'string' ? payload : '',
    serverPhoneNumber: typeof serverPhoneNumber === 'string' ? serverPhoneNumber : '',
  };
}

const digitsOf = (payload: string): string => payload.replaceAll(/\s/g, '');
