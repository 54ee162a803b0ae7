/**
 * Decides where the window may go. Pure: what Electron asks is answered here and nowhere else, and a table of
 * hostile addresses tests it.
 */

/** Sites that a link may open in the system's browser. Exact hosts, https only. */
export const externalHosts: ReadonlySet<string> = new Set([
  'developer.mozilla.org',
  'docs.oasis-open.org',
  'mqtt.org',
  'www.rfc-editor.org',
]);

/** Pages of the platform itself that belong into a browser and not into the window. */
const browserPages = /^\/api\/v[01]\/docs(\/.*)?$/;

function parse(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** Addresses with a name or password in them look like one host and lead to another. */
function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

/** True for the portal's own page, the only one that may be in the window. */
export function isPortalPage(address: string, portalOrigin: string): boolean {
  const url = parse(address);
  return (
    url !== undefined &&
    url.protocol === 'http:' &&
    !hasCredentials(url) &&
    url.origin === portalOrigin &&
    url.pathname === '/'
  );
}

/** True for what the portal's page may load or connect to: the platform that it came from. */
export function isPortalRequest(address: string, portalOrigin: string): boolean {
  const url = parse(address);
  if (url === undefined || hasCredentials(url)) return false;
  if (url.protocol === 'data:') return true;
  if (url.protocol === 'blob:') return parse(url.pathname)?.origin === portalOrigin;
  if (url.protocol === 'ws:') return `http://${url.host}` === portalOrigin;
  return url.protocol === 'http:' && url.origin === portalOrigin;
}

/** The address to hand to the system's browser, or undefined for what must not leave the window. */
export function externalAddress(address: string, portalOrigin: string): string | undefined {
  const url = parse(address);
  if (url === undefined || hasCredentials(url)) return undefined;
  if (url.protocol === 'https:' && url.port === '' && externalHosts.has(url.hostname)) return url.href;
  const isOwnPage =
    url.protocol === 'http:' && url.origin === portalOrigin && browserPages.test(url.pathname);
  return isOwnPage ? url.href : undefined;
}

/** The one thing that the portal asks the window for is to put text on the clipboard. */
export function isAllowedPermission(
  permission: string,
  requestingUrl: string,
  portalOrigin: string,
): boolean {
  return permission === 'clipboard-sanitized-write' && isPortalPage(requestingUrl, portalOrigin);
}
