import type { Role } from '../contract/roles.ts';

/** All that a key allows and when: its own bounds, or those together with the ones of the keys above it. */
export interface KeyRights {
  readonly roles: ReadonlySet<Role>;
  /** undefined: any FIFO; empty: none. */
  readonly fifos: ReadonlySet<string> | undefined;
  /** Ids of the CA certificates that MQTT clients must be certified by; undefined: no certificate is asked for. */
  readonly clientCas: ReadonlySet<string> | undefined;
  readonly active: boolean;
  /** Valid from this time on; -Infinity when not bounded. */
  readonly fromMs: number;
  /** Valid before this time; Infinity when not bounded. */
  readonly toMs: number;
}

/** What both allow: a key's own rights under those of its parent (manual 4.3: a part of the parent's). */
export function commonRights(own: KeyRights, parent: KeyRights): KeyRights {
  return {
    roles: new Set([...own.roles].filter((role) => parent.roles.has(role))),
    fifos: inBoth(own.fifos, parent.fifos),
    clientCas: inBoth(own.clientCas, parent.clientCas),
    active: own.active && parent.active,
    fromMs: Math.max(own.fromMs, parent.fromMs),
    toMs: Math.min(own.toMs, parent.toMs),
  };
}

type Bound = ReadonlySet<string> | undefined;

function inBoth(first: Bound, second: Bound): Bound {
  return first && second ? new Set([...first].filter((name) => second.has(name))) : (first ?? second);
}

/** What `names` allows beyond `limit`; both unbounded when undefined. */
function beyond(names: Bound, limit: Bound, any: string): string[] {
  if (!limit) return [];
  return names ? [...names].filter((name) => !limit.has(name)) : [any];
}

/**
 * In what `rights` goes beyond `limit`, in words and by field; nothing when it stays within. Whether a key is
 * switched on is not compared: who may use a key at all has it switched on.
 */
export function excess(rights: KeyRights, limit: KeyRights): string[] {
  const found: string[] = [];
  const roles = [...rights.roles].filter((role) => !limit.roles.has(role));
  if (roles.length > 0) found.push(`roles: ${roles.join(', ')}`);
  const fifos = beyond(rights.fifos, limit.fifos, 'any FIFO');
  if (fifos.length > 0) found.push(`scope.fifos: ${fifos.join(', ')}`);
  const cas = beyond(rights.clientCas, limit.clientCas, 'clients without a certificate');
  if (cas.length > 0) found.push(`clientCert: ${cas.join(', ')}`);
  if (rights.fromMs < limit.fromMs) found.push(`from: before ${limit.fromMs}`);
  if (rights.toMs > limit.toMs) found.push(`to: after ${limit.toMs}`);
  return found;
}

/**
 * True when `after` allows less than `before`, so that whoever used it must come again. Client certificates do not
 * count here: what each session showed is looked at again, and those that still fit stay.
 */
export function isNarrower(after: KeyRights, before: KeyRights): boolean {
  const { clientCas } = after;
  return (before.active && !after.active) || excess({ ...before, clientCas }, after).length > 0;
}
