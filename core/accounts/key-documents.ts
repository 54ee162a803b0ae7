import type { CreateApiKeyRequest, UpdateApiKeyRequest } from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { type KeyDocument, type KeyRecord, keyPattern } from './key-record.ts';

/** @throws PlatformError `platform.setting` */
export function requireKeyText(text: string): void {
  if (keyPattern.test(text)) return;
  throw new PlatformError('platform.setting', 'A master key must be 32 hexadecimal characters.');
}

/** What is kept of a new key below `parent`. What is not asked for is the parent's, except the roles. */
export function newDocument(request: CreateApiKeyRequest, parent: KeyRecord): KeyDocument {
  refuseClientCertificate(request);
  const { rights } = parent;
  return {
    label: request.label,
    ...(request.description !== undefined && { description: request.description }),
    parentId: parent.id,
    roles: [...new Set(request.roles ?? [])],
    active: request.active ?? true,
    ...validity(request.from ?? finite(rights.fromMs), request.to ?? finite(rights.toMs)),
    fifos: [...new Set(request.scope?.fifos.length ? request.scope.fifos : rights.fifos)],
  };
}

/** What is kept of a changed key: what is not asked for stays. */
export function changedDocument({ document }: KeyRecord, request: UpdateApiKeyRequest): KeyDocument {
  refuseClientCertificate(request);
  const { fromMs, toMs, ...rest } = document;
  return {
    ...rest,
    ...validity(request.from ?? fromMs, request.to ?? toMs),
    ...(request.label !== undefined && { label: request.label }),
    ...(request.description !== undefined && { description: request.description }),
    ...(request.roles && { roles: [...new Set(request.roles)] }),
    ...(request.active !== undefined && { active: request.active }),
    ...(request.scope && { fifos: [...new Set(request.scope.fifos)] }),
  };
}

/** Silence here would let a client in that its owner believes is kept out. */
function refuseClientCertificate({ clientCert }: Pick<CreateApiKeyRequest, 'clientCert'>): void {
  if (!clientCert || (!clientCert.required && clientCert.caCertIds.length === 0)) return;
  throw new PlatformError('api.notOffered', 'Client certificates are not offered yet.', {
    details: 'body.clientCert',
  });
}

const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

/** Bounds as they are kept: none where the request has none, or -1. */
function validity(from: number | undefined, to: number | undefined): { fromMs?: number; toMs?: number } {
  const fromMs = from === -1 ? undefined : from;
  const toMs = to === -1 ? undefined : to;
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    throw invalidParameter('body.to: must be after body.from');
  }
  return { ...(fromMs !== undefined && { fromMs }), ...(toMs !== undefined && { toMs }) };
}
