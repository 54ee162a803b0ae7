import type { Role } from '../contract/roles.ts';

/** What an accepted API key allows. The same object for each use of the key, so it may be compared. */
export interface KeyGrant {
  readonly keyId: string;
  readonly tenantId: string;
  readonly roles: ReadonlySet<Role>;
  /** FIFOs the key may use; undefined: any (manual 4.3). */
  readonly fifos: ReadonlySet<string> | undefined;
  /**
   * May act for the whole instance, beyond its tenant: make tenants, empty everything. Of the default tenant's
   * master key and the portal sessions it opens.
   */
  readonly operator?: true;
  /** The user who signed in, when this is a user's session. */
  readonly userId?: string;
  /** The portal session, when this is one that a link opened. */
  readonly portalSession?: string;
}

/** Why a key was not accepted. */
export type KeyRefusal =
  /** Not 32 hexadecimal characters, or absent. */
  | 'malformed'
  /** Well-formed, and not a key of this platform. */
  | 'unknown'
  /** Switched off. */
  | 'inactive'
  /** Before its `from`, after its `to`, or a session that was not used for too long. */
  | 'outside-validity';

/** Which keys are in debug mode. */
export interface KeyDebug {
  /** True while the use of the key over MQTT is to be written to the audit log. */
  inDebugMode(grant: KeyGrant): boolean;
}

/** For connections that show their key once and use it for long. */
export interface KeyUse {
  /** The key was used now, so that its time without use starts anew. */
  noteUse(grant: KeyGrant): void;
}

/** Whether keys that were shown before may still be used. */
export interface KeyValidity {
  /** False from the moment at which the key of the grant has ended or was switched off. */
  mayBeUsed(grant: KeyGrant): boolean;
}

export interface KeyAuthenticator {
  authenticate(keyText: string | undefined): KeyGrant | KeyRefusal;
}
