/**
 * The sequence number in the id of a message (24 hexadecimal characters), or undefined when the text is no such id.
 * Messages of one installation come in its order, also those of one millisecond and those of a clock that was set back.
 */
export function messageSequence(id: string): number | undefined {
  return /^[0-9a-f]{24}$/.test(id) ? Number.parseInt(id.slice(12), 16) : undefined;
}
