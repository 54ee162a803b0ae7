import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, test as base, type ElectronApplication, type Page } from '@playwright/test';
import { type OrdinaryUser, settleIn } from './ordinary-user.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const electron = process.env.FLEETBENCH_TEST_ELECTRON ?? '';
/** Chromium has no sandbox for root, who runs these tests in containers; sandbox.desktop.ts tries it as another user. */
const withoutSandbox = '--no-sandbox';
const freePorts = ['--free-ports', '--https-port=off', '--mqtts-port=off'];

export const masterKey = 'de5c70bde5c70bde5c70bde5c70bde5c';

export interface StartOptions {
  readonly args?: readonly string[];
  /** Keeps nothing, in place of using the data folder. */
  readonly ephemeral?: boolean;
  /** What to answer to dialogs, in their order. */
  readonly answers?: string;
}

/** The real program, run by a real Electron. */
export class DesktopProgram {
  readonly app: ElectronApplication;
  readonly child: ChildProcess;
  /** Standard output and error so far. */
  output = '';

  private constructor(app: ElectronApplication) {
    this.app = app;
    this.child = app.process();
    const keep = (text: Buffer): void => {
      this.output += text.toString();
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
  }

  static async start(
    dataDir: string,
    { args = [], ephemeral = false, answers = '' }: StartOptions = {},
  ): Promise<DesktopProgram> {
    const kept = ephemeral ? ['--ephemeral'] : ['--data-dir', dataDir];
    const app = await _electron.launch({
      executablePath: electron,
      args: [withoutSandbox, root, ...kept, '--master-key', masterKey, ...freePorts, ...args],
      env: environment(dataDir, answers),
      timeout: 30_000,
    });
    return new DesktopProgram(app);
  }

  /** The window, when the portal in it is there. */
  async portal(): Promise<Page> {
    const page = await this.app.firstWindow();
    await page.waitForURL(/^http:/);
    await page.locator('[data-app-state="ready"]').waitFor({ state: 'attached' });
    return page;
  }

  async endpoints(): Promise<{ http: string; mqtt: string }> {
    const page = await this.portal();
    const answer = await fetch(`${new URL(page.url()).origin}/bench/v1/endpoints`, {
      headers: { 'X-API-Key': masterKey },
    });
    return answer.json() as Promise<{ http: string; mqtt: string }>;
  }

  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { origin } = new URL((await this.portal()).url());
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers: { 'X-API-Key': masterKey, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** As the menu does. @returns the exit code */
  async quit(): Promise<number | null> {
    const ended = once(this.child, 'exit');
    await this.app.evaluate(({ app }) => app.quit()).catch(() => {});
    const [code] = await ended;
    return code as number | null;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = await ended;
    return code as number | null;
  }
}

/** Starts a program that nothing looks into. */
export function spawnProgram(dataDir: string, { args = [], answers = '' }: StartOptions = {}): ChildProcess {
  return spawn(electron, [withoutSandbox, root, '--data-dir', dataDir, ...freePorts, ...args], {
    env: environment(dataDir, answers),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts a program in the sandbox of the system, with a door for {@link callPage}. */
export function spawnInSandbox(dataDir: string, user: OrdinaryUser): ChildProcess {
  return spawn(electron, [root, '--data-dir', dataDir, ...freePorts, '--remote-debugging-port=0'], {
    ...user,
    env: { ...environment(dataDir, ''), ...settleIn(user, dataDir) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Runs a program that ends by itself. */
export function runToEnd(
  dataDir: string,
  options: StartOptions = {},
): Promise<{ code: number | null; output: string }> {
  return ended(spawnProgram(dataDir, options));
}

/** Runs a script as the main process of a real Electron; it ends by itself. */
export function runScript(
  script: string,
  environmentOfScript: Readonly<Record<string, string>>,
): Promise<{ code: number | null; output: string }> {
  const env = { ...process.env, ...environmentOfScript };
  return ended(spawn(electron, [withoutSandbox, script], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  child.stdout?.on('data', (text: Buffer) => {
    output += text.toString();
  });
  child.stderr?.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const [code] = await once(child, 'close');
  return { code: code as number | null, output };
}

function environment(dataDir: string, answers: string): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name === 'FLEETBENCH_DATA_DIR' ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(inherited),
    FLEETBENCH_DIALOG_ANSWERS: answers,
    FLEETBENCH_DIALOG_LOG: dialogLog(dataDir),
  };
}

const dialogLog = (dataDir: string): string => `${dataDir}/dialogs.jsonl`;

export interface ShownDialog {
  readonly message: string;
  readonly detail: string;
  readonly answer: string;
}

interface Fixtures {
  /** Fresh. */
  dataDir: string;
  /** The dialogs that programs on the test's data folder have shown so far. */
  dialogs: () => Promise<ShownDialog[]>;
  /** Starts a program on the test's data folder; it is ended with the test. */
  start: (options?: StartOptions) => Promise<DesktopProgram>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from it
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'fleetbench-desktop-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },
  dialogs: async ({ dataDir }, use) => {
    await use(async () => {
      const text = await readFile(dialogLog(dataDir), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as ShownDialog);
    });
  },
  start: async ({ dataDir }, use, info) => {
    const programs: DesktopProgram[] = [];
    await use(async (options) => {
      const program = await DesktopProgram.start(dataDir, options);
      programs.push(program);
      return program;
    });
    for (const program of programs) {
      await program.end('SIGKILL');
      if (info.status !== info.expectedStatus) {
        await info.attach('output', { body: program.output, contentType: 'text/plain' });
      }
    }
  },
});
