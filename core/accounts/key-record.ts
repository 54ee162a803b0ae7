import { hash } from 'node:crypto';
import type { ApiKeyJson, KeyRateLimit } from '../contract/api-keys.ts';
import type { Role } from '../contract/roles.ts';
import type { KeyRights } from './key-rights.ts';
import type { KeyGrant } from './types.ts';

/** What is stored of an API key, apart from its id and the hash of its text. Times in ms since the epoch. */
export interface KeyDocument {
  readonly label: string;
  readonly description?: string;
  /** The key it was made under; undefined for a master key. */
  readonly parentId?: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly fifos: readonly string[];
  /** What MQTT clients must show (manual 6.3.4); none needed when absent. */
  readonly clientCert?: { readonly required: boolean; readonly caCertIds: readonly string[] };
  readonly lastActivityMs?: number;
  /** The user whose session it is (manual 4.2); undefined for every other key. */
  readonly userId?: string;
  /** It ends when it was not used for this long. */
  readonly sessionTtlMs?: number;
  /** What is done with it over MQTT is written to the audit log until then. */
  readonly debugUntilMs?: number;
}

/** An API key in memory. */
export interface KeyRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly createdMs: number;
  /** May act for the whole instance, beyond its tenant. */
  operator: boolean;
  hash: string;
  document: KeyDocument;
  lastActivityMs: number | undefined;
  /** Its own rights under those of the keys above it. */
  rights: KeyRights;
  /** A new object each time the rights change. */
  grant: KeyGrant;
}

/** 32 hexadecimal characters of either case (facts 13). */
export const keyPattern = /^[0-9a-fA-F]{32}$/;

/** What is kept of a key's text: the text itself never is. */
export function hashKey(keyText: string): string {
  return hash('sha256', keyText.toLowerCase(), 'hex');
}

export function ownRights(document: KeyDocument): KeyRights {
  return {
    roles: new Set(document.roles),
    fifos: document.fifos.length > 0 ? new Set(document.fifos) : undefined,
    clientCas: document.clientCert?.required ? new Set(document.clientCert.caCertIds) : undefined,
    active: document.active,
    fromMs: document.fromMs ?? Number.NEGATIVE_INFINITY,
    toMs: document.toMs ?? Number.POSITIVE_INFINITY,
  };
}

export function grantOf(
  key: Pick<KeyRecord, 'id' | 'tenantId' | 'operator' | 'document'>,
  rights: KeyRights,
): KeyGrant {
  const { userId } = key.document;
  return {
    keyId: key.id,
    tenantId: key.tenantId,
    roles: rights.roles,
    fifos: rights.fifos,
    ...(key.operator && { operator: true }),
    ...(userId !== undefined && { userId }),
  };
}

/** A key in memory, of what is stored of it. The rights of the keys above it are still to be applied. */
export function recordOf(stored: {
  id: string;
  tenantId: string;
  createdMs: number;
  hash: string;
  document: KeyDocument;
}): KeyRecord {
  const rights = ownRights(stored.document);
  const key = { ...stored, operator: false };
  return { ...key, lastActivityMs: stored.document.lastActivityMs, rights, grant: grantOf(key, rights) };
}

/** When the key ends: its last moment, or the end of an idle session, whichever comes first. */
export function endOf({ document, rights, lastActivityMs, createdMs }: KeyRecord): number {
  const { sessionTtlMs } = document;
  if (sessionTtlMs === undefined) return rights.toMs;
  return Math.min(rights.toMs, (lastActivityMs ?? createdMs) + sessionTtlMs);
}

/** @param value the key's text, for the one answer that may show it. */
export function toApiKeyJson(
  key: KeyRecord,
  rateLimit: KeyRateLimit,
  nowMs: number,
  value?: string,
): ApiKeyJson {
  const { document } = key;
  return {
    id: key.id,
    tenantId: key.tenantId,
    label: document.label,
    ...(document.description !== undefined && { description: document.description }),
    ...(document.parentId !== undefined && { parentId: document.parentId }),
    roles: [...document.roles],
    active: document.active,
    ...(document.fromMs !== undefined && { from: document.fromMs }),
    ...(document.toMs !== undefined && { to: document.toMs }),
    creationTs: key.createdMs,
    ...(key.lastActivityMs !== undefined && { lastActivity: key.lastActivityMs }),
    masterKey: document.parentId === undefined,
    sessionKey: document.sessionTtlMs !== undefined,
    ...(document.userId !== undefined && { userId: document.userId }),
    ...(document.sessionTtlMs !== undefined && { sessionTtl: document.sessionTtlMs }),
    ...(document.debugUntilMs !== undefined &&
      document.debugUntilMs > nowMs && { debugModeEndTs: document.debugUntilMs }),
    expired: nowMs >= endOf(key),
    scope: { fifos: [...document.fifos] },
    clientCert: {
      required: document.clientCert?.required ?? false,
      caCertIds: [...(document.clientCert?.caCertIds ?? [])],
    },
    rateLimit,
    ...(value !== undefined && { value }),
  };
}
