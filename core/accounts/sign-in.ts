import type { AuthAnswer, AuthRequest } from '../contract/users.ts';
import { isAdmin } from './user-record.ts';
import type { UsersService } from './users-service.ts';

/**
 * Signs a user in with the login or the e-mail address: opens a session, whose key has the user's roles
 * (manual 4.2).
 * @throws PlatformError `access.credentials`, `accounts.userLocked`, `accounts.userDisabled`, `access.rateLimit`
 */
export async function signIn(users: UsersService, request: AuthRequest): Promise<AuthAnswer> {
  const name = request.login || request.email || '';
  const { id } = await users.checks.require(() => users.users.findByName(name), name, request.password);
  const { apiKey, user } = await users.openSession(id);
  return { apiKey, admin: isAdmin(user.document) };
}
