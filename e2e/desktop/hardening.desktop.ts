import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { type DesktopProgram, test } from './desktop-program.ts';

const preload = fileURLToPath(new URL('../../dist/electron/preload.cjs', import.meta.url));

/** What somebody else's server was asked for. */
const asked: string[] = [];
const foreignPage = '<title>foreign</title><p>foreign';
/** Pages of somebody else on this machine. */
const foreign = createServer(({ url = '' }, response) => {
  asked.push(url);
  response.setHeader('Content-Type', 'text/html').setHeader('Access-Control-Allow-Origin', '*');
  if (url === '/moved') response.writeHead(302, { Location: '/elsewhere' });
  const page = url === '/framed' ? '<title>framed</title><iframe src="/in-frame"></iframe>' : foreignPage;
  response.end(`<!doctype html>${page}`);
});
let foreignOrigin: string;
test.beforeAll(async () => {
  await once(foreign.listen(0, '127.0.0.1'), 'listening');
  foreignOrigin = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}`;
});
test.afterAll(() => void foreign.close());

/** Keeps what would go to the system's browser, in place of opening it. */
async function watchBrowser(program: DesktopProgram): Promise<() => Promise<string[]>> {
  await program.app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (address) => void opened.push(address);
  });
  return () => program.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
}

test('a page is isolated, in a sandbox, without Node', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  expect(
    await page.evaluate('[typeof require, typeof process, typeof module, typeof Buffer, typeof global]'),
  ).toEqual(Array(5).fill('undefined'));
  const preferences = await program.app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0] ?? {};
    // The settings in force, which the types do not name.
    return (
      webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    ).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test('the bridge is one object of what the portal uses, which a page cannot change', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  expect(await page.evaluate('Object.keys(window.fleetbench).sort()')).toEqual(['openDataFolder', 'session']);
  expect(await page.evaluate('try { window.fleetbench = 1 } catch {} ; typeof window.fleetbench')).toBe(
    'object',
  );
});

test('the page loads under a strict policy', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  const policy = await page.evaluate("fetch('/').then((r) => r.headers.get('content-security-policy'))");
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  // Playwright's own evaluation is not under the policy; a script that the page adds is.
  const ran = await page.evaluate(
    "(() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); return window.ran; })()",
  );
  expect(ran).toBeUndefined();
});

test('the window stays on the portal', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  const opened = await watchBrowser(program);
  const { href: before, origin } = new URL(page.url());
  for (const address of [`${foreignOrigin}/`, 'https://mqtt.org.evil.example/', 'file:///etc/passwd']) {
    await page.evaluate(`location.href = ${JSON.stringify(address)}`);
  }
  await page.evaluate(
    `(() => { const a = document.createElement('a'); a.href = '${foreignOrigin}/'; a.click(); })()`,
  );
  await expect.poll(() => program.output).toContain(`refused to go to ${foreignOrigin}/`);
  // Pages of the platform that are not the portal would have the bridge as well.
  await page.evaluate("location.href = '/api/v1/docs'");
  await expect.poll(opened).toEqual([`${origin}/api/v1/docs`]);
  expect(page.url()).toBe(before);
  expect(await page.evaluate('typeof window.fleetbench')).toBe('object');
});

test('a page that the program never meant to show leads nowhere', async ({ start }) => {
  const program = await start();
  await program.portal();
  // Its session is another one, which lets everything be loaded: what is refused here, the page's guards refuse.
  const open = (path: string) =>
    program.app.evaluate(async ({ BrowserWindow }, address) => {
      const window = new BrowserWindow({
        show: false,
        webPreferences: { partition: 'foreign', sandbox: true },
      });
      const title = await window.loadURL(address).then(
        () => window.webContents.getTitle(),
        () => 'refused',
      );
      // A frame is fetched after the page; a page that was refused runs nothing.
      if (title !== 'refused') await window.webContents.executeJavaScript("fetch('/after').then(() => true)");
      window.destroy();
      return title;
    }, `${foreignOrigin}${path}`);
  expect(await open('/moved')).toBe('refused');
  expect(program.output).toContain(`refused to go to ${foreignOrigin}/elsewhere`);
  expect(await open('/framed')).toBe('framed');
  expect(asked).toEqual(expect.arrayContaining(['/moved', '/framed', '/after']));
  for (const path of ['/elsewhere', '/in-frame']) expect(asked).not.toContain(path);
});

test('no page opens a window', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  const opened = await watchBrowser(program);
  for (const address of [
    `${foreignOrigin}/`,
    'about:blank',
    'file:///etc/passwd',
    'mailto:a@b.example',
    '/',
  ]) {
    expect(await page.evaluate(`window.open(${JSON.stringify(address)}) === null`), address).toBe(true);
  }
  expect(await opened()).toEqual([]);
  await page.evaluate("window.open('https://mqtt.org/')");
  await expect.poll(opened).toEqual(['https://mqtt.org/']);
  expect(program.app.windows()).toHaveLength(1);
});

test('a page gets no permission but to copy', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  expect(await page.evaluate('Notification.requestPermission()')).toBe('denied');
  const media = "navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'given', (e) => e.name)";
  expect(await page.evaluate(media)).not.toBe('given');
  const screen = "navigator.mediaDevices.getDisplayMedia().then(() => 'given', (e) => e.name)";
  expect(await page.evaluate(screen)).not.toBe('given');
  const read = "navigator.clipboard.readText().then(() => 'given', (e) => e.name)";
  expect(await page.evaluate(read)).toBe('NotAllowedError');
  const place =
    "new Promise((r) => navigator.geolocation.getCurrentPosition(() => r('given'), (e) => r(e.code)))";
  expect(await page.evaluate(place)).toBe(1);
  await page.getByRole('navigation').getByRole('link', { name: 'Connect a device' }).click();
  await page.getByRole('button', { name: 'Copy mosquitto_pub' }).click();
  await expect
    .poll(() => program.app.evaluate(({ clipboard }) => clipboard.readText()))
    .toContain('mosquitto_pub -h ');
});

test('nothing is loaded from elsewhere', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  const get = `fetch('${foreignOrigin}/').then(() => 'loaded', () => 'refused')`;
  expect(await page.evaluate(get)).toBe('refused');
  // Below the policy of the page, the session itself refuses.
  const below = await program.app.evaluate(
    ({ session }, address) =>
      session.defaultSession.fetch(address).then(
        () => 'loaded',
        () => 'refused',
      ),
    `${foreignOrigin}/`,
  );
  expect(below).toBe('refused');
});

test('calls of any other page are refused', async ({ start }) => {
  const program = await start();
  const portalAddress = (await program.portal()).url();
  const open = (address: string, partition: string) =>
    program.app.evaluate(
      async ({ BrowserWindow }, given) => {
        const window = new BrowserWindow({
          show: false,
          webPreferences: { preload: given.preload, partition: given.partition, sandbox: true },
        });
        await window.loadURL(given.address).catch(() => {});
        const found = await window.webContents.executeJavaScript(
          '[document.title, typeof window.fleetbench]',
        );
        window.destroy();
        return found as string[];
      },
      { address, partition, preload },
    );
  expect(await open(`${foreignOrigin}/`, 'foreign')).toEqual(['foreign', 'undefined']);
  expect(program.output).toContain(`fleetbench:begin: ${foreignOrigin}/ is not in the window of the program`);
  // The portal itself, in a window that is not the program's.
  expect((await open(portalAddress, ''))[1]).toBe('undefined');
});

test('a frame in the portal is neither shown nor given anything', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  for (const address of ['/', `${foreignOrigin}/`, 'about:blank']) {
    const found = await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement('iframe');
      const look = () => {
        try { resolve(typeof frame.contentWindow.fleetbench); } catch (error) { resolve(error.name); }
      };
      frame.onload = look;
      setTimeout(look, 2000);
      frame.src = ${JSON.stringify(address)};
      document.body.append(frame);
    })`);
    expect(['undefined', 'SecurityError'], address).toContain(found);
  }
});

test('the folder of the data opens from the settings, and there is no way to it where nothing is kept', async ({
  start,
}) => {
  const opener = async (program: DesktopProgram) => {
    const page = await program.portal();
    await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click();
    await page.getByText('Running for').waitFor();
    return page.getByRole('button', { name: 'Open the data folder' });
  };
  const program = await start();
  const open = await opener(program);
  await program.app.evaluate(({ shell }) => {
    shell.openPath = async (path) => {
      Object.assign(globalThis, { openedFolder: path });
      return '';
    };
  });
  await open.click();
  const opened = () =>
    program.app.evaluate(() => (globalThis as { openedFolder?: string }).openedFolder ?? '');
  await expect.poll(opened).toContain('fleetbench-desktop-');
  const ephemeral = await start({ ephemeral: true });
  await expect(await opener(ephemeral)).toHaveCount(0);
});
