/** How much of a payload an audit message shows. */
export const shownPayloadBytes = 1000;

/** The beginning of a payload as text. */
export const showPayload = (payload: Uint8Array): string =>
  Buffer.from(payload.subarray(0, shownPayloadBytes)).toString('utf8');
