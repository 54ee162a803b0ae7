import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import { defaultSmscSettings, type SmscSettings } from '../../core/contract/smsc-settings.ts';
import { Deadlines } from '../../core/platform/deadlines.ts';
import { nodeNetwork } from '../../core/platform/node/node-network.ts';
import type { Listener } from '../../core/platform/sockets.ts';
import { VirtualClock } from '../../core/platform/virtual-clock.ts';
import type { AnsweredRequest } from '../../core/protocols/smpp/layouts.ts';
import type { Pdu } from '../../core/protocols/smpp/pdu.ts';
import { SmppSession } from '../../core/protocols/smpp/session.ts';
import { commandStatus } from '../../core/protocols/smpp/status.ts';
import { until } from '../../core/testing/until.ts';
import type { AirDown, AirOutcome, AirUp } from '../../simulators/sms/air.ts';
import { Smsc } from '../../simulators/sms/smsc/smsc.ts';
import type { SmscRefusal } from '../../simulators/sms/smsc/smsc-log.ts';

export const phone = '33600000001';
export const otherPhone = '33600000002';
export const hourMs = 3_600_000;

/** A client with a session of the codec's own over a real socket. */
export class Client {
  readonly received: Pdu<'deliver_sm'>[] = [];
  readonly dropped: string[] = [];
  ended: string | undefined;
  /** What it answers deliver_sm with; undefined: nothing. */
  answer: number | undefined = commandStatus.ESME_ROK;
  readonly session: SmppSession;
  readonly socket: Socket;

  constructor(port: number, clock: VirtualClock) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.session = new SmppSession(
      { write: (bytes) => this.socket.write(bytes), end: () => this.socket.end() },
      {
        requested: (pdu) => {
          if (pdu.command !== 'deliver_sm') {
            this.session.answer(pdu as Pdu<AnsweredRequest>);
            return;
          }
          this.received.push(pdu);
          if (this.answer !== undefined) this.session.answer(pdu, this.answer);
        },
        dropped: (error) => this.dropped.push(error.message),
        ended: (reason) => {
          this.ended = reason;
        },
      },
      clock,
      { responseTimeoutMs: 1e9, keepAliveMs: 1e9, maxPduBytes: 70_000 },
    );
    this.socket.on('data', (chunk) => this.session.receive(chunk));
    this.socket.on('close', () => this.session.close('the connection is closed'));
    this.socket.on('error', () => {});
  }

  bind(
    as: 'receiver' | 'transmitter' | 'transceiver' = 'transceiver',
    addressRange = '',
    account = 'fleetbench',
  ) {
    return this.session.request(`bind_${as}`, {
      ...{ systemId: account, password: account === 'fleetbench' ? 'bench' : 'other' },
      ...{ interfaceVersion: 0x34, addressRange },
    });
  }

  async submit(destinationAddr: string, more: object = {}): Promise<string> {
    const { body } = await this.session.request('submit_sm', {
      ...{ sourceAddr: '20259', destinationAddr, shortMessage: Buffer.from('STATUS?') },
      ...more,
    });
    return body.messageId;
  }

  receipts(): string[] {
    return this.received
      .filter(({ body }) => (body.esmClass & 0x3c) === 0x04)
      .map(({ body }) => Buffer.from(body.shortMessage).toString('latin1'));
  }
}

export let clock: VirtualClock;
export let wireClock: VirtualClock;
export let smsc: Smsc;
export let listener: Listener;
export let refusals: SmscRefusal[];
export let clients: Client[];
/** What handsets do with what comes; undefined: nothing yet. */
export let outcome: AirOutcome | undefined;
export let downs: AirDown[];
export const network = {
  send: (down: AirDown) => {
    downs.push(down);
    if (down.kind === 'deliver' && outcome) up({ kind: 'outcome', delivery: down.delivery, outcome });
  },
};
export const up = (one: AirUp): void => smsc.receive(network, one);
export const reach = (unreachable?: 'absent' | 'barred' | 'full', msisdn = phone): void =>
  up({ kind: 'reach', msisdn, unreachable });
export const deliveries = () => downs.filter((down) => down.kind === 'deliver');

export async function startCentre(settings: Partial<SmscSettings> = {}): Promise<void> {
  clock = new VirtualClock(Date.UTC(2030, 0, 1));
  wireClock = new VirtualClock();
  refusals = [];
  downs = [];
  clients = [];
  outcome = 'delivered';
  smsc = new Smsc({
    ...{ clock, wireClock },
    deadlines: (name, reached) => new Deadlines(clock, name, reached),
    settings: { ...defaultSmscSettings, smscAccounts: ['fleetbench:bench', 'other:other'], ...settings },
    refused: (refusal) => refusals.push(refusal),
  });
  listener = await nodeNetwork.listen({ host: '127.0.0.1', port: 0 }, (connection) =>
    smsc.accept(connection),
  );
  expect(smsc.addHandsets(network, [phone, otherPhone])).toBeUndefined();
  reach();
}

export function client(): Client {
  const made = new Client(listener.port, wireClock);
  clients.push(made);
  return made;
}

export async function bound(...how: Parameters<Client['bind']>): Promise<Client> {
  const made = client();
  await made.bind(...how);
  return made;
}

export const submitAsHandset = (to: string, text: string, ref = 1): void =>
  up({
    kind: 'submit',
    msisdn: phone,
    ref,
    message: { from: phone, to, dataCoding: 0, hasHeader: false, data: Buffer.from(text) },
  });

/** What handsets do from now on with what comes; undefined: nothing. */
export function handsetsAnswer(next: AirOutcome | undefined): void {
  outcome = next;
}

/** Ends what {@link startCentre} began, and looks whether anything is left. */
export async function stopCentre(): Promise<void> {
  for (const one of clients) one.socket.destroy();
  smsc.reset();
  await listener.close();
  await until(() => smsc.status().clients.length === 0);
  expect([...clock.pendingTimers(), ...wireClock.pendingTimers()]).toEqual([]);
}
