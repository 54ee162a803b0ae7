import type { Duplex } from 'node:stream';
import type { SmscStatus } from '../../../core/contract/simulated-smsc.ts';
import type { SmscSettings } from '../../../core/contract/smsc-settings.ts';
import { plainDigits } from '../../../core/protocols/smpp/address.ts';
import { alphabetOf, decodeText } from '../../../core/protocols/smpp/data-coding.ts';
import { malformed } from '../../../core/protocols/smpp/errors.ts';
import type { Pdu } from '../../../core/protocols/smpp/pdu.ts';
import { messageStateCode, writeReceipt } from '../../../core/protocols/smpp/receipt.ts';
import { commandStatus } from '../../../core/protocols/smpp/status.ts';
import type { MakeDeadlines, SimulatorClocks } from '../../fleet/seams.ts';
import type { AirUp } from '../air.ts';
import { plainNumber } from '../msisdns.ts';
import { readAccounts } from './accounts.ts';
import { Esme, type EsmeHost } from './esme.ts';
import { unanswered } from './esme-deliveries.ts';
import { MessageStore } from './message-store.ts';
import { SmscLog, type SmscRefusal } from './smsc-log.ts';
import {
  type Failure,
  type FinalState,
  failureCodes,
  type StoredMessage,
  type Submitter,
} from './stored-message.ts';
import { readSubmission } from './submission.ts';
import { type HandsetNetwork, Subscribers } from './subscribers.ts';

export interface SmscParts extends SimulatorClocks {
  readonly deadlines: MakeDeadlines;
  readonly settings: SmscSettings;
  /** Something was not taken. */
  refused(refusal: SmscRefusal): void;
}

/** What a handset is told of a message that came to nothing. */
const endings: Readonly<Record<FinalState, string | undefined>> = {
  DELIVERED: undefined,
  EXPIRED: 'Its time was up before anybody took it',
  DELETED: 'It was deleted at the centre',
  UNDELIVERABLE: 'It was refused',
  REJECTED: 'It was refused',
};
const failures: Readonly<Record<Failure, string>> = {
  absent: 'the handset was off, or out of reach',
  barred: 'the handset is abroad and let into no network',
  full: 'the inbox was full',
  lost: 'the network lost it',
  unknownSubscriber: 'nobody has this number',
  nobodyBound: 'no application is bound that takes this number',
  refused: 'the application refused it',
  noAnswer: 'the application did not answer',
};

/** A short message centre: it keeps what handsets and SMPP clients hand in until who it is for has it. */
export class Smsc implements EsmeHost {
  readonly wireClock: SmscParts['wireClock'];
  readonly settings: SmscSettings;
  private readonly parts: SmscParts;
  private readonly accounts: ReadonlyMap<string, string>;
  private readonly store: MessageStore;
  private readonly subscribers: Subscribers;
  private readonly log: SmscLog;
  private readonly esmes = new Set<Esme>();
  private connections = 0;
  private readonly endedCounts = new Map<FinalState, number>();

  /** @throws PlatformError `platform.setting` for accounts that are none */
  constructor(parts: SmscParts) {
    const { clock, wireClock, deadlines, settings } = parts;
    this.parts = parts;
    this.wireClock = wireClock;
    this.settings = settings;
    this.accounts = readAccounts(settings.smscAccounts);
    this.log = new SmscLog({
      ...{ wireClock, mostPerSecond: settings.smscRefusalMaxPerSecond },
      tell: (refusal) => parts.refused(refusal),
    });
    this.store = new MessageStore({
      ...{ clock, deadlines, settings },
      attempt: (message) => this.attempt(message),
      ended: (message) => this.messageEnded(message),
    });
    this.subscribers = new Subscribers({
      attempted: (message, result) => this.store.attempted(message, result),
      isOver: ({ state, expiresMs }) => state !== 'ENROUTE' || clock.now() >= expiresMs,
      reachable: (msisdn) => this.store.tryNow(msisdn),
      submitted: (network, submit) => this.submittedByHandset(network, submit),
    });
  }

  /** Takes a connection of an SMPP client. */
  accept(connection: { readonly stream: Duplex; readonly remoteAddress: string }): void {
    const { smscMaxConnections } = this.settings;
    if (this.esmes.size >= smscMaxConnections) {
      const what = `there are ${smscMaxConnections} connections already (setting smscMaxConnections)`;
      const { remoteAddress } = connection;
      this.log.refused({ reason: 'tooManyConnections', what, remoteAddress, systemId: undefined });
      connection.stream.destroy();
      return;
    }
    this.connections += 1;
    this.esmes.add(new Esme({ ...connection, number: this.connections }, this));
  }

  /** Ends all connections and forgets all messages. Handsets stay where they are. */
  reset(): void {
    for (const esme of [...this.esmes]) esme.shutDown();
    this.store.clear();
    this.subscribers.clear();
  }

  /** @returns the first of the numbers that another handset has; nothing is added then */
  addHandsets(network: HandsetNetwork, msisdns: readonly string[]): string | undefined {
    return this.subscribers.add(network, msisdns);
  }

  /** They are gone for now; the centre keeps what comes for them. */
  removeHandsets(network: HandsetNetwork): void {
    this.subscribers.remove(network);
  }

  /** From handsets of a network. */
  receive(network: HandsetNetwork, up: AirUp): void {
    this.subscribers.receive(network, up);
  }

  status(): SmscStatus {
    return {
      clients: [...this.esmes].map((esme) => esme.view()),
      handsets: this.subscribers.size,
      waiting: this.store.size,
      waitingMax: this.settings.smscMaxMessages,
      ended: Object.fromEntries(this.endedCounts),
      dropped: { ...this.log.dropped },
    };
  }

  admits(systemId: string, password: string): boolean | undefined {
    const expected = this.accounts.get(systemId);
    return expected === undefined ? undefined : expected === password;
  }

  /** What waited for somebody who takes it goes to this client, as far as it is for it. */
  bound(esme: Esme): void {
    if (!esme.receives) return;
    for (const destination of this.store.destinations()) {
      this.store.tryNow(destination, (message) => !this.isForHandset(message) && isFor(esme, message));
    }
  }

  submit(esme: Esme, pdu: Pdu<'submit_sm' | 'data_sm'>, taken: (messageId: string) => void): void {
    const draft = readSubmission(pdu, submitterOf(esme), this.parts.clock.now());
    const full = this.store.lacksRoomFor(draft.message);
    if (full !== undefined) throw malformed(full, commandStatus.ESME_RMSGQFUL);
    this.store.add(draft, ({ id }) => taken(id));
  }

  query(esme: Esme, { body }: Pdu<'query_sm'>) {
    const message = this.own(esme, body.messageId);
    if (!message) throw malformed(noMessage(body.messageId), commandStatus.ESME_RINVMSGID);
    const { state, doneMs, failure } = message;
    return { state: messageStateCode(state), doneMs, error: failure ? failureCodes[failure] : 0 };
  }

  cancel(esme: Esme, { body }: Pdu<'cancel_sm'>): void {
    const message = this.own(esme, body.messageId);
    if (message?.state !== 'ENROUTE')
      throw malformed(noMessage(body.messageId), commandStatus.ESME_RCANCELFAIL);
    this.store.delete(message);
  }

  attempted: EsmeHost['attempted'] = (message, result) => this.store.attempted(message, result);

  returned: EsmeHost['returned'] = (message) => {
    this.store.attempted(message, unanswered);
    // To who is bound beside it the message goes at once; else it waits for its next attempt, or for a bind.
    if (this.esmeFor(message)) this.store.tryNow(message.message.to, (one) => one === message);
  };

  dropped: EsmeHost['dropped'] = ({ remoteAddress, systemId }, reason, what) =>
    this.log.refused({ reason, what, remoteAddress, systemId });

  ended(esme: Esme): void {
    this.esmes.delete(esme);
  }

  private own(esme: Esme, messageId: string): StoredMessage | undefined {
    const message = this.store.find(messageId);
    const isOwn = message?.origin.kind === 'esme' && message.origin.submitter.account === esme.systemId;
    return isOwn ? message : undefined;
  }

  private attempt(message: StoredMessage): void {
    if (this.isForHandset(message)) {
      this.subscribers.deliver(message);
      return;
    }
    const esme = this.esmeFor(message);
    if (esme) esme.deliver(message);
    // Nobody can bind for a number of the mobile network that a client writes to.
    else if (message.origin.kind === 'esme') this.fail(message, 'unknownSubscriber', true);
    else this.fail(message, 'nobodyBound', false);
  }

  private fail(message: StoredMessage, failure: Failure, permanent: boolean): void {
    this.store.attempted(message, { delivered: false, failure, permanent });
  }

  /** Receipts are of clients, whatever number these wrote as. */
  private isForHandset({ origin, message }: StoredMessage): boolean {
    return origin.kind !== 'centre' && this.subscribers.knows(message.to);
  }

  /**
   * A receipt is of the connection that submitted the message. Else who said that it takes the number goes before who takes
   * all, and among equals all messages of a sender go to the same one, for they may be parts of one.
   */
  private esmeFor(message: StoredMessage): Esme | undefined {
    const { origin } = message;
    const fitting = [...this.esmes].filter((esme) => isFor(esme, message));
    if (origin.kind === 'centre') {
      const submitter = fitting.find(({ number }) => number === origin.submitter.connection);
      if (submitter) return submitter;
    }
    const specific = fitting.filter(({ isSpecific }) => isSpecific);
    const equals = specific.length > 0 ? specific : fitting;
    return equals[shareOf(message.message.from) % equals.length];
  }

  private submittedByHandset(network: HandsetNetwork, up: Extract<AirUp, { kind: 'submit' }>): void {
    const { msisdn, ref } = up;
    const message = { ...up.message, to: plainNumber(up.message.to) };
    const full = this.store.lacksRoomFor(message);
    if (full !== undefined) {
      network.send({ kind: 'refused', msisdn, ref, reason: `The network takes nothing more: ${full}.` });
      return;
    }
    this.store.add({ message, origin: { kind: 'handset', msisdn, ref } }, () =>
      network.send({ kind: 'accepted', msisdn, ref }),
    );
  }

  private messageEnded(message: StoredMessage): void {
    const { origin } = message;
    const state = message.state as FinalState;
    if (origin.kind !== 'centre') this.endedCounts.set(state, (this.endedCounts.get(state) ?? 0) + 1);
    if (origin.kind === 'handset') {
      const ending = endings[state];
      const why = message.failure === undefined ? '' : `: ${failures[message.failure]}`;
      const reason = ending === undefined ? undefined : `${ending}${why}.`;
      this.subscribers.tell({ kind: 'report', msisdn: origin.msisdn, ref: origin.ref, reason });
    } else if (origin.kind === 'esme') {
      const wanted = origin.receipts === 'all' || (origin.receipts === 'failures' && state !== 'DELIVERED');
      if (wanted) this.sendReceipt(message, origin.submitter, state);
    }
  }

  private sendReceipt(of: StoredMessage, submitter: Submitter, state: FinalState): void {
    const { from, to, dataCoding, hasHeader, data } = of.message;
    const alphabet = hasHeader ? undefined : alphabetOf(dataCoding, 'GSM7');
    const text = (alphabet && decodeText(data, alphabet)) ?? '';
    const error = String(of.failure ? failureCodes[of.failure] : 0).padStart(3, '0');
    const { submittedMs, doneMs = submittedMs } = of;
    const { body, options } = writeReceipt({ messageId: of.id, state, error }, { submittedMs, doneMs, text });
    const message = {
      from: to,
      to: plainDigits(from),
      dataCoding: 0,
      hasHeader: false,
      data: body.shortMessage,
    };
    const full = this.store.lacksRoomFor(message);
    if (full === undefined) this.store.add({ message, origin: { kind: 'centre', submitter, options } });
    else {
      const { account: systemId } = submitter;
      this.log.refused({ reason: 'full', what: `a receipt: ${full}`, remoteAddress: '', systemId });
    }
  }
}

/**
 * Receipts go to whoever is bound as the account that submitted the message. What a client writes to nobody in the mobile
 * network goes to another that said to take this very number: one that takes all would get its own messages back.
 */
function isFor(esme: Esme, { origin, message }: StoredMessage): boolean {
  if (!esme.receives) return false;
  switch (origin.kind) {
    case 'centre':
      return esme.systemId === origin.submitter.account;
    case 'esme':
      return esme.isSpecific && esme.systemId !== origin.submitter.account && esme.serves(message.to);
    case 'handset':
      return esme.serves(message.to);
  }
}

const submitterOf = ({ systemId = '', number }: Esme): Submitter => ({
  account: systemId,
  connection: number,
});

/** A number that is always the same for the same sender. */
const shareOf = (sender: string): number =>
  [...sender].reduce((sum, character) => sum + character.charCodeAt(0), 0);

const noMessage = (messageId: string): string =>
  `the centre has no message ${JSON.stringify(messageId)} of this client that could be meant`;
