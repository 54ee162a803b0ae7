/**
 * Why a payload, path, list of links or set of attributes was refused:
 *
 * - `truncated`: it ends before what it announced;
 * - `malformed`: it breaks the rules of its format;
 * - `type`: a value is not of the type that its resource has, or that type has no form in the format;
 * - `range`: a number is outside of what its type or field can hold;
 * - `path`: a path is none, or is not where the request pointed;
 * - `limit`: it is larger than the limits given allow;
 * - `unsupported`: the format or a part of it is not spoken here.
 */
export type CodecFault = 'truncated' | 'malformed' | 'type' | 'range' | 'path' | 'limit' | 'unsupported';

export interface CodecErrorPlace {
  /** What was read or written, as in "TLV" or "SenML JSON". */
  readonly format: string;
  /** Byte of a binary format or character of a text, from 0; absent where only `where` is known, and in writing. */
  readonly offset?: number;
  /** The record, link or path in question, in words: "record 3 (/3/0/9)". */
  readonly where?: string;
}

/** The only error that codecs of LwM2M throw. Its message names the format, the place and the reason. */
export class Lwm2mCodecError extends Error {
  override readonly name = 'Lwm2mCodecError';
  readonly fault: CodecFault;
  readonly format: string;
  readonly offset: number | undefined;
  readonly where: string | undefined;
  /** The message without format and place. */
  readonly reason: string;

  constructor(fault: CodecFault, reason: string, place: CodecErrorPlace) {
    const parts = [place.format];
    if (place.offset !== undefined) parts.push(`offset ${place.offset}`);
    if (place.where !== undefined) parts.push(place.where);
    super(`${parts.join(', ')}: ${reason}`);
    this.fault = fault;
    this.format = place.format;
    this.offset = place.offset;
    this.where = place.where;
    this.reason = reason;
  }
}
