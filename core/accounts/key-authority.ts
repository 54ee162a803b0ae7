import type { UpdateApiKeyRequest } from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import { type KeyDocument, type KeyRecord, ownRights } from './key-record.ts';
import { excess, isNarrower, type KeyRights } from './key-rights.ts';

/**
 * A master key is changed by itself only, and stays whole (manual 4.3).
 * @throws PlatformError `accounts.masterKey`
 */
export function guardMaster(key: KeyRecord, asking: KeyRecord, document: KeyDocument): void {
  if (asking !== key) {
    throw new PlatformError('accounts.masterKey', 'A master key is changed by itself only.');
  }
  if (isNarrower(ownRights(document), key.rights) || document.clientCert?.required) {
    const message =
      'A master key cannot be switched off, lose roles, FIFOs or time, or ask for client certificates.';
    throw new PlatformError('accounts.masterKey', message);
  }
}

/**
 * A key may be changed by itself, and by keys that allow all that it may ever allow: who changes it can take
 * its place.
 * @throws PlatformError `access.forbidden`
 */
export function requireReach(asking: KeyRecord, key: KeyRecord): void {
  if (key !== asking) requireWithin(ownRights(key.document), asking.rights, 'The key');
}

/**
 * @param what for the message: what goes too far
 * @param request when given, only what it asks for is held against the limit: the rest was there before
 * @throws PlatformError `access.forbidden`
 */
export function requireWithin(
  rights: KeyRights,
  limit: KeyRights,
  what: string,
  request?: UpdateApiKeyRequest,
): void {
  const beyond = excess(rights, limit).filter((field) => !request || asksFor(request, field));
  if (beyond.length === 0) return;
  const message = `${what} goes beyond what the key that asks, or its parent, may do.`;
  throw new PlatformError('access.forbidden', message, { details: beyond.join('; ') });
}

function asksFor(request: UpdateApiKeyRequest, field: string): boolean {
  if (field.startsWith('roles')) return request.roles !== undefined;
  if (field.startsWith('scope')) return Boolean(request.scope);
  if (field.startsWith('clientCert')) return Boolean(request.clientCert);
  return field.startsWith('from') ? request.from != null : request.to != null;
}
