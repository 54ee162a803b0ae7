import { PlatformError } from '../contract/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { isoTime } from '../platform/clock.ts';
import { Serial } from '../platform/serial.ts';
import { LoginGuard, type LoginGuardSettings } from './login-guard.ts';
import { isPassword } from './passwords.ts';
import type { UserRecord } from './user-record.ts';

export interface PasswordCheckSettings extends LoginGuardSettings {
  /** Most checks that wait for their turn; each is slow on purpose, and they are done one at a time. */
  readonly loginMaxWaiting: number;
  /** Most names that no user has whose failures are remembered; one more forgets the oldest. */
  readonly loginMaxNames: number;
}

/**
 * Checks passwords and locks out who fails too often (manual 4.2). One at a time: otherwise many guesses at once
 * would all be looked at before the first of them is counted.
 */
export class PasswordCheck {
  /** Of users, by id: none of them is forgotten, however many other names are tried. */
  readonly guard: LoginGuard;
  /** Of names that no user has: anybody may send any number of them. */
  private readonly strangers: LoginGuard;
  private readonly settings: PasswordCheckSettings;
  private readonly onLock: (user: UserRecord, untilMs: number) => Promise<void>;
  private readonly turns = new Serial();
  private waiting = 0;

  constructor(
    clock: Clock,
    settings: PasswordCheckSettings,
    onLock: (user: UserRecord, untilMs: number) => Promise<void>,
  ) {
    this.guard = new LoginGuard(clock, settings);
    this.strangers = new LoginGuard(clock, settings, settings.loginMaxNames);
    this.settings = settings;
    this.onLock = onLock;
  }

  /**
   * @param find looks for the user when it is the turn of this check
   * @param name what the caller signs in with; counted when there is no such user
   * @throws PlatformError `access.credentials`, `accounts.userLocked`, `access.rateLimit`
   */
  async require(find: () => UserRecord | undefined, name: string, password: string): Promise<UserRecord> {
    const { loginMaxWaiting } = this.settings;
    if (this.waiting >= loginMaxWaiting) {
      throw new PlatformError('access.rateLimit', 'Too many sign-ins at a time; try again in a moment.', {
        details: `At most ${loginMaxWaiting} wait for their turn (setting loginMaxWaiting).`,
        retryAfterMs: 1000,
      });
    }
    this.waiting++;
    try {
      return await this.turns.run(() => this.check(find(), name, password));
    } finally {
      this.waiting--;
    }
  }

  private async check(user: UserRecord | undefined, name: string, password: string): Promise<UserRecord> {
    const [guard, guarded] = user ? [this.guard, user.id] : [this.strangers, name.toLowerCase()];
    const lockedUntilMs = guard.lockedUntilMs(guarded);
    if (lockedUntilMs !== undefined) {
      throw new PlatformError('accounts.userLocked', 'Too many failed sign-ins: locked for a while.', {
        details: `Until ${isoTime(lockedUntilMs)} (settings loginMaxFailures and loginLockMs).`,
      });
    }
    const isRight = await isPassword(password, user?.password);
    if (user && isRight) {
      guard.forget(guarded);
      return user;
    }
    const untilMs = guard.fail(guarded);
    if (user && untilMs !== undefined) await this.onLock(user, untilMs);
    throw new PlatformError('access.credentials', 'The login or the password is wrong.');
  }
}
