import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What a program of the benchmark can be asked, by name. Arguments and answers travel as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: each program has its own arguments, which its table types.
export type CallTable = Record<string, (argument: any) => unknown>;

interface CallMessage {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

interface AnswerMessage {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** Serves calls of the parent process, and ends this process when the parent is gone. */
export function serveCalls(table: CallTable): void {
  process.on('message', (message) => {
    const { id, name, argument } = message as CallMessage;
    Promise.resolve()
      .then(() => table[name]?.(argument))
      .then(
        (answer) => process.send?.({ id, answer }),
        (error: unknown) =>
          process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
      );
  });
  process.on('disconnect', () => process.exit());
}

const callTimeoutMs = 300_000;

/** A program of the benchmark in a process of its own, run by plain Node. */
export class Program<Table extends CallTable> {
  readonly name: string;
  private readonly child: ChildProcess;
  private readonly pending = new Map<
    number,
    { resolve(answer: unknown): void; reject(error: Error): void }
  >();
  private nextId = 1;
  private exited = false;

  /** @param file a bundle. */
  constructor(name: string, file: string) {
    this.name = name;
    const { NODE_OPTIONS: _, ...environment } = process.env;
    this.child = fork(file, [], { execArgv: [], env: environment });
    this.child.on('message', (message) => this.settle(message as AnswerMessage));
    this.child.on('exit', (code, signal) => {
      this.exited = true;
      const error = new Error(`${name} ended (${signal ?? code})`);
      for (const { reject } of this.pending.values()) reject(error);
      this.pending.clear();
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  call<Name extends keyof Table & string>(
    name: Name,
    ...[argument]: Parameters<Table[Name]>
  ): Promise<Awaited<ReturnType<Table[Name]>>> {
    return new Promise((resolve, reject) => {
      if (this.exited) {
        reject(new Error(`${this.name} has ended`));
        return;
      }
      const id = this.nextId++;
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new Error(`${this.name} did not answer "${name}" within ${callTimeoutMs / 1000} s`));
      }, callTimeoutMs);
      this.pending.set(id, {
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer as Awaited<ReturnType<Table[Name]>>);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.child.send({ id, name, argument } satisfies CallMessage);
    });
  }

  /** Ends the process at once, as a power cut would. */
  async kill(): Promise<void> {
    if (this.exited) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  private settle({ id, answer, error }: AnswerMessage): void {
    const call = this.pending.get(id);
    this.pending.delete(id);
    if (error === undefined) call?.resolve(answer);
    else call?.reject(new Error(`${this.name}: ${error}`));
  }
}
