/** The number with at most so many decimals; a minus zero becomes zero. */
export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  const scaled = Math.round(value * factor);
  // Beyond 2^53 there are no decimals left to round.
  return Number.isSafeInteger(scaled) ? scaled / factor + 0 : value;
}
