// `npm run screenshots`: starts the program with a demo fleet and takes the pictures of docs/screenshots.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from '@playwright/test';
import { buildWhenStale, root } from '../../scripts/lib/prepare.mjs';
import { isFresh } from '../../scripts/lib/stamp.mjs';
import { findBrowser } from '../find-browser.mjs';
import { Platform } from '../platform.ts';
import { Portal } from '../portal.ts';
import { loadDemo } from './demo.ts';
import { type Picture, pictures, settle } from './pictures.ts';

const help = `npm run screenshots -- [flags]

  --only LIST      names of pictures, for example devices,message (default: all)
  --dir DIR        where to put them (default: docs/screenshots)
  --warm-up S      seconds for which the demo runs before the first picture (default 75)
  --width W        width of the window (default 1280)
  --height H       height of the window (default 800)
  --language L     language of the browser (default en-GB)
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    dir: { type: 'string', default: join(root, 'docs/screenshots') },
    'warm-up': { type: 'string', default: '75' },
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '800' },
    language: { type: 'string', default: 'en-GB' },
    help: { type: 'boolean', default: false },
  },
});

/** All pictures together: whoever clones the repository fetches them. */
const mostBytes = 12 * 1024 * 1024;

const sizeOf = (file: string): number => statSync(file).size;
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function takeAll(platform: Platform, browser: Browser, wanted: readonly Picture[]): Promise<number> {
  let bytes = 0;
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      viewport: { width: Number(values.width), height: Number(values.height) },
      colorScheme,
      locale: values.language,
      timezoneId: 'Europe/Paris',
      reducedMotion: 'reduce',
    });
    const portal = new Portal(await context.newPage(), platform);
    await portal.signIn(await platform.newLink());
    for (const { name, path, prepare } of wanted.filter(({ dark }) => dark || colorScheme === 'light')) {
      const file = join(values.dir, colorScheme === 'dark' ? `${name}-dark.png` : `${name}.png`);
      await portal.open('/settings');
      await portal.open(path);
      await settle(portal.page);
      await prepare?.(portal);
      await settle(portal.page);
      await portal.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
      bytes += sizeOf(file);
      console.log(`${name}, ${colorScheme}: ${(sizeOf(file) / 1024).toFixed(0)} KiB`);
    }
    await context.close();
  }
  return bytes;
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(help);
  if (!isFresh(root, 'js') || !isFresh(root, 'portal')) buildWhenStale(['--js', '--portal']);
  const platform = await Platform.start();
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  try {
    const fleets = await loadDemo(platform);
    const all = pictures(fleets.get('machine') ?? '');
    const names = values.only?.split(',') ?? all.map(({ name }) => name);
    const unknown = names.filter((name) => !all.some((picture) => picture.name === name));
    if (unknown.length > 0) throw new Error(`no picture is called ${unknown.join(', ')}`);
    if (values.only === undefined) rmSync(values.dir, { recursive: true, force: true });
    mkdirSync(values.dir, { recursive: true });
    await pause(Number(values['warm-up']) * 1000);
    const bytes = await takeAll(
      platform,
      browser,
      all.filter(({ name }) => names.includes(name)),
    );
    console.log(`${(bytes / 1024 / 1024).toFixed(1)} MiB in all`);
    if (bytes > mostBytes) throw new Error(`that is more than ${mostBytes / 1024 / 1024} MiB`);
  } finally {
    await browser.close();
    await platform.stop();
  }
}

await main();
