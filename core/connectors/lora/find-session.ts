import { isFrom, type ReceivedDataFrame } from '../../protocols/lorawan/data-frame.ts';
import { fullFrameCounter, lastFrameCounter } from '../../protocols/lorawan/frame-counter.ts';
import type { LoraNode, LoraSession } from './lora-node.ts';

/** Whose a data frame is. */
export type FoundSession =
  | {
      readonly kind: 'found';
      readonly node: LoraNode;
      readonly session: LoraSession;
      /** All 32 bits. */
      readonly fCnt: number;
      /** The last frame once more: the device did not hear the answer, or repeats each. */
      readonly repeated: boolean;
    }
  /** The MIC is right, for a counter of the past. */
  | { readonly kind: 'past'; readonly node: LoraNode; readonly fCnt: number }
  /** The MIC is right, for a counter too far ahead. */
  | {
      readonly kind: 'ahead';
      readonly node: LoraNode;
      readonly fCnt: number;
      readonly last: number | undefined;
    }
  /** The address is known, and no key of its devices fits. */
  | { readonly kind: 'wrongMic'; readonly node: LoraNode }
  | { readonly kind: 'unknown' };

/** Several devices may have one address; the MIC tells whose the frame is (LoRaWAN 1.0.3, 4.4). */
export function findSession(frame: ReceivedDataFrame, nodes: readonly LoraNode[]): FoundSession {
  const candidates = nodes.flatMap((node) =>
    [node.session, node.pending].flatMap((session) =>
      session?.devAddr === frame.devAddr ? [{ node, session }] : [],
    ),
  );
  for (const { node, session } of candidates) {
    const full = fullFrameCounter(session.fCntUp, frame.fCnt);
    if (full && isFrom(frame, session.keys.nwkSKey, full.fCnt))
      return { kind: 'found', node, session, ...full };
  }
  for (const { node, session } of candidates) {
    const fCnt = pastCounter(session.fCntUp, frame.fCnt);
    if (fCnt !== undefined && isFrom(frame, session.keys.nwkSKey, fCnt)) return { kind: 'past', node, fCnt };
  }
  for (const { node, session } of candidates) {
    const last = session.fCntUp;
    const fCnt = nextCounter(last, frame.fCnt);
    if (isFrom(frame, session.keys.nwkSKey, fCnt)) return { kind: 'ahead', node, fCnt, last };
  }
  const [first] = candidates;
  return first ? { kind: 'wrongMic', node: first.node } : { kind: 'unknown' };
}

/** The lowest counter with these low bits that is above the last, however far. */
function nextCounter(last: number | undefined, low: number): number {
  if (last === undefined) return low;
  const fCnt = last - (last % 65_536) + low;
  return Math.min(fCnt > last ? fCnt : fCnt + 65_536, lastFrameCounter);
}

/** The highest counter with these low bits that is below the last. */
function pastCounter(last: number | undefined, low: number): number | undefined {
  if (last === undefined) return undefined;
  const fCnt = last - (last % 65_536) + low;
  const past = fCnt < last ? fCnt : fCnt - 65_536;
  return past >= 0 ? past : undefined;
}
