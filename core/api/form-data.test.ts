import { describe, expect, it } from 'vitest';
import { PlatformError } from '../contract/errors.ts';
import { formWithFile } from '../testing/form-file.ts';
import fc from '../testing/properties.ts';
import { readFormFile } from './form-data.ts';

const limit = { bytes: 1000, setting: 'aSetting' };
async function* chunks(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const read = (
  body: Uint8Array | string,
  contentType: string | undefined = 'multipart/form-data; boundary=b',
  size = 7,
) => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return readFormFile({ chunks: chunks(bytes, size), totalBytes: bytes.length, contentType }, 'file', limit);
};
const part = (name: string, content: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;

describe('forms with a file', () => {
  it('are read as fetch writes them, whatever the bytes of the file', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 500 }),
        fc.integer({ min: 1, max: 300 }),
        async (content, size) => {
          const form = new FormData();
          form.append('note', 'ü "x"');
          form.append('file', new Blob([content as Uint8Array<ArrayBuffer>]), 'object.xml');
          const request = new Request('http://localhost', { method: 'POST', body: form });
          const type = request.headers.get('content-type') ?? undefined;
          expect(await read(new Uint8Array(await request.arrayBuffer()), type, size)).toEqual(content);
        },
      ),
    );
  });

  it('may have a preamble, a quoted boundary and other fields', async () => {
    const text = `preamble\r\n${part('a', '1')}${part('file', 'text\r\n--bb\r\n')}--b--\r\nepilogue`;
    expect(Buffer.from(await read(text, 'Multipart/Form-Data; charset=utf-8; boundary="b"')).toString()).toBe(
      'text\r\n--bb\r\n',
    );
    const { text: form, contentType } = formWithFile('<x/>');
    expect(Buffer.from(await read(form, contentType)).toString()).toBe('<x/>');
  });

  it.each([
    ['', 'cut off'],
    ['--b', 'cut off'],
    [part('file', 'x'), 'cut off'],
    ['--b\r\nContent-Disposition: form-data; name="file"\r\nx\r\n--b--', 'cut off'],
    [`${part('other', 'x')}--b--`, 'body.file: is missing'],
    [`${part('file', 'x')}${part('file', 'y')}--b--`, 'body.file: is there twice'],
  ])('are refused as %j', async (text, details) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'api.invalidParameter',
      details: expect.stringContaining(details),
    });
  });

  it.each([undefined, 'application/xml', 'multipart/form-data', 'multipart/mixed; boundary=b'])(
    'are no %s',
    async (type) => {
      const body = { chunks: chunks(Buffer.from('x'), 1), totalBytes: 1, contentType: type };
      await expect(readFormFile(body, 'file', limit)).rejects.toMatchObject({
        code: 'api.unsupportedMediaType',
      });
    },
  );

  it('are refused when the file is too large, before all of it has come', async () => {
    const tooLarge = { code: 'api.bodyTooLarge', details: 'At most 1000 bytes (setting aSetting)' };
    await expect(read(`${part('file', 'x'.repeat(1001))}--b--`)).rejects.toMatchObject(tooLarge);
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 10_000;
        yield new Uint8Array(10_000);
      }
    }
    const body = { chunks: endless(), totalBytes: undefined, contentType: 'multipart/form-data; boundary=b' };
    await expect(readFormFile(body, 'file', limit)).rejects.toThrow(PlatformError);
    expect(sent).toBeLessThan(100_000);
  });
});
