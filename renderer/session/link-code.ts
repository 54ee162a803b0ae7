/**
 * The one-time code of a portal link, from `/?code=…` or `#/login?code=…`, and the address without it.
 */
export function takeCode(href: string): { code: string | undefined; cleaned: string } {
  const url = new URL(href);
  const [hashPath = '', hashQuery = ''] = url.hash.split('?', 2);
  const inHash = new URLSearchParams(hashQuery);
  const code = url.searchParams.get('code') ?? inHash.get('code') ?? undefined;
  url.searchParams.delete('code');
  inHash.delete('code');
  const rest = inHash.toString();
  const path = hashPath === '#/login' ? '' : hashPath;
  url.hash = rest === '' ? path : `${path || '#/'}?${rest}`;
  return { code, cleaned: url.toString().replace(/#$/, '') };
}
