import { describe, expect, it } from 'vitest';
import { draftFault, draftLength, draftOf, draftValue, emptyDraft, type SmsDraft } from './sms-draft.ts';

const form = { defaultAlphabet: 'GSM7', longMessages: 'UDH8', maxParts: 2 } as const;
const text = (payload: string): SmsDraft => ({ ...emptyDraft, payload });
const binary = (payload: string): SmsDraft => ({ ...emptyDraft, type: 'BINARY', payload });

describe('a command over SMS, as it is written', () => {
  it.each([
    [text('reboot'), { type: 'TEXT', payload: 'reboot' }],
    [binary('0a 30\nF5'), { type: 'BINARY', payload: '0a30F5' }],
    [
      { ...text('x'), serverPhoneNumber: '20259' },
      { type: 'TEXT', payload: 'x', serverPhoneNumber: '20259' },
    ],
  ])('is the value that the API takes', (draft, value) => {
    expect(draftValue(draft)).toEqual(value);
    expect(draftValue(draftOf(value))).toEqual(value);
  });

  it.each<[SmsDraft, string | undefined]>([
    [text(''), 'payloadNeeded'],
    [text(' '), undefined],
    [binary(' '), 'payloadNeeded'],
    [binary('0'), 'hexNeeded'],
    [binary('0g'), 'hexNeeded'],
    [binary('00'), undefined],
    [text('a'.repeat(306)), undefined],
    [text('a'.repeat(307)), 'tooManyParts'],
    [binary('00'.repeat(268)), undefined],
    [binary('00'.repeat(269)), 'tooManyParts'],
  ])('says what is wrong with %j', (draft, fault) => {
    expect(draftFault(draft, form)).toBe(fault);
  });

  it.each([
    [binary('00'), 1, 139],
    [binary('00'.repeat(141)), 2, 127],
  ])('counts what %j takes', (draft, segments, left) => {
    expect(draftLength(draft, form)).toEqual({ encoding: '8-bit', segments, left });
  });

  it('goes by the alphabet and the form of the centre', () => {
    expect(draftLength(text('[é]'), { ...form, defaultAlphabet: 'LATIN1' })).toEqual({
      ...{ encoding: 'Latin 1', segments: 1, left: 137 },
    });
    expect(draftFault(text('a'.repeat(1000)), { ...form, longMessages: 'PAYLOAD' })).toBeUndefined();
  });
});
