const longestDescription = 60;
/** Deeper values are only hinted at, since input may be nested deeper than the stack is high. */
const deepestShown = 4;

/** A value as an error shows it: short, never longer than a line, and made without walking all of it. */
export function describeValue(field: unknown): string {
  const text = sketch(field, 0, longestDescription + 1);
  return text.length > longestDescription ? `${text.slice(0, longestDescription - 3)}...` : text;
}

/** Like JSON text; stops soon after `room` characters. */
function sketch(field: unknown, depth: number, room: number): string {
  if (field === undefined) return 'nothing';
  if (typeof field === 'string') return JSON.stringify(field.slice(0, longestDescription));
  if (typeof field !== 'object' || field === null) return String(field);
  const isList = Array.isArray(field);
  const [open, close] = isList ? '[]' : '{}';
  if (depth > deepestShown) return `${open}…${close}`;
  let text = `${open}`;
  for (const key in field) {
    if (text.length > room) return text;
    if (text.length > 1) text += ',';
    if (!isList) text += `${JSON.stringify(key.slice(0, longestDescription))}:`;
    text += sketch(Reflect.get(field, key), depth + 1, room - text.length);
  }
  return text + close;
}
