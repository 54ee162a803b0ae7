import type { Role } from '../contract/roles.ts';

/** What an accepted API key allows. The same object for each use of the key, so it may be compared. */
export interface KeyGrant {
  readonly keyId: string;
  readonly tenantId: string;
  readonly roles: ReadonlySet<Role>;
  /** FIFOs the key may use; undefined: any (manual 4.3). */
  readonly fifos: ReadonlySet<string> | undefined;
}

/** Why a key was not accepted. */
export type KeyRefusal =
  /** Not 32 hexadecimal characters, or absent. */
  | 'malformed'
  /** Well-formed, and not a key of this platform. */
  | 'unknown'
  /** Switched off. */
  | 'inactive'
  /** Before its `from` or after its `to`. */
  | 'outside-validity';

export interface KeyAuthenticator {
  authenticate(keyText: string | undefined): KeyGrant | KeyRefusal;
}
