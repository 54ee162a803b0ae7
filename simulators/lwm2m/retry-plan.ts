import type { ObjectInstance } from './device-objects.ts';
import { numberOf } from './resource-value.ts';

/** Resources of the Server object that say how to go on after a failure (LwM2M Core 1.1.1, E.2). */
const resources = { count: 17, timer: 18, sequenceDelay: 19, sequences: 20 } as const;
/** Where only some of them are there (LwM2M Core 1.1.1, table 6.2.1.1-1). */
const defaults = { count: 5, timerS: 60, sequenceDelayS: 86_400, sequences: 1 } as const;
/** No further sequence. */
const never = 4_294_967_295;

/**
 * How long a device waits before it tries again to reach a server.
 * @param failures attempts that have failed since the last one that did not; at least 1
 * @returns milliseconds; `exhausted` when there is no further attempt; undefined when the server has said nothing of it
 */
export function plannedRetryMs(server: ObjectInstance, failures: number): number | 'exhausted' | undefined {
  const said = (id: number): number | undefined => numberOf(server.resources.get(id));
  if (Object.values(resources).every((id) => said(id) === undefined)) return undefined;
  const count = Math.max(1, said(resources.count) ?? defaults.count);
  const inSequence = failures % count;
  if (inSequence !== 0) return (said(resources.timer) ?? defaults.timerS) * 2 ** (inSequence - 1) * 1000;
  const delayS = said(resources.sequenceDelay) ?? defaults.sequenceDelayS;
  const isLast = failures / count >= Math.max(1, said(resources.sequences) ?? defaults.sequences);
  return isLast || delayS === never ? 'exhausted' : delayS * 1000;
}
