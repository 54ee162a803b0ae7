import type { ReactNode } from 'react';
import type { Role } from '../../core/contract/roles.ts';
import { useLack } from '../session/identity.ts';

/** What needs a role to be seen, or, in its place, which role is missing. */
export function Permitted({ needs, children }: { needs: Role; children: ReactNode }) {
  const lack = useLack(needs);
  return lack === undefined ? children : <p className="dimmed">{lack}</p>;
}
