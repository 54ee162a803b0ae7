import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, type Locator, type Page } from '@playwright/test';
import { connectAsync } from 'mqtt';
import { type DesktopProgram, masterKey, runToEnd, spawnProgram, test } from './desktop-program.ts';
import { appState, callPage } from './page-calls.ts';

async function sendAs(program: DesktopProgram, clientId: string, value: object): Promise<void> {
  const { mqtt } = await program.endpoints();
  const client = await connectAsync(mqtt, {
    clientId,
    username: 'json+device',
    password: masterKey,
    reconnectPeriod: 0,
  });
  await client.publishAsync('dev/data', JSON.stringify({ model: 'desktop_v1', value }), { qos: 1 });
  await client.endAsync();
}

/** Messages of the demo. */
const rowsOf = (page: Page): Locator =>
  page.getByRole('grid', { name: 'Messages' }).getByRole('row').filter({ hasText: 'sim:room' });

test('shows the portal without a login, and what a device says', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  await expect(page.getByRole('navigation')).toContainText('Dashboard');
  await expect(page.locator('input[type=password]')).toHaveCount(0);
  expect(await page.title()).toContain('Fleetbench');
  await sendAs(program, 'desktop-meter', { reading: 73_501 });
  await page.getByRole('navigation').getByRole('link', { name: 'Messages' }).click();
  await expect(page.getByText('73501').first()).toBeVisible();
});

test('runs simulated devices in their thread', async ({ start }) => {
  const program = await start();
  const page = await program.portal();
  const { id } = await program.api<{ id: string }>('POST', '/bench/v1/simulators', {
    name: 'Counting',
    count: 3,
    idPattern: 'counter-{n}',
    periodMs: 200,
    payload: { kind: 'fields', fields: { n: { kind: 'counter', start: 1 } } },
  });
  await program.api('POST', `/bench/v1/simulators/${id}/start`);
  await expect
    .poll(
      async () => (await program.api<{ connected: number }>('GET', `/bench/v1/simulators/${id}`)).connected,
    )
    .toBe(3);
  await page.getByRole('navigation').getByRole('link', { name: 'Devices' }).click();
  await expect(page.getByText('counter-3').first()).toBeVisible();
});

test('from the first start to a simulated device, its message, and both after a restart', async ({
  start,
}) => {
  const first = await start();
  let page = await first.portal();
  await page.getByRole('button', { name: 'Load a demo' }).click();
  await rowsOf(page).first().click();
  const message = page.getByRole('complementary', { name: 'Message' });
  await expect(message.getByRole('region', { name: 'Decoded, as stored' })).toContainText('"temperature"');
  const link = message.getByRole('link', { name: /^urn:lo:nsid:sim:room/ }).first();
  const device = (await link.getAttribute('aria-label')) ?? '';
  const id = (await message.locator('.facts dd').first().textContent())?.trim();
  await page.getByRole('navigation').getByRole('link', { name: 'Devices' }).click();
  const listed = page.getByRole('row').filter({ has: page.getByRole('link', { name: device, exact: true }) });
  await expect(listed).toContainText('online');
  expect(await first.quit()).toBe(0);

  const second = await start();
  page = await second.portal();
  const { origin } = new URL(page.url());
  const path = `/api/v0/data/streams/${encodeURIComponent(device)}`;
  const kept = await second.api<{ id: string }[]>('GET', path);
  expect(kept.map((each) => each.id)).toContain(id);
  await page.goto(`${origin}/#/devices/${encodeURIComponent(device)}`);
  await expect(page.getByRole('heading', { level: 1, name: device })).toBeVisible();
  await expect(page.getByText('"temperature"').first()).toBeVisible();
  // The list and the link to the message lead to it as before, though its trace is gone.
  await page.goto(`${origin}/#/messages?message=${id}`);
  await expect(rowsOf(page).first()).toContainText('temperature');
  const again = page.getByRole('complementary', { name: 'Message' });
  await expect(again.getByRole('region', { name: 'Decoded, as stored' })).toContainText('"temperature"');
  await expect(again.getByText('Its trace is not kept any more')).toBeVisible();
});

test('keeps the data over a quit, a signal and a kill', async ({ start }) => {
  const readings = async (program: DesktopProgram): Promise<unknown[]> => {
    const messages = await program.api<{ value: { n: number } }[]>('GET', '/api/v0/data/streams/kept');
    return messages.map(({ value }) => value.n).sort();
  };
  const send = async (program: DesktopProgram, n: number): Promise<void> => {
    const { mqtt } = await program.endpoints();
    const options = {
      clientId: 'kept-meter',
      username: 'json+device',
      password: masterKey,
      reconnectPeriod: 0,
    };
    const client = await connectAsync(mqtt, options);
    await client.publishAsync('dev/data', JSON.stringify({ s: 'kept', v: { n } }), { qos: 1 });
    await client.endAsync();
  };
  const first = await start();
  await send(first, 1);
  expect(await first.quit()).toBe(0);

  const second = await start();
  expect(await readings(second)).toEqual([1]);
  await send(second, 2);
  expect(await second.end('SIGTERM')).toBe(0);

  const third = await start();
  expect(await readings(third)).toEqual([1, 2]);
  await send(third, 3);
  await third.end('SIGKILL');

  const fourth = await start();
  expect(await readings(fourth)).toEqual([1, 2, 3]);
  expect(await fourth.quit()).toBe(0);
});

test('remembers where the window was', async ({ start }) => {
  const bounds = { x: 60, y: 70, width: 900, height: 600 };
  const first = await start();
  await first.portal();
  await first.app.evaluate(({ BrowserWindow }, wanted) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(wanted);
  }, bounds);
  await first.quit();
  const second = await start();
  await second.portal();
  const kept = await second.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  );
  expect(kept).toEqual(bounds);
});

test('closing the window ends the program', async ({ start }) => {
  const program = await start();
  await program.portal();
  const ended = once(program.child, 'exit');
  await program.app
    .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    .catch(() => {});
  expect((await ended)[0]).toBe(0);
});

test('a second start brings the first window to the front', async ({ start, dataDir }) => {
  const program = await start();
  await program.portal();
  await program.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const { code, output } = await runToEnd(dataDir);
  expect(code).toBe(0);
  expect(output).toContain('runs already with this data folder');
  await expect
    .poll(() => program.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
    .toBe(true);
  expect(program.app.windows()).toHaveLength(1);
});

test.describe('when a port is taken', () => {
  let port: number;
  const other = createServer();
  test.beforeAll(async () => {
    await once(other.listen(0, '127.0.0.1'), 'listening');
    ({ port } = other.address() as AddressInfo);
  });
  test.afterAll(() => void other.close());

  test('takes a free one for this run if the user says so', async ({ start, dialogs }) => {
    const program = await start({ args: [`--mqtt-port=${port}`], answers: 'retry,free-port' });
    const { mqtt } = await program.endpoints();
    expect(mqtt.endsWith(`:${port}`)).toBe(false);
    await sendAs(program, 'meter', { ok: true });
    expect(await dialogs()).toMatchObject([
      { message: `Port ${port} is not free`, answer: 'retry' },
      { message: `Port ${port} is not free`, answer: 'free-port' },
    ]);
  });

  test('ends if the user says so', async ({ dataDir, dialogs }) => {
    const { code } = await runToEnd(dataDir, { args: [`--http-port=${port}`], answers: 'quit' });
    expect(code).toBe(2);
    expect(await dialogs()).toMatchObject([{ message: `Port ${port} is not free`, answer: 'quit' }]);
  });
});

test('a page that has crashed is loaded again if the user says so', async ({ start, dialogs, dataDir }) => {
  const program = await start({ answers: 'reload' });
  await program.portal();
  await program.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  await expect.poll(dialogs).toMatchObject([{ message: 'The window has crashed', answer: 'reload' }]);
  // Playwright has lost the program with the page, so the window is asked over a connection of its own.
  await expect.poll(() => appState(dataDir)).toBe('ready');
});

test('a page that hangs is loaded again if the user says so', async ({ dialogs, dataDir }) => {
  // Chromium itself waits for a while until it calls a page hung.
  test.setTimeout(180_000);
  const program = spawnProgram(dataDir, { args: ['--remote-debugging-port=0'], answers: 'wait,reload' });
  const ended = once(program, 'exit');
  try {
    const state = () => appState(dataDir).catch(() => undefined);
    await expect.poll(state).toBe('ready');
    const expression = 'setTimeout(() => { for (;;); })';
    await callPage(dataDir, [{ method: 'Runtime.evaluate', params: { expression } }]);
    // It is called hung when it does not take what the user does.
    const press = { type: 'mousePressed', x: 20, y: 20, button: 'left', clickCount: 1 };
    const click = [{ method: 'Input.dispatchMouseEvent', params: press }];
    const message = 'The window does not answer';
    const shown = async () => {
      const questions = await dialogs();
      if (questions.length < 2) await callPage(dataDir, click, { answered: false });
      return questions;
    };
    await expect.poll(shown, { timeout: 120_000, intervals: [5000] }).toMatchObject([
      { message, answer: 'wait' },
      { message, answer: 'reload' },
    ]);
    await expect.poll(state).toBe('ready');
    // That the page that hung had to be ended is no crash to ask about.
    expect(await dialogs()).toHaveLength(2);
  } finally {
    program.kill('SIGTERM');
    await ended;
  }
});

test('says who uses the data folder', async ({ dataDir, dialogs }) => {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
  const flags = [
    '--http-port=0',
    '--https-port=off',
    '--mqtt-port=0',
    '--mqtts-port=off',
    '--coaps-port=0',
    '--bs-port=0',
    '--lora-port=0',
    '--smpp-port=0',
  ];
  const other = spawn(process.execPath, [cli, 'serve', '--json', '--data-dir', dataDir, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(other.stdout, 'data');
    const { code } = await runToEnd(dataDir, { answers: 'retry,quit' });
    expect(code).toBe(2);
    const message = 'Another Fleetbench uses the data folder';
    const detail = expect.stringContaining(`Data folder: ${dataDir}`);
    expect(await dialogs()).toMatchObject([
      { message, detail, answer: 'retry' },
      { message, detail, answer: 'quit' },
    ]);
  } finally {
    other.kill('SIGKILL');
  }
});

test('refuses a setting that makes no sense, in words', async ({ dataDir, dialogs }) => {
  const { code } = await runToEnd(dataDir, { args: ['--http-port=off'], answers: 'quit' });
  expect(code).toBe(2);
  const detail = 'The window shows what the HTTP port serves: it cannot be off.';
  expect(await dialogs()).toMatchObject([{ detail }]);
});

test('refuses a wrong flag, in words', async ({ dataDir, dialogs }) => {
  const { code, output } = await runToEnd(dataDir, { args: ['--mqtt-port=x'], answers: 'quit' });
  expect(code).toBe(2);
  expect(output).toContain('--mqtt-port must be a number from 0 to 65535');
  expect(await dialogs()).toHaveLength(1);
});
