import { create } from 'zustand';
import type { PortalSession } from '../../core/contract/sessions.ts';

/** Why the sign-in page is shown, when not for the first time. */
export interface SignOutReason {
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
}

const storageKey = 'fleetbench.session';

/** Who is signed in. The key outlives a reload of the tab and nothing else. */
export const useSession = create<SessionState>()((set) => ({
  phase: 'opening',
  session: undefined,
  reason: undefined,
  signIn(session) {
    sessionStorage.setItem(storageKey, JSON.stringify(session));
    set({ phase: 'signedIn', session, reason: undefined });
  },
  signOut(reason) {
    sessionStorage.removeItem(storageKey);
    set({ phase: 'signedOut', session: undefined, reason });
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
