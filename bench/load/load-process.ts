// The load generator: a process of its own, so that it never shares a thread with what it measures.
import { serveCalls } from '../lib/ipc.ts';
import type { Login } from '../lib/mqtt-packets.ts';
import { type CoapLoad, type CoapResult, CoapRun } from './coap-run.ts';
import { type CommandLoad, type CommandPace, type CommandResult, CommandRun } from './command-run.ts';
import { IdleClients } from './idle-clients.ts';
import { type LoadOptions, type LoadResult, LoadRun } from './load-run.ts';
import { runLoraFleet } from './lora-fleet-run.ts';
import { type LoraLoad, LoraRun } from './lora-run.ts';
import { type Lwm2mLoad, type Lwm2mResult, Lwm2mRun } from './lwm2m-run.ts';
import type { Target } from './mqtt-socket.ts';
import { type SmsCommands, type SmsResult, SmsRun } from './sms-run.ts';

let run: LoadRun | undefined;
let commandRun: CommandRun | undefined;
let coapRun: CoapRun | undefined;
let loraRun: LoraRun | undefined;
let lwm2mRun: Lwm2mRun | undefined;
let smsRun: SmsRun | undefined;
const idle = new IdleClients();

function current(): LoadRun {
  if (!run) throw new Error('no load was started');
  return run;
}

function lwm2mFleet(): Lwm2mRun {
  if (!lwm2mRun) throw new Error('no LwM2M devices were connected');
  return lwm2mRun;
}

function smsCentre(): SmsRun {
  if (!smsRun) throw new Error('no short message centre was opened');
  return smsRun;
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
  openLwm2m: (options: Lwm2mLoad): Promise<{ durationMs: number; failed: number }> => {
    lwm2mRun = new Lwm2mRun(options);
    return lwm2mRun.open();
  },
  beginLwm2m: (what: 'register' | 'notify'): void => lwm2mFleet().begin(what),
  measureLwm2m: (span: { durationMs: number }): Promise<Lwm2mResult> => lwm2mFleet().measure(span),
  stopLwm2m: (): Promise<{ done: number; failed: number }> => lwm2mFleet().stop(),
  countObservedLwm2m: (): number => lwm2mFleet().observedCount(),
  readLwm2m: (pace: { perSecond: number; durationMs: number }): Promise<Lwm2mResult> =>
    lwm2mFleet().read(pace),
  closeLwm2m: async (): Promise<void> => lwm2mRun?.close(),
  openLora: (options: LoraLoad): Promise<void> => {
    loraRun = new LoraRun(options);
    return loraRun.open();
  },
  sendLora: (pace: { perSecond: number; durationMs: number }) => {
    if (!loraRun) throw new Error('no LoRa devices have joined');
    return loraRun.send(pace);
  },
  closeLora: (): void => loraRun?.close(),
  runLoraFleet,
  openSms: (): Promise<number> => {
    smsRun = new SmsRun();
    return smsRun.open();
  },
  deliverSms: (options: {
    msisdns: readonly string[];
    window: number;
    durationMs: number;
  }): Promise<SmsResult> => smsCentre().deliver(options),
  commandSms: (options: SmsCommands): Promise<SmsResult> => smsCentre().command(options),
  closeSms: async (): Promise<void> => smsRun?.close(),
  countLostIdle: (): number => idle.lost,
  closeIdle: (): void => idle.close(),
};

export type LoadCalls = typeof calls;

serveCalls(calls);
