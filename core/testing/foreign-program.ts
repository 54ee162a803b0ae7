import { type ChildProcess, spawn } from 'node:child_process';

/** A program of the system that a test talks to: its output so far, its input, and its end. */
export class ForeignProgram {
  output = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();
  private hasEnded = false;

  constructor(program: string, args: readonly string[]) {
    this.child = spawn(program, args, { stdio: 'pipe' });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.wake();
      });
    }
    // Writing to a program that has just ended is not an error of the test.
    this.child.stdin?.on('error', () => {});
    this.ended = new Promise((resolve) => {
      this.child.on('error', () => {
        this.output += `\n${program} is not installed; these tests need it`;
        this.end(null, resolve);
      });
      this.child.on('close', (code) => this.end(code, resolve));
    });
  }

  write(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Resolves when the text is in the output; rejects when the program ends before. */
  async said(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      if (this.hasEnded) throw new Error(`the program ended and never said ${text}:\n${this.output}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  async stop(): Promise<void> {
    if (!this.hasEnded) this.child.kill('SIGKILL');
    await this.ended;
  }

  private end(code: number | null, resolve: (code: number | null) => void): void {
    this.hasEnded = true;
    this.wake();
    resolve(code);
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
