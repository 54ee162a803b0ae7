import type { KeyObject } from 'node:crypto';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { type Certificate, KeyUsageFlags, outsideValidity, readCertificate } from './certificate.ts';

/** What every certificate in DER begins with (X.690, 8.9). */
const derSequence = 0x30;

/** Curves that both Node and Electron can verify with. */
const curves = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);

/**
 * The certificate that a tenant wants its client certificates to be signed by.
 * @param given PEM, or DER in Base64
 * @throws PlatformError `api.invalidParameter` when it is none, or breaks a rule of manual 6.3.4.1.
 */
export function readCaCertificate(
  given: string,
  rules: { readonly nowMs: number; readonly caCertificateMinRsaBits: number },
): Certificate {
  const certificate = parse(derOf(given));
  if (!certificate.isCa) {
    throw refusal(
      'is not the certificate of a CA: its basicConstraints must be there and say CA:TRUE (openssl: -addext basicConstraints=CA:TRUE). Give the CA that signs the devices, not the certificate of a device',
    );
  }
  if (certificate.keyUsages !== undefined && !(certificate.keyUsages & KeyUsageFlags.keyCertSign)) {
    throw refusal('its keyUsage must contain keyCertSign, or be left out');
  }
  if (certificate.unknownCritical.length > 0) {
    const list = certificate.unknownCritical.join(', ');
    throw refusal(`has critical extensions that are not applied here, so it must be refused: ${list}`);
  }
  if (rules.nowMs > certificate.notAfterMs) throw refusal(outsideValidity(certificate, rules.nowMs) ?? '');
  const weakness = weaknessOf(certificate.publicKey, rules.caCertificateMinRsaBits);
  if (weakness !== undefined) throw refusal(weakness);
  if (certificate.claimsIssuer(certificate) && !certificate.isSignedBy(certificate)) {
    throw refusal('is damaged: it says that it is signed by itself, and its signature is not by its own key');
  }
  return certificate;
}

function derOf(given: string): Uint8Array {
  const direct = given.trim();
  if (direct.includes('-----BEGIN')) return derOfPem(direct);
  const base64 = direct.replace(/\s+/g, '');
  const bytes = Buffer.from(/^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? base64 : '', 'base64');
  if (bytes.includes('-----BEGIN')) return derOfPem(bytes.toString('latin1'));
  if (bytes[0] === derSequence) return bytes;
  throw refusal('must be a certificate in PEM ("-----BEGIN CERTIFICATE-----" …), or its DER bytes in Base64');
}

function derOfPem(pem: string): Uint8Array {
  const labels = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label]) => label ?? '');
  if (labels.some((label) => label.endsWith('PRIVATE KEY'))) {
    throw refusal('holds a private key, which must never leave the CA. Send the certificate alone');
  }
  if (labels.length !== 1 || labels[0] !== 'CERTIFICATE') {
    const found = labels.length === 0 ? 'a broken heading' : labels.join(', ');
    throw refusal(
      `must hold one CERTIFICATE and nothing else, found ${found}. Of a chain, give the one that signs the client certificates`,
    );
  }
  const [, body] = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/.exec(pem) ?? [];
  if (body === undefined) throw refusal('is cut off: "-----END CERTIFICATE-----" is missing');
  const base64 = body.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw refusal('holds characters between its BEGIN and END lines that are not Base64');
  }
  return Buffer.from(base64, 'base64');
}

function parse(der: Uint8Array): Certificate {
  try {
    return readCertificate(der);
  } catch (error) {
    throw refusal(`cannot be read as an X.509 certificate: ${(error as Error).message}`);
  }
}

function weaknessOf(key: KeyObject, minRsaBits: number): string | undefined {
  const { modulusLength = 0, namedCurve = 'an unnamed curve' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return modulusLength >= minRsaBits
        ? undefined
        : `its RSA key has ${modulusLength} bits, needed are ${minRsaBits} (setting caCertificateMinRsaBits)`;
    case 'ec':
      return curves.has(namedCurve)
        ? undefined
        : `its key is on ${namedCurve}; use ${[...curves.values()].join(', ')}`;
    case 'ed25519':
      return undefined;
    default:
      return `its key is of the type ${key.asymmetricKeyType}; use RSA, EC (${[...curves.values()].join(', ')}) or Ed25519`;
  }
}

function refusal(what: string) {
  return invalidParameter(`body.certificate: ${what}`);
}
