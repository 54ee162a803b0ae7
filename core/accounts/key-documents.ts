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
  const { rights } = parent;
  const inherited = rights.clientCas && { required: true, caCertIds: [...rights.clientCas] };
  const clientCert = clientCertOf(request, inherited);
  return {
    label: request.label,
    ...(request.description !== undefined && { description: request.description }),
    parentId: parent.id,
    roles: [...new Set(request.roles ?? [])],
    active: request.active ?? true,
    ...(request.sessionTtl != null && { sessionTtlMs: request.sessionTtl }),
    ...validity(request.from ?? finite(rights.fromMs), request.to ?? finite(rights.toMs)),
    fifos: [...new Set(request.scope?.fifos.length ? request.scope.fifos : rights.fifos)],
    ...(clientCert && { clientCert }),
  };
}

/** What is kept of a changed key: what is not asked for stays. */
export function changedDocument({ document }: KeyRecord, request: UpdateApiKeyRequest): KeyDocument {
  const { fromMs, toMs, ...rest } = document;
  const clientCert = clientCertOf(request, document.clientCert);
  return {
    ...rest,
    ...validity(request.from ?? fromMs, request.to ?? toMs),
    ...(request.label !== undefined && { label: request.label }),
    ...(request.description !== undefined && { description: request.description }),
    ...(request.roles && { roles: [...new Set(request.roles)] }),
    ...(request.active !== undefined && { active: request.active }),
    ...(request.scope && { fifos: [...new Set(request.scope.fifos)] }),
    ...(clientCert && { clientCert }),
  };
}

/** Required, and by nobody's certificate, would keep everybody out: that is a slip. */
function clientCertOf(
  { clientCert }: Pick<CreateApiKeyRequest, 'clientCert'>,
  before: KeyDocument['clientCert'],
): KeyDocument['clientCert'] {
  if (!clientCert) return before;
  const required = clientCert.required ?? before?.required ?? false;
  const caCertIds = [...new Set(clientCert.caCertIds ?? before?.caCertIds)];
  if (required && caCertIds.length === 0) {
    throw invalidParameter(
      'body.clientCert.caCertIds: must name a CA certificate (/api/v0/certificates/ca) when required is true, or no client could connect',
    );
  }
  return { required, caCertIds };
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
