/** How far a counter may run ahead of what was heard last (LoRaWAN 1.0.3, 4.3.1.5 and regional MAX_FCNT_GAP). */
export const maxFrameCounterGap = 16_384;

/** The last counter there is: a session that has come so far has to end. */
export const lastFrameCounter = 0xffff_ffff;

/**
 * All 32 bits of a counter of which the wire has the low 16 (LoRaWAN 1.0.3, 4.3.1.5): the lowest one that is not below
 * the last.
 * @param last of the session; undefined: nothing was heard in it
 * @returns `repeated` for the very last counter once more; undefined when it is too far ahead of the last, which is
 *   what a counter of the past looks like too
 */
export function fullFrameCounter(
  last: number | undefined,
  low: number,
): { readonly fCnt: number; readonly repeated: boolean } | undefined {
  if (last === undefined) return low < maxFrameCounterGap ? { fCnt: low, repeated: false } : undefined;
  const ahead = (low - (last % 65_536) + 65_536) % 65_536;
  const fCnt = last + ahead;
  if (ahead >= maxFrameCounterGap || fCnt > lastFrameCounter) return undefined;
  return { fCnt, repeated: ahead === 0 };
}
