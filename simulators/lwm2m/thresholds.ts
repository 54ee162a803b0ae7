import type { NotificationAttributes } from '../../core/protocols/lwm2m/attributes.ts';

/**
 * Whether a change is one to notify (LwM2M Core 1.1.1, 5.1.2): without thresholds each is; with some, one that crosses
 * `gt` or `lt`, or is at least `st` away from what was notified last.
 * @param last what was notified last; undefined, as `now`, for what is no number, for which thresholds have no meaning
 */
export function meetsThresholds(
  { gt, lt, st }: NotificationAttributes,
  last: number | undefined,
  now: number | undefined,
): boolean {
  if (gt === undefined && lt === undefined && st === undefined) return true;
  if (last === undefined || now === undefined) return true;
  if (gt !== undefined && last > gt !== now > gt) return true;
  if (lt !== undefined && last < lt !== now < lt) return true;
  return st !== undefined && Math.abs(now - last) >= st;
}
