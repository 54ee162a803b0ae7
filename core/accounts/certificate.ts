import 'reflect-metadata';
import { type KeyObject, X509Certificate as NodeCertificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  X509Certificate,
} from '@peculiar/x509';

// From here, so that nobody loads the reader without what it needs to be loaded before it.
export { ExtendedKeyUsage, KeyUsageFlags } from '@peculiar/x509';

/** An X.509 certificate (RFC 5280) with what the rules of manual 6.3.4 ask about. Times in ms since the epoch. */
export interface Certificate {
  readonly pem: string;
  /** One line, for people: `CN=dev1, O=Demo`. */
  readonly subject: string;
  readonly issuer: string;
  /** Common names of the subject; a sound device certificate has one. */
  readonly commonNames: readonly string[];
  readonly serialNumber: string;
  /** SHA-256 of the DER bytes, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly publicKey: KeyObject;
  /** `CA` of the extension basicConstraints; false also when there is no such extension. */
  readonly isCa: boolean;
  /** Bits of the extension keyUsage; undefined without the extension. */
  readonly keyUsages: number | undefined;
  /** Object identifiers of the extension extendedKeyUsage; undefined without the extension. */
  readonly extendedKeyUsages: readonly string[] | undefined;
  /** Hash under the signature, for example `SHA-256`; for signatures without one their own name, as `Ed25519`. */
  readonly signatureHash: string;
  /** Critical extensions that nothing here applies: who meets one must refuse (RFC 5280, 4.2). */
  readonly unknownCritical: readonly string[];
  /** True when the name of the issuer is that of `issuer`, whatever key made the signature. */
  namesAsIssuer(issuer: Certificate): boolean;
  /** True when the name, and the identifiers of keys where given, say that `issuer` signed this certificate. */
  claimsIssuer(issuer: Certificate): boolean;
  /** True when `issuer` is claimed and its key made the signature. */
  isSignedBy(issuer: Certificate): boolean;
}

/** basicConstraints, keyUsage, extendedKeyUsage, subjectAltName, both key identifiers, certificatePolicies. */
const appliedExtensions = new Set([
  '2.5.29.19',
  '2.5.29.15',
  '2.5.29.37',
  '2.5.29.17',
  '2.5.29.14',
  '2.5.29.35',
  '2.5.29.32',
]);

/**
 * Node verifies, in Electron with BoringSSL; the extensions that it does not show come from another reader.
 * @param bytes one certificate, DER or PEM
 * @throws Error when they are not those of a certificate.
 */
export function readCertificate(bytes: Uint8Array): Certificate {
  return new ParsedCertificate(bytes);
}

class ParsedCertificate implements Certificate {
  readonly pem: string;
  readonly subject: string;
  readonly issuer: string;
  readonly commonNames: readonly string[];
  readonly serialNumber: string;
  readonly fingerprint: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly publicKey: KeyObject;
  readonly isCa: boolean;
  readonly keyUsages: number | undefined;
  readonly extendedKeyUsages: readonly string[] | undefined;
  readonly signatureHash: string;
  readonly unknownCritical: readonly string[];
  private readonly node: NodeCertificate;

  constructor(bytes: Uint8Array) {
    this.node = new NodeCertificate(bytes);
    const details = new X509Certificate(this.node.raw);
    this.pem = this.node.toString();
    this.subject = details.subject;
    this.issuer = details.issuer;
    this.commonNames = details.subjectName.getField('CN');
    this.serialNumber = this.node.serialNumber.toLowerCase();
    this.fingerprint = this.node.fingerprint256.replaceAll(':', '').toLowerCase();
    this.notBeforeMs = details.notBefore.getTime();
    this.notAfterMs = details.notAfter.getTime();
    this.publicKey = this.node.publicKey;
    this.isCa = details.getExtension(BasicConstraintsExtension)?.ca ?? false;
    this.keyUsages = details.getExtension(KeyUsagesExtension)?.usages;
    this.extendedKeyUsages = details.getExtension(ExtendedKeyUsageExtension)?.usages.map(String);
    // The type says that there is always a hash; an algorithm that the reader does not know has none.
    const { name, hash } = details.signatureAlgorithm as { name: string; hash?: { name: string } };
    this.signatureHash = hash?.name ?? name;
    this.unknownCritical = details.extensions
      .filter(({ critical, type }) => critical && !appliedExtensions.has(type))
      .map(({ type }) => type);
  }

  namesAsIssuer(issuer: Certificate): boolean {
    return this.issuer === issuer.subject || this.claimsIssuer(issuer);
  }

  claimsIssuer(issuer: Certificate): boolean {
    return this.node.checkIssued((issuer as ParsedCertificate).node);
  }

  isSignedBy(issuer: Certificate): boolean {
    return this.claimsIssuer(issuer) && this.node.verify(issuer.publicKey);
  }
}

/** In words why a certificate is not valid at this time; undefined when it is. */
export function outsideValidity(certificate: Certificate, nowMs: number): string | undefined {
  const day = (timeMs: number): string => new Date(timeMs).toISOString();
  if (nowMs < certificate.notBeforeMs) return `is not valid before ${day(certificate.notBeforeMs)}`;
  if (nowMs > certificate.notAfterMs) return `expired at ${day(certificate.notAfterMs)}`;
  return undefined;
}
