import type { LiveSnapshot } from '../../live/live-store.ts';
import { firstPayload } from '../connect/snippets.ts';

/** Something to begin editing from: what the device said last, as it would say it again; else an example. */
export function firstPayloadOf({ entries }: Pick<LiveSnapshot, 'entries'>): string {
  const last = entries.find((entry) => entry.kind === 'message');
  if (last?.kind !== 'message') return JSON.stringify(JSON.parse(firstPayload), null, 2);
  const { model, value } = last.message;
  return JSON.stringify({ model, value }, null, 2);
}
