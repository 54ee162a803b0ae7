/** Type of number and numbering plan (SMPP 3.4, 5.2.5 and 5.2.6). */
export interface AddressKind {
  readonly ton: number;
  readonly npi: number;
}

export const typeOfNumber = {
  unknown: 0,
  international: 1,
  national: 2,
  networkSpecific: 3,
  alphanumeric: 5,
} as const;
const isdn = 1;

/** A number of a subscriber with its country code, such as 33600000001. */
export const internationalNumber: AddressKind = { ton: typeOfNumber.international, npi: isdn };

/** A number as people write it, to its form on the wire: `+` and a country code, a short number, or a name. */
export function toAddress(number: string): AddressKind & { readonly digits: string } {
  if (number.startsWith('+')) return { ...internationalNumber, digits: number.slice(1) };
  if (!/^\d+$/.test(number)) return { ton: typeOfNumber.alphanumeric, npi: 0, digits: number };
  return { ton: typeOfNumber.unknown, npi: isdn, digits: number };
}

/** The digits of a number as it came, without what says that it is an international one. */
export const plainDigits = (number: string): string => number.replace(/^(\+|00)/, '');
