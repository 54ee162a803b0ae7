import type { PortalSession } from '../../core/contract/sessions.ts';
import { ApiError, api } from '../api/client.ts';
import { takeCode } from './link-code.ts';
import { rememberedSession, useSession } from './session-store.ts';

/** What a desktop window gives its page. */
interface DesktopBridge {
  readonly session?: PortalSession;
}

/** Finds a session: of the desktop window, of the link that was opened, or of this tab before a reload. */
export async function openSession(): Promise<void> {
  const { signIn, signOut } = useSession.getState();
  const bridge = (window as { fleetbench?: DesktopBridge }).fleetbench;
  if (bridge?.session) return signIn(bridge.session);
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
    signOut({ message: known?.message ?? String(error), details: known?.details });
  }
}

/** Signs in with a pasted API key. @throws ApiError when the platform does not know it. */
export async function signInWithKey(key: string): Promise<void> {
  const { content } = await api.get<{ content: string }>('/api/v0/whoami', { key });
  useSession.getState().signIn({ key, tenantId: content });
}
