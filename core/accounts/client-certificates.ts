import type { Clock } from '../platform/clock.ts';
import type { ConnectionSecurity } from '../platform/sockets.ts';
import type { CaCertificates, TenantCa } from './ca-certificates.ts';
import {
  type Certificate,
  ExtendedKeyUsage,
  KeyUsageFlags,
  outsideValidity,
  readCertificate,
} from './certificate.ts';
import type { KeyRegistry } from './key-registry.ts';

/** How a client that showed an API key stands with what that key asks of client certificates. */
export type CertificateVerdict =
  | 'not-needed'
  /** Id of the CA certificate that the client's own is signed by. */
  | { readonly acceptedBy: string }
  | {
      /** `endpoint`: it came in where no certificate can be shown; `certificate`: it showed none, or a wrong one. */
      readonly refused: 'endpoint' | 'certificate';
      /** For people: what is wrong, and what to do. */
      readonly reason: string;
    };

/** A client that is to be judged. */
export interface CertificateBearer {
  readonly keyId: string;
  readonly security: ConnectionSecurity | undefined;
  /** What the certificate must name; undefined where one connection is not one device (manual 6.3.4). */
  readonly clientId: string | undefined;
}

const anyExtendedKeyUsage = '2.5.29.37.0';
const soundHashes = new Set(['SHA-256', 'SHA-384', 'SHA-512', 'Ed25519']);

/**
 * Judges the certificates of MQTT clients by the keys that they show and the CA certificates of those (manual
 * 6.3.4). TLS has proved before that the client has the private key; whom to trust depends on the API key, which
 * comes later.
 */
export class ClientCertificates {
  private readonly keys: KeyRegistry;
  private readonly cas: CaCertificates;
  private readonly wireClock: Clock;

  constructor(keys: KeyRegistry, cas: CaCertificates, wireClock: Clock) {
    this.keys = keys;
    this.cas = cas;
    this.wireClock = wireClock;
  }

  /** By what holds now, so that an open session may be judged again. */
  judge({ keyId, security, clientId }: CertificateBearer): CertificateVerdict {
    const key = this.keys.find(keyId);
    if (!key) return { refused: 'certificate', reason: 'its API key is gone' };
    const { clientCas } = key.rights;
    if (!clientCas) return 'not-needed';
    const shown = security?.clientCertificate ?? 'not-asked';
    if (shown === 'not-asked') {
      const reason =
        'the API key asks for a client certificate, which only MQTTS carries: connect with TLS to the MQTTS port, not without TLS and not over WebSocket';
      return { refused: 'endpoint', reason };
    }
    if (shown === 'none') {
      const reason = 'the API key asks for a client certificate, and the client showed none';
      return { refused: 'certificate', reason };
    }
    return this.examine(shown, this.cas.ofTenant(key.tenantId), clientCas, clientId);
  }

  /**
   * True when a session that was accepted by this CA certificate is so still. Its own certificate is not looked at
   * again: what expires while a session is open does not end it.
   */
  stillAccepts(keyId: string, acceptedBy: string): boolean {
    const key = this.keys.find(keyId);
    return Boolean(key?.rights.clientCas?.has(acceptedBy) && this.cas.has(key.tenantId, acceptedBy));
  }

  private examine(
    der: Uint8Array,
    ofTenant: readonly TenantCa[],
    clientCas: ReadonlySet<string>,
    clientId: string | undefined,
  ): CertificateVerdict {
    const refuse = (reason: string) => ({ refused: 'certificate', reason }) as const;
    let certificate: Certificate;
    try {
      certificate = readCertificate(der);
    } catch (error) {
      return refuse(`the client certificate cannot be read: ${(error as Error).message}`);
    }
    const nowMs = this.wireClock.now();
    const issuer = findIssuer(certificate, ofTenant, clientCas, nowMs);
    const wrong =
      wrongOfItself(certificate, nowMs) ??
      (typeof issuer === 'string' ? issuer : undefined) ??
      (clientId === undefined ? undefined : wrongName(certificate, clientId));
    if (wrong !== undefined || typeof issuer === 'string') {
      return refuse(`the client certificate ${JSON.stringify(certificate.subject)} ${wrong}`);
    }
    return { acceptedBy: issuer.id };
  }
}

function wrongOfItself(certificate: Certificate, nowMs: number): string | undefined {
  const { isCa, keyUsages, extendedKeyUsages, signatureHash, unknownCritical } = certificate;
  if (isCa) return 'is that of a CA: a device must have CA:FALSE, or no basicConstraints';
  const usable = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyAgreement;
  if (keyUsages !== undefined && !(keyUsages & usable)) {
    return 'is not for TLS clients: its keyUsage lacks digitalSignature';
  }
  const purposes: readonly string[] = [ExtendedKeyUsage.clientAuth, anyExtendedKeyUsage];
  if (extendedKeyUsages && !extendedKeyUsages.some((usage) => purposes.includes(usage))) {
    return 'is not for TLS clients: its extendedKeyUsage lacks clientAuth';
  }
  if (unknownCritical.length > 0) {
    return `has critical extensions that are not applied here: ${unknownCritical.join(', ')}`;
  }
  if (!soundHashes.has(signatureHash)) return `is signed with ${signatureHash}: use SHA-256 or better`;
  return outsideValidity(certificate, nowMs);
}

/**
 * The CA of the key must have signed the certificate itself (manual 6.3.4.2), so what else the client sent of a chain
 * does not count. It is enough that one fits: a CA that was renewed has two certificates of one name.
 * @returns the CA, or what is wrong
 */
function findIssuer(
  certificate: Certificate,
  ofTenant: readonly TenantCa[],
  clientCas: ReadonlySet<string>,
  nowMs: number,
): TenantCa | string {
  if (clientCas.size === 0) return 'is by no CA of the API key: it has none any more';
  const issuers = ofTenant.filter((ca) => certificate.namesAsIssuer(ca.certificate));
  const ofKey = issuers.filter(({ id }) => clientCas.has(id));
  const issuer = JSON.stringify(certificate.issuer);
  if (ofKey.length === 0) {
    return issuers.length === 0
      ? `was issued by ${issuer}, which is no CA certificate of this tenant; the one that signed it directly must be added`
      : `was issued by ${issuer} (${issuers[0]?.id}), which is not among the CA certificates of the API key`;
  }
  const signers = ofKey.filter((ca) => certificate.isSignedBy(ca.certificate));
  if (signers.length === 0)
    return `names ${issuer} as its issuer, and was not signed with the key of that CA`;
  const valid = signers.find((ca) => outsideValidity(ca.certificate, nowMs) === undefined);
  if (valid) return valid;
  const [{ id, certificate: first }] = signers as [TenantCa];
  return `was issued by a CA whose own certificate (${id}) ${outsideValidity(first, nowMs)}`;
}

function wrongName({ commonNames }: Certificate, clientId: string): string | undefined {
  if (commonNames.length === 1 && commonNames[0] === clientId) return undefined;
  const found =
    commonNames.length === 0 ? 'has no common name' : `has the common name ${commonNames.join(' and ')}`;
  return `${found}, and must have the client id ${JSON.stringify(clientId)}`;
}
