const digits = 16;

/**
 * DevEUI of a device of a fleet: 16 upper-case hexadecimal digits, of which `{n}` in the pattern gives its number.
 * @param number from 1
 */
export function devEuiOf(idPattern: string, number: number): string {
  const [prefix = '', ...rest] = idPattern.split('{n}');
  if (rest.length === 0) return prefix.toUpperCase();
  return `${prefix}${number.toString(16).padStart(digits - prefix.length, '0')}`.toUpperCase();
}

/** Whether so many devices have a DevEUI each. */
export const hasRoomFor = (idPattern: string, count: number): boolean =>
  devEuiOf(idPattern, count).length === digits;
