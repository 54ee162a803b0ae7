import { type App, type Session, shell, type WebContents } from 'electron';
import { externalAddress, isAllowedPermission, isPortalPage, isPortalRequest } from './guards.ts';

interface Preventable {
  preventDefault(): void;
  readonly url: string;
}

/** What a page in the window may ask of the session: nothing but the portal's files, and to copy. */
export function hardenSession(session: Session, portalOrigin: () => string | undefined, dev: boolean): void {
  const mayAsk = (permission: string, url: string): boolean =>
    isAllowedPermission(permission, url, portalOrigin() ?? '');
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(mayAsk(permission, requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => mayAsk(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const isOfDevTools = dev && url.startsWith('devtools://');
    answer({ cancel: !isOfDevTools && !isPortalRequest(url, portalOrigin() ?? '') });
  });
}

/** Keeps every page that this program ever shows where it is. */
export function hardenPages(
  app: App,
  portalOrigin: () => string | undefined,
  warn: (text: string) => void,
): void {
  const stay = (event: Preventable): void => {
    if (isPortalPage(event.url, portalOrigin() ?? '')) return;
    event.preventDefault();
    warn(`refused to go to ${event.url}`);
    openOutside(event.url, portalOrigin());
  };
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-frame-navigate', (event) => {
      // The portal has no frames; those of the main frame come as will-navigate too.
      if (!event.isMainFrame) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (!openOutside(url, portalOrigin())) warn(`refused to open ${url}`);
      return { action: 'deny' };
    });
  });
}

/** Opens a page of the allow list in the system's browser. */
function openOutside(url: string, portalOrigin: string | undefined): boolean {
  const address = externalAddress(url, portalOrigin ?? '');
  if (address === undefined) return false;
  void shell.openExternal(address).catch(() => {});
  return true;
}
