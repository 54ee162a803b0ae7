import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { FleetbenchProcess } from '../core/testing/fleetbench-process.ts';

interface Block {
  readonly language: string;
  readonly label: string;
  readonly text: string;
}

const packages = fileURLToPath(new URL('../node_modules', import.meta.url));
const startCommand = 'npm run serve -- ';

function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(([, language, label, text]) => ({
    language: language ?? '',
    label: label ?? '',
    text: text ?? '',
  }));
}

/** What differs between the page and this run: addresses, and the key that only the first start shows. */
class Settings {
  private readonly values = new Map<string, string>();

  readServer(greeting: string): void {
    const at = (pattern: RegExp): string => pattern.exec(greeting)?.[1] ?? '';
    this.values.set('API', at(/HTTP API +(\S+)/));
    this.values.set('MQTT_HOST', at(/mqtt:\/\/([\d.]+)/));
    this.values.set('MQTT_PORT', at(/mqtt:\/\/\S+:(\d+)/));
    this.values.set('MQTTS_PORT', at(/mqtts:\/\/\S+:(\d+)/));
    const masterKey = at(/Master API key +(\S+)/);
    if (masterKey) this.values.set('MASTER_KEY', masterKey);
  }

  get names(): string[] {
    return [...this.values.keys()];
  }

  get script(): string {
    return [...this.values].map(([name, value]) => `${name}=${value}\n`).join('');
  }

  inProgram(text: string): string {
    const { values } = this;
    return text.replaceAll('127.0.0.1:1883', `${values.get('MQTT_HOST')}:${values.get('MQTT_PORT')}`);
  }
}

/** One shell for the whole page, so that what a block sets is there in the next. */
class Shell {
  private readonly child;
  private output = '';
  private look = (): void => {};
  private blocks = 0;
  private readonly gone: Promise<never>;

  constructor(cwd: string) {
    this.child = spawn('bash', [], { cwd });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.look();
      });
    }
    this.gone = new Promise((_, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code) => reject(new Error(`the shell ended with ${code}: ${this.output}`)));
    });
    this.gone.catch(() => {});
    this.child.stdin.write('set -eo pipefail\n');
  }

  /** Runs a block and gives what it printed. */
  async run(block: string): Promise<string> {
    const mark = `--- end of block ${++this.blocks} ---`;
    this.output = '';
    const done = new Promise<string>((resolve) => {
      this.look = () => {
        if (this.output.includes(mark)) resolve(this.output.replace(mark, '').trim());
      };
    });
    this.child.stdin.write(`${block}\nprintf '%s' '${mark}'\n`);
    return Promise.race([done, this.gone]);
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

function expectOutput(output: string, shown: string): void {
  const pattern = shown
    .trim()
    // Ports are free ones here, and those of the page there.
    .replace(/(?<=127\.0\.0\.1:)\d+/g, '…')
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('…', '.*?');
  expect(output.trim()).toMatch(new RegExp(`^${pattern}$`, 's'));
}

/** A page whose commands are run in their order, and print what it shows. */
export interface Guide {
  /** File beside this one. */
  readonly page: string;
  /** Programs that its reader needs. */
  readonly programs: readonly string[];
  /** How many outputs it shows at the least, so that a page that is not understood does not pass. */
  readonly outputs: number;
}

/** Runs every block of a page: servers, files and commands; what they print must be what the page shows. */
export async function followGuide(guide: Guide): Promise<void> {
  for (const program of ['bash', 'curl', ...guide.programs]) {
    const found = spawnSync(program, ['--help']).error === undefined;
    expect(found, `${program} is not installed; the guide and its test need it`).toBe(true);
  }
  const folder = await mkdtemp(join(tmpdir(), 'fleetbench-guide-'));
  await symlink(packages, join(folder, 'node_modules'), 'junction');
  const blocks = blocksOf(readFileSync(fileURLToPath(new URL(guide.page, import.meta.url)), 'utf8'));
  const settings = new Settings();
  const shell = new Shell(folder);
  let server: FleetbenchProcess | undefined;
  let output = '';
  let checked = 0;
  try {
    for (const { language, label, text } of blocks) {
      if (label === 'server') {
        expect(text.startsWith(startCommand)).toBe(true);
        const flags = text.slice(startCommand.length).trim().split(' ');
        const free = ['http', 'https', 'mqtt', 'mqtts', 'coaps', 'bs', 'lora', 'smpp'].flatMap((name) => [
          `--${name}-port`,
          '0',
        ]);
        server = new FleetbenchProcess(['serve', ...flags, ...free], { cwd: folder });
        await server.output(/CA certificate.*\n(\n {2}Master.*\n.*\n.*\n)?$/);
        output = server.stdout;
        expect(output.includes('Master API key')).toBe(settings.names.length === 0);
        settings.readServer(output);
        await shell.run(settings.script);
      } else if (label === 'settings') {
        expect([...text.matchAll(/^(\w+)=/gm)].map(([, name]) => name)).toEqual(settings.names);
      } else if (label.startsWith('file=')) {
        await writeFile(join(folder, label.slice('file='.length)), settings.inProgram(text));
      } else if (language === 'sh') {
        output = await shell.run(text);
        if (label === 'kill') expect((await server?.ended)?.signal).toBe('SIGKILL');
      } else if (language === 'text') {
        expectOutput(output, text);
        checked++;
      } else {
        expect(language).toBe('python');
      }
    }
    expect(checked).toBe(blocks.filter(({ language }) => language === 'text').length);
    expect(checked).toBeGreaterThanOrEqual(guide.outputs);
    expect((await server?.signal('SIGTERM'))?.code).toBe(0);
  } finally {
    shell.stop();
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}
