/** An expression that cannot be used. The message says what is wrong, where, and what is allowed. */
export class RsqlError extends Error {
  /** Offset of the character that does not fit, from 0; undefined when the expression was not read from text. */
  readonly offset: number | undefined;

  constructor(reason: string, offset: number | undefined) {
    super(offset === undefined ? reason : `at character ${offset + 1}: ${reason}`);
    this.name = 'RsqlError';
    this.offset = offset;
  }
}
