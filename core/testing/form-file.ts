import { RawText } from './tenant-walk.ts';

/** A form with a file in its field `file`, as browsers and curl send it. */
export function formWithFile(text: string, field = 'file'): RawText {
  const boundary = 'boundary-of-the-test';
  const lines = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${field}"; filename="object.xml"`,
    'Content-Type: text/xml',
    '',
    text,
    `--${boundary}--`,
    '',
  ];
  return new RawText(lines.join('\r\n'), `multipart/form-data; boundary=${boundary}`);
}
