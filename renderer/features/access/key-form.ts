import {
  type ApiKeyJson,
  type CreateApiKeyRequest,
  createApiKeyRequest,
  type UpdateApiKeyRequest,
  updateApiKeyRequest,
} from '../../../core/contract/api-keys.ts';
import { type Role, roles } from '../../../core/contract/roles.ts';
import { faultText } from '../../i18n/fault-text.ts';
import { type Problems, problemsOf } from '../../ui/form-problems.ts';
import { presets } from './role-groups.ts';

/** A key as its form holds it. */
export interface KeyForm {
  readonly label: string;
  readonly description: string;
  readonly parentId: string;
  readonly roles: readonly Role[];
  /** Moments as ISO 8601; empty: unbounded. */
  readonly from: string;
  readonly to: string;
  readonly fifos: readonly string[];
  readonly certRequired: boolean;
  readonly caCertIds: readonly string[];
  /** Minutes without use after which it ends; empty: never. */
  readonly idleMinutes: string;
}

const toMoment = (ms: number | undefined): string => (ms === undefined ? '' : new Date(ms).toISOString());

/** -1 takes the bound away (facts 13). */
const toBound = (moment: string): number => (moment === '' ? -1 : Date.parse(moment));

export function toKeyForm(key?: ApiKeyJson, parentId = ''): KeyForm {
  return {
    label: key?.label ?? '',
    description: key?.description ?? '',
    parentId: key?.parentId ?? parentId,
    roles: key?.roles ?? presets.device,
    from: toMoment(key?.from),
    to: toMoment(key?.to),
    fifos: key?.scope.fifos ?? [],
    certRequired: key?.clientCert.required ?? false,
    caCertIds: key?.clientCert.caCertIds ?? [],
    idleMinutes: '',
  };
}

/** The body that makes this key. */
export function toCreateRequest(form: KeyForm): CreateApiKeyRequest {
  return {
    label: form.label,
    roles: inOrder(form.roles),
    ...(form.description !== '' && { description: form.description }),
    ...(form.parentId !== '' && { parentId: form.parentId }),
    ...(form.from !== '' && { from: toBound(form.from) }),
    ...(form.to !== '' && { to: toBound(form.to) }),
    ...(form.fifos.length > 0 && { scope: { fifos: [...form.fifos] } }),
    ...(form.certRequired && { clientCert: { required: true, caCertIds: [...form.caCertIds] } }),
    ...(form.idleMinutes !== '' && { sessionTtl: Number(form.idleMinutes) * 60_000 }),
  };
}

/** The body that turns the key into what the form holds: what is the same is not named, so it needs no right. */
export function toUpdateRequest(form: KeyForm, key: ApiKeyJson): UpdateApiKeyRequest {
  const before = toKeyForm(key);
  const differs = (name: keyof KeyForm): boolean =>
    JSON.stringify(sorted(form[name])) !== JSON.stringify(sorted(before[name]));
  return {
    ...(differs('label') && { label: form.label }),
    ...(differs('description') && { description: form.description }),
    ...(differs('roles') && { roles: inOrder(form.roles) }),
    ...(differs('from') && { from: toBound(form.from) }),
    ...(differs('to') && { to: toBound(form.to) }),
    ...(differs('fifos') && { scope: { fifos: [...form.fifos] } }),
    ...((differs('certRequired') || differs('caCertIds')) && {
      clientCert: { required: form.certRequired, caCertIds: [...form.caCertIds] },
    }),
  };
}

/** What the API would not take: by its schemas, and by the two rules that they do not hold. */
export function keyProblems(form: KeyForm, key: ApiKeyJson | undefined, needed: string): Problems {
  const problems = key
    ? problemsOf(updateApiKeyRequest, toUpdateRequest(form, key), needed)
    : problemsOf(createApiKeyRequest, toCreateRequest(form), needed);
  if (form.from !== '' && form.to !== '' && toBound(form.from) >= toBound(form.to)) {
    problems.set('to', faultText('must be after body.from'));
  }
  if (form.certRequired && form.caCertIds.length === 0) {
    problems.set('clientCert', faultText('must name a CA certificate'));
  }
  return problems;
}

const inOrder = (chosen: readonly Role[]): Role[] => roles.filter((role) => chosen.includes(role));
const sorted = (value: unknown): unknown => (Array.isArray(value) ? [...value].sort() : value);
