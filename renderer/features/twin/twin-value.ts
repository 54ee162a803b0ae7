import type { ResourceType } from './twin-model.ts';

/** What a value says, as far as its type tells. */
export type ReadValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'flag'; readonly on: boolean }
  /** ISO 8601. */
  | { readonly kind: 'time'; readonly time: string }
  | { readonly kind: 'bytes'; readonly hex: string; readonly length: number }
  | { readonly kind: 'link'; readonly path: string | undefined };

/** Furthest moments that a date can hold, in milliseconds. */
const lastMomentMs = 8.64e15;

/** Reads a value of the twin, which is a text, by the type that the model names; without one it stays a text. */
export function readValue(type: ResourceType | undefined, text: string): ReadValue {
  switch (type) {
    case 'INTEGER':
    case 'UNSIGNED_INTEGER':
    case 'FLOAT':
      return { kind: 'number', text };
    case 'BOOLEAN':
      return text === '0' || text === '1' ? { kind: 'flag', on: text === '1' } : { kind: 'text', text };
    case 'TIME': {
      const ms = /^-?\d+$/.test(text) ? Number(text) * 1000 : Number.NaN;
      return Math.abs(ms) <= lastMomentMs
        ? { kind: 'time', time: new Date(ms).toISOString() }
        : { kind: 'text', text };
    }
    case 'OPAQUE': {
      const hex = hexOf(text);
      return hex === undefined ? { kind: 'text', text } : { kind: 'bytes', hex, length: hex.length / 2 };
    }
    case 'OBJLNK': {
      const [objectId, instanceId] = text.split(':');
      // 65535 stands for none.
      if (objectId === '65535' || instanceId === '65535') return { kind: 'link', path: undefined };
      return /^\d+:\d+$/.test(text)
        ? { kind: 'link', path: `/${objectId}/${instanceId}` }
        : { kind: 'text', text };
    }
    default:
      return { kind: 'text', text };
  }
}

function hexOf(base64: string): string | undefined {
  try {
    return [...atob(base64)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  } catch {
    return undefined;
  }
}

/** Why a text is no value of a type. */
export type ValueProblem =
  | 'needed'
  | 'whole'
  | 'positive'
  | 'number'
  | 'flag'
  | 'time'
  | 'bytes'
  | 'link'
  | 'range';

export type Written = { readonly value: string | number | boolean } | { readonly problem: ValueProblem };

/** The value that somebody has written, as the API takes it. @param range as a model writes it: `0..100` */
export function writeValue(type: ResourceType | undefined, text: string, range?: string): Written {
  const trimmed = text.trim();
  switch (type) {
    case 'INTEGER':
    case 'UNSIGNED_INTEGER': {
      if (!/^[-+]?\d+$/.test(trimmed)) return { problem: trimmed === '' ? 'needed' : 'whole' };
      if (type === 'UNSIGNED_INTEGER' && trimmed.startsWith('-')) return { problem: 'positive' };
      if (!isWithin(Number(trimmed), range)) return { problem: 'range' };
      const exact = Number.isSafeInteger(Number(trimmed));
      return { value: exact ? Number(trimmed) : trimmed.replace('+', '') };
    }
    case 'FLOAT': {
      const number = trimmed === '' ? Number.NaN : Number(trimmed);
      if (!Number.isFinite(number)) return { problem: trimmed === '' ? 'needed' : 'number' };
      return isWithin(number, range) ? { value: number } : { problem: 'range' };
    }
    case 'BOOLEAN':
      return trimmed === 'true' || trimmed === 'false' ? { value: trimmed === 'true' } : { problem: 'flag' };
    case 'TIME': {
      const ms = Date.parse(trimmed);
      return Number.isNaN(ms) ? { problem: 'time' } : { value: Math.floor(ms / 1000) };
    }
    case 'OPAQUE': {
      const hex = /^0x((?:[\da-f]{2}[\s:]?)*)$/i.exec(trimmed)?.[1]?.replace(/[\s:]/g, '');
      if (hex !== undefined) {
        const bytes = (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16)));
        return { value: btoa(bytes.join('')) };
      }
      return hexOf(trimmed) === undefined ? { problem: 'bytes' } : { value: trimmed };
    }
    case 'OBJLNK':
      return /^\d{1,5}:\d{1,5}$/.test(trimmed) ? { value: trimmed } : { problem: 'link' };
    default:
      return { value: text };
  }
}

/** What a form begins with for a value that the device reported. */
export function textToEdit(type: ResourceType | undefined, reported: string): string {
  const read = readValue(type, reported);
  if (read.kind === 'flag') return String(read.on);
  return read.kind === 'time' ? read.time : reported;
}

/** Ranges are free text in models; those of two numbers are kept to. */
function isWithin(value: number, range: string | undefined): boolean {
  const [, least, most] = /^\s*(-?[\d.]+?)\s*(?:\.\.|to)\s*(-?[\d.]+)\s*$/.exec(range ?? '') ?? [];
  return least === undefined || most === undefined || (value >= Number(least) && value <= Number(most));
}
