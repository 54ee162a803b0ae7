import { expect, test } from 'vitest';
import { readCertificateFile } from './certificate-file.ts';

const pem = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n';

test('PEM goes as it is', async () => {
  expect(await readCertificateFile(new Blob([pem]))).toBe(pem);
});

test('DER goes as Base64', async () => {
  const der = new Uint8Array([0x30, 0x82, 0x00, 0xff, 0x0a]);
  const text = await readCertificateFile(new Blob([der]));
  expect(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))).toEqual(der);
});
