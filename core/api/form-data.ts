import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { RawBody } from './route.ts';

/** The most bytes that a file may have, and the setting that they come from. */
export interface FileLimit {
  readonly bytes: number;
  readonly setting: string;
}

/** What a form has beside its file: names, boundaries, fields that nobody asked for. */
const roomBesideFile = 64 * 1024;
const headersEnd = '\r\n\r\n';

/**
 * The file in a field of a form (multipart/form-data, RFC 7578).
 * @throws PlatformError `api.unsupportedMediaType` for another type of body, `api.bodyTooLarge`, `api.invalidParameter`
 *   for a form that is cut off or lacks the field
 */
export async function readFormFile(body: RawBody, field: string, limit: FileLimit): Promise<Uint8Array> {
  const boundary = boundaryOf(body.contentType);
  const whole = await readWhole(body, limit);
  const files = partsOf(whole, boundary).filter(({ name }) => name === field);
  const [file, second] = files;
  if (!file) throw invalidParameter(`body.${field}: is missing; the form has to hold the file in this field`);
  if (second) throw invalidParameter(`body.${field}: is there twice`);
  if (file.content.length > limit.bytes) throw tooLarge(limit);
  return file.content;
}

function boundaryOf(contentType: string | undefined): string {
  const [, quoted, bare] =
    /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
      contentType ?? '',
    ) ?? [];
  const boundary = quoted ?? bare;
  if (boundary !== undefined) return boundary;
  throw new PlatformError('api.unsupportedMediaType', 'The body has to be a form with a file.', {
    details: `Content-Type: multipart/form-data with a boundary, not ${contentType ?? 'none'}`,
  });
}

const tooLarge = ({ bytes, setting }: FileLimit) =>
  new PlatformError('api.bodyTooLarge', 'The file is too large.', {
    details: `At most ${bytes} bytes (setting ${setting})`,
  });

async function readWhole(body: RawBody, limit: FileLimit): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body.chunks) {
    length += chunk.length;
    if (length > limit.bytes + roomBesideFile) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The parts of a form: each between two boundaries, with headers and an empty line before its content. */
function partsOf(whole: Buffer, boundary: string): { name: string; content: Uint8Array }[] {
  const parts: { name: string; content: Uint8Array }[] = [];
  // The first boundary may be at the very beginning, without a line end before it.
  const text = Buffer.concat([Buffer.from('\r\n'), whole]);
  let line = nextBoundary(text, boundary, 0);
  while (line && !line.isLast) {
    const next = nextBoundary(text, boundary, line.end);
    const split = text.indexOf(headersEnd, line.end - 2);
    if (!next || split < 0 || split > next.start) break;
    const headers = text.subarray(line.end, split).toString();
    const [, name = ''] = /^content-disposition:\s*form-data\s*;.*?\bname="([^"]*)"/im.exec(headers) ?? [];
    parts.push({ name, content: new Uint8Array(text.subarray(split + headersEnd.length, next.start)) });
    line = next;
  }
  if (line?.isLast) return parts;
  throw invalidParameter('body: the form is cut off, or is not in multipart/form-data');
}

/** The next line that is the boundary: alone, or with two hyphens behind it at the end of the form (RFC 2046, 5.1.1). */
function nextBoundary(text: Buffer, boundary: string, from: number) {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The line end before a boundary may be the one behind the boundary before it.
  for (
    let start = text.indexOf(delimiter, Math.max(0, from - 2));
    start >= 0;
    start = text.indexOf(delimiter, start + 1)
  ) {
    const after = start + delimiter.length;
    const rest = /^(--|[ \t]{0,20}\r\n)/.exec(text.subarray(after, after + 22).toString('latin1'))?.[0];
    if (rest !== undefined) return { start, end: after + rest.length, isLast: rest === '--' };
  }
  return undefined;
}
