import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { PlatformError } from '../core/contract/errors.ts';
import { defaultDataDir } from '../host/data-dir.ts';
import { readServeFlags, type ServeFlags } from '../host/flags.ts';
import { toStartFailure } from '../host/start-failure.ts';
import { Desktop } from './desktop.ts';
import { pickDesktopArguments } from './desktop-arguments.ts';
import { readDesktopSettings } from './desktop-settings.ts';
import { ask } from './dialogs.ts';
import { startQuestion } from './start-question.ts';

// The words before are Electron and, unless packaged, the folder of the program.
const { own } = pickDesktopArguments(process.argv.slice(1));
const usualDataDir = resolve(defaultDataDir(process.env, process.platform));

function readFlags(): ServeFlags {
  const dataDir = dataDirOf(own);
  const flags = readServeFlags([...(dataDir ? readDesktopSettings(dataDir) : []), ...own], usualDataDir);
  if (flags.ports.http === undefined) {
    throw new PlatformError(
      'platform.setting',
      'The window shows what the HTTP port serves: it cannot be off.',
    );
  }
  return { ...flags, dataDir };
}

function dataDirOf(argv: readonly string[]): string | undefined {
  const { dataDir } = readServeFlags(argv, usualDataDir);
  return dataDir === undefined ? undefined : resolve(dataDir);
}

/**
 * What Chromium keeps, and the lock that lets the program run once, belong to the data folder: programs with
 * different folders run side by side.
 */
function chooseProfile(): void {
  const dataDir = dataDirOf(own);
  const profile =
    dataDir === undefined ? mkdtempSync(join(tmpdir(), 'fleetbench-window-')) : join(dataDir, 'desktop');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  if (dataDir === undefined) process.on('exit', () => rmSync(profile, { recursive: true, force: true }));
  app.setPath('userData', profile);
  app.setPath('sessionData', profile);
}

/** Wrong flags, or a data folder that cannot be made: there is nothing to run with. */
async function giveUp(error: unknown): Promise<void> {
  const failure = toStartFailure(error);
  if (!failure) throw error;
  process.stderr.write(`fleetbench: ${[failure.message, failure.details].filter(Boolean).join(' ')}\n`);
  await app.whenReady();
  const question = startQuestion(failure, undefined);
  await ask({ ...question, choices: question.choices.filter(({ choice }) => choice === 'quit') }, undefined);
  app.exit(2);
}

app.setName('Fleetbench');
// Who turns the sandbox off by Chromium's own switch, as tests under root must, is left alone.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
try {
  chooseProfile();
  if (app.requestSingleInstanceLock()) {
    new Desktop(readFlags).start();
  } else {
    process.stdout.write('Fleetbench runs already with this data folder; its window comes to the front.\n');
    app.exit(0);
  }
} catch (error) {
  void giveUp(error);
}
