import type { CoapLogEntry } from '../../../core/contract/coap-log.ts';

export interface CoapFilter {
  readonly text?: string | undefined;
  readonly protocol?: string | undefined;
  readonly direction?: string | undefined;
  readonly failures?: boolean | undefined;
}

/** What was read and what came since, each once, newest first; told live, an entry has what became known of it later. */
export function joinEntries(
  read: readonly CoapLogEntry[],
  live: readonly CoapLogEntry[],
): readonly CoapLogEntry[] {
  if (live.length === 0) return read;
  const byId = new Map(read.map((entry) => [entry.id, entry]));
  for (const entry of live) byId.set(entry.id, entry);
  return [...byId.values()].sort((one, other) => Number(other.id) - Number(one.id));
}

export function fits(entry: CoapLogEntry, { text, protocol, direction, failures }: CoapFilter): boolean {
  if (protocol !== undefined && entry.protocol !== protocol) return false;
  if (direction !== undefined && entry.direction !== direction) return false;
  if (failures && !isFailure(entry)) return false;
  return text === undefined || text === '' || textOf(entry).includes(text.toLowerCase());
}

/** An error of the platform's or the device's own: 4.xx, 5.xx, a reset, a fatal alert, what cannot be read. */
export function isFailure({ error, coap, summary }: CoapLogEntry): boolean {
  if (error !== undefined || summary.startsWith('Alert fatal')) return true;
  return coap !== undefined && (coap.type === 'RST' || /^[45]\./.test(coap.code));
}

/** What a payload says, in a line. */
export function payloadLine({ coap }: CoapLogEntry): string {
  const { values, paths, text } = coap?.payload ?? {};
  if (values && values.length > 0)
    return values.map(({ path, name, value }) => `${name ?? path} = ${value}`).join(', ');
  if (paths && paths.length > 0) return paths.map(({ path }) => path).join(', ');
  return text ?? '';
}

const texts = new WeakMap<CoapLogEntry, string>();

function textOf(entry: CoapLogEntry): string {
  let text = texts.get(entry);
  if (text === undefined) {
    text = JSON.stringify(entry).toLowerCase();
    texts.set(entry, text);
  }
  return text;
}
