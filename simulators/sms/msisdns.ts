/** Number of a handset of a fleet: each has the one after the one before. @param number from 1 */
export function msisdnOf(firstMsisdn: string, number: number): string {
  return String(Number(firstMsisdn) + number - 1);
}

/** Numbers as the network compares them, whether they came with `+` or without. */
export const plainNumber = (number: string): string => number.replace(/^\+/, '');
