import { describe, expect, it } from 'vitest';
import { externalAddress, isAllowedPermission, isPortalPage, isPortalRequest } from './guards.ts';

const origin = 'http://127.0.0.1:8080';

/** Each tries to be taken for the portal, or to reach a program of the machine. */
const hostile = [
  '',
  ' ',
  'about:blank',
  'about:srcdoc',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)//127.0.0.1:8080',
  'data:text/html,<script>1</script>',
  'blob:https://evil.example/1',
  'file:///etc/passwd',
  'file://127.0.0.1:8080/',
  'ftp://127.0.0.1:8080/',
  'chrome://settings',
  'devtools://devtools/bundled/inspector.html',
  'view-source:http://127.0.0.1:8080/',
  'ms-msdt:/id',
  'smb://evil.example/share',
  'vscode://file/x',
  'mailto:a@b.example',
  'https://evil.example/',
  'http://evil.example/http://127.0.0.1:8080/',
  'http://evil.example#http://127.0.0.1:8080/',
  'http://evil.example?http://127.0.0.1:8080/',
  'http://127.0.0.1:8080@evil.example/',
  'http://127.0.0.1:8080:x@evil.example/',
  'http://user@127.0.0.1:8080/',
  'http://user:pass@127.0.0.1:8080/',
  'http://127.0.0.1.evil.example:8080/',
  'http://127.0.0.1:80801/',
  'http://127.0.0.1:8081/',
  'http://127.0.0.1/',
  'http://127.0.0.2:8080/',
  'http://localhost:8080/',
  'http://[::1]:8080/',
  'https://127.0.0.1:8080/',
  'http://127.0.0.1:8080\\@evil.example/x',
  'http:/\\evil.example/',
  '//evil.example/',
  '\\\\evil.example\\share',
  'http://mqtt.org/',
  'https://mqtt.org:444/',
  'https://user@mqtt.org/',
  'https://mqtt.org.evil.example/',
  'https://evil.example/mqtt.org',
  'https://mqtt.org./',
  'https://mqtt.оrg/',
];

describe('hostile addresses', () => {
  it.each(hostile)('%j is neither the portal nor opened elsewhere', (address) => {
    expect({
      page: isPortalPage(address, origin),
      external: externalAddress(address, origin),
      clipboard: isAllowedPermission('clipboard-sanitized-write', address, origin),
    }).toEqual({ page: false, external: undefined, clipboard: false });
  });

  // A backslash ends the host: that one asks our own server for a strange path.
  const loaded = /^data:|8080\\@/;
  it.each(hostile.filter((address) => !loaded.test(address)))('%j is not loaded', (address) => {
    expect(isPortalRequest(address, origin)).toBe(false);
  });
});

describe('the portal', () => {
  it.each(['/', '', '/?code=1', '/#/devices?name=a', '/#//evil.example'])('is the page at %j', (path) => {
    expect(isPortalPage(`${origin}${path}`, origin)).toBe(true);
  });

  it.each(['/api/v1/docs', '/api/v0/docs/', '/assets/x.html', '//', '/index.html', '/..%2f'])(
    'is not the page at %j',
    (path) => {
      expect(isPortalPage(`${origin}${path}`, origin)).toBe(false);
    },
  );

  it.each([
    [`${origin}/assets/a.js`, true],
    [`${origin}/api/v0/data`, true],
    ['ws://127.0.0.1:8080/live', true],
    [`blob:${origin}/0b1c`, true],
    ['data:image/svg+xml,x', true],
    ['ws://127.0.0.1:8081/live', false],
    ['wss://127.0.0.1:8080/live', false],
    ['ws://x@127.0.0.1:8080/live', false],
  ])('loads %s: %s', (address, allowed) => {
    expect(isPortalRequest(address, origin)).toBe(allowed);
  });

  it.each([
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'fullscreen',
    'openExternal',
    'hid',
    '',
  ])('gets no permission for %j', (permission) => {
    expect(isAllowedPermission(permission, `${origin}/`, origin)).toBe(false);
  });

  it('may copy', () => {
    expect(isAllowedPermission('clipboard-sanitized-write', `${origin}/#/devices`, origin)).toBe(true);
  });
});

describe('links for the browser', () => {
  it.each([
    ['https://mqtt.org/mqtt-specification/', 'https://mqtt.org/mqtt-specification/'],
    ['https://MQTT.org', 'https://mqtt.org/'],
    [`${origin}/api/v1/docs`, `${origin}/api/v1/docs`],
    [`${origin}/api/v0/docs/`, `${origin}/api/v0/docs/`],
  ])('%s', (address, opened) => {
    expect(externalAddress(address, origin)).toBe(opened);
  });

  it.each(['/', '/?code=1', '/api/v1/docsx', '/api/v0/apiKeys', '/bench/v1/reset'])(
    'not our own %s',
    (path) => {
      expect(externalAddress(`${origin}${path}`, origin)).toBeUndefined();
    },
  );
});
