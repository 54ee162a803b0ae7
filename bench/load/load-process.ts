// The load generator: a process of its own, so that it never shares a thread with what it measures.
import { serveCalls } from '../lib/ipc.ts';
import type { Login } from '../lib/mqtt-packets.ts';
import { IdleClients } from './idle-clients.ts';
import { type LoadOptions, type LoadResult, LoadRun } from './load-run.ts';
import type { Target } from './mqtt-socket.ts';

let run: LoadRun | undefined;
const idle = new IdleClients();

function current(): LoadRun {
  if (!run) throw new Error('no load was started');
  return run;
}

const calls = {
  start: (options: LoadOptions): Promise<void> => {
    run = new LoadRun(options);
    return run.start();
  },
  measure: ({ durationMs }: { durationMs: number }): Promise<void> => current().measure(durationMs),
  drain: (): Promise<LoadResult> => current().drain(),
  openIdle: (options: {
    target: Target;
    login: Login;
    clientIdPrefix: string;
    count: number;
  }): Promise<number> => idle.open(options.target, options.login, options.clientIdPrefix, options.count),
  countLostIdle: (): number => idle.lost,
  closeIdle: (): void => idle.close(),
};

export type LoadCalls = typeof calls;

serveCalls(calls);
