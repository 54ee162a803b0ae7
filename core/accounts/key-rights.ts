import type { Role } from '../contract/roles.ts';

/** All that a key allows and when: its own bounds, or those together with the ones of the keys above it. */
export interface KeyRights {
  readonly roles: ReadonlySet<Role>;
  /** undefined: any FIFO; empty: none. */
  readonly fifos: ReadonlySet<string> | undefined;
  readonly active: boolean;
  /** Valid from this time on; -Infinity when not bounded. */
  readonly fromMs: number;
  /** Valid before this time; Infinity when not bounded. */
  readonly toMs: number;
}

/** What both allow: a key's own rights under those of its parent (manual 4.3: a part of the parent's). */
export function commonRights(own: KeyRights, parent: KeyRights): KeyRights {
  const { fifos } = parent;
  return {
    roles: new Set([...own.roles].filter((role) => parent.roles.has(role))),
    fifos:
      fifos && own.fifos ? new Set([...own.fifos].filter((name) => fifos.has(name))) : (own.fifos ?? fifos),
    active: own.active && parent.active,
    fromMs: Math.max(own.fromMs, parent.fromMs),
    toMs: Math.min(own.toMs, parent.toMs),
  };
}

/**
 * In what `rights` goes beyond `limit`, in words and by field; nothing when it stays within. Whether a key is
 * switched on is not compared: who may use a key at all has it switched on.
 */
export function excess(rights: KeyRights, limit: KeyRights): string[] {
  const found: string[] = [];
  const roles = [...rights.roles].filter((role) => !limit.roles.has(role));
  if (roles.length > 0) found.push(`roles: ${roles.join(', ')}`);
  if (limit.fifos) {
    const allowed = limit.fifos;
    const fifos = rights.fifos ? [...rights.fifos].filter((name) => !allowed.has(name)) : ['any FIFO'];
    if (fifos.length > 0) found.push(`scope.fifos: ${fifos.join(', ')}`);
  }
  if (rights.fromMs < limit.fromMs) found.push(`from: before ${limit.fromMs}`);
  if (rights.toMs > limit.toMs) found.push(`to: after ${limit.toMs}`);
  return found;
}

/** True when `after` allows less than `before` in any way. */
export function isNarrower(after: KeyRights, before: KeyRights): boolean {
  return (before.active && !after.active) || excess(before, after).length > 0;
}
