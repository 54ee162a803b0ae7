import type { EventBus } from '../bus/event-bus.ts';
import type { CaCertificateJson, CreateCaCertificateRequest } from '../contract/certificates.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Clock } from '../platform/clock.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import type { Serial } from '../platform/serial.ts';
import type { Store } from '../store/types.ts';
import { accountsRepository } from './accounts-repository.ts';
import { type CaCertificateRow, caRepository } from './ca-repository.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import type { KeyRegistry } from './key-registry.ts';
import { readCaCertificate } from './read-ca-certificate.ts';

export interface CaCertificateSettings {
  readonly caCertificateMaxPerTenant: number;
  readonly caCertificateMinRsaBits: number;
}

interface CaParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly random: RandomSource;
  readonly bus: EventBus<PlatformEvents>;
  readonly keys: KeyRegistry;
  /** Changes of keys and certificates, one after the other: keys name certificates. */
  readonly changes: Serial;
}

/** A CA certificate of a tenant. */
export interface TenantCa {
  readonly id: string;
  readonly tenantId: string;
  readonly comment: string | undefined;
  readonly createdMs: number;
  readonly certificate: Certificate;
}

/**
 * The certificates of the authorities by which tenants certify their devices (manual 6.3.4). All are in memory, read,
 * so that a connection is judged without waiting, and by what holds at that moment.
 */
export class CaCertificates {
  private readonly parts: CaParts;
  private readonly settings: CaCertificateSettings;
  private readonly byId = new Map<string, TenantCa>();

  constructor(parts: CaParts, settings: CaCertificateSettings) {
    this.parts = parts;
    this.settings = settings;
  }

  async load(): Promise<void> {
    this.byId.clear();
    for (const row of await caRepository.load(this.parts.store)) this.byId.set(row.id, fromRow(row));
  }

  /** Those of a tenant, oldest first. */
  ofTenant(tenantId: string): TenantCa[] {
    return [...this.byId.values()].filter((ca) => ca.tenantId === tenantId);
  }

  has(tenantId: string, id: string): boolean {
    return this.byId.get(id)?.tenantId === tenantId;
  }

  list(tenantId: string): CaCertificateJson[] {
    return this.ofTenant(tenantId).map(toJson);
  }

  /** @throws PlatformError `accounts.caNotFound` */
  get(tenantId: string, id: string): CaCertificateJson {
    return toJson(this.find(tenantId, id, id));
  }

  /**
   * For `caCertIds` in the body of a request.
   * @throws PlatformError `accounts.caNotFound` when one of them is not a certificate of the tenant.
   */
  requireAll(tenantId: string, ids: readonly string[]): void {
    for (const [index, id] of ids.entries())
      this.find(tenantId, id, `body.clientCert.caCertIds.${index}: ${id}`);
  }

  /**
   * @returns the id of the new certificate
   * @throws PlatformError `api.invalidParameter` (see {@link readCaCertificate}; or too many), `accounts.caDuplicate`
   */
  add(tenantId: string, request: CreateCaCertificateRequest): Promise<string> {
    const { store, clock, wireClock, random, changes } = this.parts;
    const nowMs = wireClock.now();
    const certificate = readCaCertificate(request.certificate, { ...this.settings, nowMs });
    return changes.run(async () => {
      const there = this.ofTenant(tenantId);
      const same = there.find((ca) => ca.certificate.fingerprint === certificate.fingerprint);
      if (same) {
        const message = 'The tenant has this CA certificate already.';
        throw new PlatformError('accounts.caDuplicate', message, { details: same.id });
      }
      const most = this.settings.caCertificateMaxPerTenant;
      if (there.length >= most) {
        throw invalidParameter(
          `The tenant has ${there.length} CA certificates, and may have ${most} (setting caCertificateMaxPerTenant). Delete one that no device needs any more.`,
        );
      }
      const ca: TenantCa = {
        id: randomHex(random, 12),
        tenantId,
        comment: request.comment ?? undefined,
        createdMs: clock.now(),
        certificate,
      };
      await store.commit([caRepository.insert(toRow(ca))]);
      this.byId.set(ca.id, ca);
      return ca.id;
    });
  }

  /**
   * Deletes a certificate, and takes it out of the keys that name it. A key that asks for client certificates goes
   * on to ask for them, by the others that it names; sessions that are left without one are told to end by
   * `clientCertificatesChanged`.
   * @throws PlatformError `accounts.caNotFound`
   */
  delete(tenantId: string, id: string): Promise<void> {
    const { store, bus, keys, changes } = this.parts;
    return changes.run(async () => {
      this.find(tenantId, id, id);
      const changed = keys.ofTenant(tenantId).flatMap((key) => {
        const { clientCert } = key.document;
        if (!clientCert?.caCertIds.includes(id)) return [];
        const caCertIds = clientCert.caCertIds.filter((other) => other !== id);
        return [{ key, document: { ...key.document, clientCert: { ...clientCert, caCertIds } } }];
      });
      await store.commit([
        caRepository.delete(id),
        ...changed.map(({ key, document }) => accountsRepository.updateKey(key.id, key.hash, document)),
      ]);
      this.byId.delete(id);
      for (const { key, document } of changed) key.document = document;
      for (const { key } of changed) keys.refreshRights(key);
      bus.emit('clientCertificatesChanged', { tenantId });
    });
  }

  private find(tenantId: string, id: string, details: string): TenantCa {
    const ca = this.byId.get(id);
    if (ca?.tenantId === tenantId) return ca;
    throw new PlatformError('accounts.caNotFound', 'There is no CA certificate of this id.', { details });
  }
}

function fromRow(row: CaCertificateRow): TenantCa {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    comment: row.comment ?? undefined,
    createdMs: row.created,
    certificate: readCertificate(Buffer.from(row.certificate)),
  };
}

function toRow({ id, tenantId, comment, createdMs, certificate }: TenantCa): CaCertificateRow {
  return {
    id,
    tenant_id: tenantId,
    fingerprint: certificate.fingerprint,
    certificate: certificate.pem,
    comment: comment ?? null,
    created: createdMs,
  };
}

function toJson({ id, tenantId, comment, createdMs, certificate }: TenantCa): CaCertificateJson {
  const { pem, subject, issuer, serialNumber, fingerprint, notBeforeMs, notAfterMs } = certificate;
  return {
    id,
    tenantId,
    certificate: pem,
    ...(comment !== undefined && { comment }),
    creationTs: createdMs,
    subject,
    issuer,
    serialNumber,
    fingerprint,
    notBefore: notBeforeMs,
    notAfter: notAfterMs,
  };
}
