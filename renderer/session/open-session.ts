import type { DesktopBridge } from '../../core/contract/desktop.ts';
import type { PortalSession } from '../../core/contract/sessions.ts';
import type { AuthAnswer } from '../../core/contract/users.ts';
import { ApiError, api } from '../api/client.ts';
import { takeCode } from './link-code.ts';
import { rememberedSession, useSession } from './session-store.ts';

/** What the desktop program gives the page in its window; a browser has none. */
export const desktopBridge = (): DesktopBridge | undefined =>
  (window as { fleetbench?: DesktopBridge }).fleetbench;

/** The session that a desktop window has of itself; a browser has none. */
export const windowSession = (): PortalSession | undefined => desktopBridge()?.session;

/** Finds a session: of the desktop window, of the link that was opened, or of this tab before a reload. */
export async function openSession(): Promise<void> {
  const { signIn, signOut } = useSession.getState();
  const ofWindow = windowSession();
  if (ofWindow) return signIn(ofWindow);
  const { code, cleaned } = takeCode(window.location.href);
  const remembered = rememberedSession();
  if (code === undefined) return remembered ? signIn(remembered) : signOut();
  // Out of the address bar before anything else: it must not be shared or bookmarked.
  window.history.replaceState(null, '', cleaned);
  try {
    signIn(await api.post<PortalSession>('/bench/v1/sessions', { code }, { anonymous: true }));
  } catch (error) {
    // A link that is opened twice in one tab leaves the first session as it is.
    if (remembered) return signIn(remembered);
    const known = error instanceof ApiError ? error : undefined;
    signOut({ kind: 'link', message: known?.message ?? String(error), details: known?.details });
  }
}

/** Signs in with a pasted API key. @throws ApiError when the platform does not know it. */
export async function signInWithKey(key: string): Promise<void> {
  const { content } = await api.get<{ content: string }>('/api/v0/whoami', { key });
  useSession.getState().signIn({ key, tenantId: content });
}

/**
 * Signs a user in by login or e-mail address.
 * @throws ApiError when either is wrong, or the user is locked out or disabled.
 */
export async function signInAsUser(name: string, password: string): Promise<void> {
  const who = name.includes('@') ? { email: name } : { login: name };
  const { apiKey } = await api.post<AuthAnswer>('/api/v0/auth', { ...who, password }, { anonymous: true });
  useSession.getState().signIn({ key: apiKey.value ?? '', tenantId: apiKey.tenantId });
}

/** Leaves the session, and ends it on the platform too where it is one that only this tab has. */
export function endSession(kind: 'user' | 'portal' | 'key' | undefined): void {
  const { session, signOut } = useSession.getState();
  const isOwn = (kind === 'user' || kind === 'portal') && session?.key !== windowSession()?.key;
  // Whoever leaves is gone from this page at once, whether or not the platform still answers.
  if (isOwn && session)
    void api.post('/api/v0/logout', undefined, { key: session.key }).catch(() => undefined);
  signOut();
}
