import { readFileSync } from 'node:fs';

export interface DtlsCapture {
  /** The two programs, of other makers, and their suite. */
  readonly name: string;
  readonly datagrams: readonly { readonly from: 'client' | 'server'; readonly bytes: Uint8Array }[];
}

/** The key of identity `device` in all captures. */
export const captureKey = Uint8Array.from({ length: 16 }, (_, index) => index);

/** What programs of Debian said to each other over UDP, taken down between them; each says one line and closes. */
export const dtlsCaptures: readonly DtlsCapture[] = (
  JSON.parse(readFileSync(new URL('dtls-captures.json', import.meta.url), 'utf8')) as {
    name: string;
    datagrams: string[];
  }[]
).map(({ name, datagrams }) => ({
  name,
  datagrams: datagrams.map((line) => ({
    from: line.startsWith('c') ? 'client' : 'server',
    bytes: new Uint8Array(Buffer.from(line.slice(2), 'hex')),
  })),
}));
