/** A string: no control characters, and only the escapes of RFC 8259. */
const text = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const numberOrWord = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;
const whitespace = /[ \t\n\r]*/y;

/**
 * Where a text stops being JSON (RFC 8259): the offset of the first token that cannot stand there, or the
 * length of the text when it ends too early. For a text that JSON.parse refused; its own message names a
 * position only at times. Does not recurse, so depth is no matter.
 */
export function jsonErrorOffset(source: string): number {
  /** What closes each container that is open. */
  const open: ('}' | ']')[] = [];
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(source);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const takeChar = (char: string): boolean => {
    take(whitespace);
    if (source[at] !== char) return false;
    at++;
    return true;
  };
  const takeKey = (): boolean => {
    take(whitespace);
    return take(text) && takeChar(':');
  };

  for (;;) {
    if (takeChar('{')) {
      open.push('}');
      if (!takeChar('}')) {
        if (!takeKey()) return at;
        continue;
      }
      open.pop();
    } else if (takeChar('[')) {
      open.push(']');
      if (!takeChar(']')) continue;
      open.pop();
    } else if (!take(text) && !take(numberOrWord)) return at;

    // A value has ended: so may any number of containers, until a comma asks for the next value.
    for (;;) {
      const closing = open.at(-1);
      if (closing === undefined) {
        take(whitespace);
        return at;
      }
      if (takeChar(closing)) {
        open.pop();
        continue;
      }
      if (!takeChar(',')) return at;
      if (closing === '}' && !takeKey()) return at;
      break;
    }
  }
}
