import { create } from 'zustand';
import type { PortalSession } from '../../core/contract/sessions.ts';

/** Why the sign-in page is shown, when not for the first time. */
export interface SignOutReason {
  /** `link`: that of the address did not sign in; `session`: the one of this page is no longer known. */
  readonly kind: 'link' | 'session';
  /** As the platform said it. */
  readonly message: string;
  readonly details?: string | undefined;
}

interface SessionState {
  /** `opening` while a link is being exchanged. */
  readonly phase: 'opening' | 'signedOut' | 'signedIn';
  readonly session: PortalSession | undefined;
  readonly reason: SignOutReason | undefined;
  signIn(session: PortalSession): void;
  signOut(reason?: SignOutReason): void;
  /** Replaces the key of this session by a new one: meanwhile the old one may fail, and that ends nothing. */
  renew(newKey: () => Promise<string | undefined>): Promise<void>;
}

let renewing = false;
const storageKey = 'fleetbench.session';

/** Who is signed in. The key outlives a reload of the tab and nothing else. */
export const useSession = create<SessionState>()((set, get) => ({
  phase: 'opening',
  session: undefined,
  reason: undefined,
  signIn(session) {
    sessionStorage.setItem(storageKey, JSON.stringify(session));
    set({ phase: 'signedIn', session, reason: undefined });
  },
  signOut(reason) {
    if (renewing && reason) return;
    sessionStorage.removeItem(storageKey);
    set({ phase: 'signedOut', session: undefined, reason });
  },
  async renew(newKey) {
    renewing = true;
    try {
      const key = await newKey();
      const { session, signIn } = get();
      if (key !== undefined && session) signIn({ ...session, key });
    } finally {
      renewing = false;
    }
  },
}));

/** The session that this tab had before it was reloaded. */
export function rememberedSession(): PortalSession | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return undefined;
    const { key, tenantId } = kept as Partial<PortalSession>;
    return typeof key === 'string' && typeof tenantId === 'string' ? { key, tenantId } : undefined;
  } catch {
    return undefined;
  }
}
