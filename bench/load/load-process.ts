// The load generator: a process of its own, so that it never shares a thread with what it measures.
import { serveCalls } from '../lib/ipc.ts';
import type { Login } from '../lib/mqtt-packets.ts';
import { type CoapLoad, type CoapResult, CoapRun } from './coap-run.ts';
import { type CommandLoad, type CommandPace, type CommandResult, CommandRun } from './command-run.ts';
import { IdleClients } from './idle-clients.ts';
import { type LoadOptions, type LoadResult, LoadRun } from './load-run.ts';
import type { Target } from './mqtt-socket.ts';

let run: LoadRun | undefined;
let commandRun: CommandRun | undefined;
let coapRun: CoapRun | undefined;
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
  openCommands: (options: CommandLoad): Promise<void> => {
    commandRun = new CommandRun(options);
    return commandRun.open();
  },
  measureCommands: (pace: CommandPace): Promise<CommandResult> => {
    if (!commandRun) throw new Error('no devices were connected');
    return commandRun.measure(pace);
  },
  closeCommands: (): void => commandRun?.close(),
  openCoap: (options: CoapLoad): Promise<void> => {
    coapRun = new CoapRun(options);
    return coapRun.open();
  },
  measureCoap: (span: { durationMs: number }): Promise<CoapResult> => {
    if (!coapRun) throw new Error('no CoAP load was started');
    return coapRun.measure(span);
  },
  closeCoap: (): void => coapRun?.close(),
  countLostIdle: (): number => idle.lost,
  closeIdle: (): void => idle.close(),
};

export type LoadCalls = typeof calls;

serveCalls(calls);
