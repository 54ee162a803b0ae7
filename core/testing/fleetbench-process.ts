import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EndpointsView } from '../contract/bench.ts';

export const cliPath = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** The line that `serve --json` writes when everything listens. */
export interface ReadyLine {
  readonly event: 'ready';
  readonly pid: number;
  readonly dataDir: string | null;
  readonly endpoints: EndpointsView;
  readonly portal: string | null;
  readonly masterKey?: string;
  readonly admin?: { readonly login: string; readonly password: string };
}

export interface EndedProcess {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Any free port for everything, and no TLS where no test speaks it: its keys take their time. */
export const freePorts = ['--free-ports', '--https-port', 'off', '--mqtts-port', 'off'];

/** The bundled command in a process of its own. Dispose of it at the end. */
export class FleetbenchProcess {
  readonly child: ChildProcess;
  /** When the process has ended and all of its output was read. */
  readonly ended: Promise<EndedProcess>;
  stdout = '';
  stderr = '';
  private readonly onOutput = new Set<() => void>();

  /** @param program what to run in place of Node with the bundle; `args` are then all of its arguments. */
  constructor(args: readonly string[], options: SpawnOptions = {}, program?: string) {
    this.child = spawn(program ?? process.execPath, program ? args : [cliPath, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      for (const look of this.onOutput) look();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      for (const look of this.onOutput) look();
    });
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => {
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** What standard output holds as soon as it holds this. */
  async output(pattern: RegExp): Promise<RegExpExecArray> {
    let look = (): void => {};
    const seen = new Promise<RegExpExecArray>((resolve) => {
      look = () => {
        const found = pattern.exec(this.stdout);
        if (found) resolve(found);
      };
      this.onOutput.add(look);
      look();
    });
    const gone = this.ended.then(({ code, signal, stderr }) => {
      throw new Error(`the program ended (${code ?? signal}) before it wrote ${pattern}: ${stderr}`);
    });
    try {
      return await Promise.race([seen, gone]);
    } finally {
      this.onOutput.delete(look);
    }
  }

  async ready(): Promise<ReadyLine> {
    const [line] = await this.output(/^.+\n/);
    return JSON.parse(line) as ReadyLine;
  }

  signal(signal: NodeJS.Signals): Promise<EndedProcess> {
    this.child.kill(signal);
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.signal('SIGKILL');
  }
}

/** Runs the command to its end. */
export function runFleetbench(args: readonly string[], options: SpawnOptions = {}): Promise<EndedProcess> {
  return new FleetbenchProcess(args, options).ended;
}
