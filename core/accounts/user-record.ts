import { profileRoles, type Role } from '../contract/roles.ts';
import type { UserJson, UserState } from '../contract/users.ts';

/** What is stored of a user, apart from its keys. Times in milliseconds since the epoch. */
export interface UserDocument {
  readonly email?: string;
  readonly language?: string;
  readonly roles: readonly Role[];
  readonly state: UserState;
  readonly updatedMs: number;
  readonly lockedUntilMs?: number;
  readonly lastLoginMs?: number;
}

/** A user in memory. */
export interface UserRecord {
  readonly id: string;
  readonly tenantId: string;
  readonly createdMs: number;
  readonly login: string;
  /** What is kept of the password; never the password. */
  readonly password: string;
  readonly document: UserDocument;
}

export function isAdmin({ roles }: UserDocument): boolean {
  return profileRoles.ADMIN.every((role) => roles.includes(role));
}

/** @param password one that was just made, for the one answer that may show it. */
export function toUserJson(user: UserRecord, nowMs: number, password?: string): UserJson {
  const { document } = user;
  const { lockedUntilMs = 0 } = document;
  const locked = lockedUntilMs > nowMs;
  return {
    id: user.id,
    tenantId: user.tenantId,
    login: user.login,
    ...(document.email !== undefined && { email: document.email }),
    ...(document.language !== undefined && { language: document.language }),
    roles: [...document.roles],
    admin: isAdmin(document),
    state: document.state,
    locked,
    ...(locked && { lockedUntil: lockedUntilMs }),
    ...(document.lastLoginMs !== undefined && { lastLogin: document.lastLoginMs }),
    creationTs: user.createdMs,
    updateTs: document.updatedMs,
    ...(password !== undefined && { password }),
  };
}
