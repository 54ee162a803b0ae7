import type { HealthView, ListenerView } from '../../../core/contract/bench.ts';
import type { FleetView } from '../../../core/contract/simulators.ts';

/** Something that does not work now. */
export type FailingThing =
  | { readonly kind: 'store'; readonly full: boolean; readonly reason: string | undefined }
  | { readonly kind: 'endpoint'; readonly name: ListenerView['name']; readonly reason: string | undefined }
  | { readonly kind: 'centre'; readonly reason: string | undefined }
  | { readonly kind: 'devices'; readonly total: number }
  | {
      readonly kind: 'fleet';
      readonly id: string;
      readonly name: string;
      readonly reason: string | undefined;
    }
  | { readonly kind: 'refused'; readonly total: number; readonly reason: string | undefined };

export interface Observed {
  readonly health: HealthView | undefined;
  readonly listeners: readonly ListenerView[];
  /** Devices of which an interface has a connectivity error. */
  readonly devicesInError: number;
  readonly fleets: readonly FleetView[];
  /** Messages refused in the last minutes, and why the last of them was. */
  readonly refused: number;
  readonly lastRefusal: string | undefined;
}

/** What fails, the worst first. */
export function failingThings(observed: Observed): FailingThing[] {
  const { health, listeners, devicesInError, fleets, refused, lastRefusal } = observed;
  const things: FailingThing[] = [];
  if (health?.status === 'degraded') {
    const { state, failure } = health.store;
    things.push({ kind: 'store', full: state === 'full', reason: failure ?? undefined });
  }
  for (const { name, state, reason } of listeners) {
    if (state === 'failing') things.push({ kind: 'endpoint', name, reason });
  }
  if (health?.sms.state === 'WAITING') things.push({ kind: 'centre', reason: health.sms.reason });
  for (const { id, template, state, problem } of fleets) {
    if (state === 'failed' || problem !== null) {
      things.push({ kind: 'fleet', id, name: template.name, reason: problem ?? undefined });
    }
  }
  if (devicesInError > 0) things.push({ kind: 'devices', total: devicesInError });
  if (refused > 0) things.push({ kind: 'refused', total: refused, reason: lastRefusal });
  return things;
}
