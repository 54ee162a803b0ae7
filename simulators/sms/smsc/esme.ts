import type { Duplex } from 'node:stream';
import { Pattern } from '../../../core/contract/rsql/pattern.ts';
import { PatternError } from '../../../core/contract/rsql/pattern-syntax.ts';
import type { SmscSettings } from '../../../core/contract/smsc-settings.ts';
import { malformed, SmppError } from '../../../core/protocols/smpp/errors.ts';
import type { AnsweredRequest } from '../../../core/protocols/smpp/layouts.ts';
import type { Pdu } from '../../../core/protocols/smpp/pdu.ts';
import { SmppSession } from '../../../core/protocols/smpp/session.ts';
import { commandStatus } from '../../../core/protocols/smpp/status.ts';
import { tag, toUint } from '../../../core/protocols/smpp/tlv.ts';
import type { SimulatorClock } from '../../fleet/seams.ts';
import { deliverBody } from './deliver-body.ts';
import type { SmscDropReason } from './smsc-log.ts';
import type { AttemptResult, StoredMessage } from './stored-message.ts';

type Bind = Extract<Pdu, { command: `bind_${'receiver' | 'transmitter' | 'transceiver'}` }>;
export type BoundAs = 'receiver' | 'transmitter' | 'transceiver';

/** What the centre does for a client, and learns of it. */
export interface EsmeHost {
  readonly wireClock: SimulatorClock;
  readonly settings: SmscSettings;
  /** @returns false when there is no such account, or its password is another; `undefined`: no such account */
  admits(systemId: string, password: string): boolean | undefined;
  bound(esme: Esme): void;
  /** @throws SmppError whose status is answered */
  submit(esme: Esme, pdu: Pdu<'submit_sm' | 'data_sm'>, taken: (messageId: string) => void): void;
  query(esme: Esme, pdu: Pdu<'query_sm'>): { state: number; doneMs: number | undefined; error: number };
  cancel(esme: Esme, pdu: Pdu<'cancel_sm'>): void;
  attempted(message: StoredMessage, result: AttemptResult): void;
  dropped(esme: Esme, reason: SmscDropReason, what: string): void;
  ended(esme: Esme): void;
}

/** SMPP 3.4 (5.2.4). */
const interfaceVersion = 0x34;
const mostRangeSteps = 200;
/** What the other side may get over: the message is offered again (SMPP 3.4, 5.1.3). */
const temporary: ReadonlySet<number> = new Set([
  commandStatus.ESME_RSYSERR,
  commandStatus.ESME_RMSGQFUL,
  commandStatus.ESME_RTHROTTLED,
  commandStatus.ESME_RX_T_APPN,
]);
const secondMs = 1000;

/** One client of the centre, from its connection to its end. */
export class Esme {
  readonly remoteAddress: string;
  systemId: string | undefined;
  boundAs: BoundAs | undefined;
  private readonly stream: Duplex;
  private readonly host: EsmeHost;
  private readonly session: SmppSession;
  private readonly bindTimer: { cancel(): void };
  private range: Pattern | undefined;
  /** For it, and not handed out while its window is full or its socket slow. */
  private readonly queue: StoredMessage[] = [];
  private underWay = 0;
  private secondFromMs = Number.NEGATIVE_INFINITY;
  private inSecond = 0;
  private over = false;

  constructor(connection: { readonly stream: Duplex; readonly remoteAddress: string }, host: EsmeHost) {
    const { stream, remoteAddress } = connection;
    this.stream = stream;
    this.remoteAddress = remoteAddress;
    this.host = host;
    const { settings, wireClock } = host;
    const link = { write: (bytes: Uint8Array) => this.write(bytes), end: () => stream.end() };
    const handler = {
      requested: (pdu: Pdu) => this.requested(pdu),
      dropped: (error: SmppError) => this.host.dropped(this, 'malformed', error.message),
      ended: () => this.ended(),
    };
    this.session = new SmppSession(link, handler, wireClock, {
      responseTimeoutMs: settings.smscResponseTimeoutMs,
      keepAliveMs: settings.smscEnquireLinkMs,
      maxPduBytes: settings.smscMaxPduBytes,
    });
    this.bindTimer = wireClock.after('bind of an SMPP client', settings.smscBindTimeoutMs, () => {
      host.dropped(
        this,
        'silent',
        `no bind came within ${settings.smscBindTimeoutMs} ms (setting smscBindTimeoutMs)`,
      );
      this.close('no bind came in time');
    });
    stream.on('data', (chunk: Uint8Array) => this.session.receive(chunk));
    stream.on('drain', () => {
      stream.resume();
      this.pump();
    });
    stream.on('error', () => stream.destroy());
    stream.on('close', () => this.session.close('the connection is closed'));
  }

  /** True when it takes messages for a number: its address_range says which, all when that is empty. */
  serves(number: string): boolean {
    return this.receives && (this.range?.matches(number) ?? true);
  }

  get receives(): boolean {
    return this.boundAs === 'receiver' || this.boundAs === 'transceiver';
  }

  /** Whether it said which numbers it takes. */
  get isSpecific(): boolean {
    return this.range !== undefined;
  }

  /** Messages that it has to answer for, and those that wait for that. */
  get load(): number {
    return this.underWay + this.queue.length;
  }

  deliver(message: StoredMessage): void {
    this.queue.push(message);
    this.pump();
  }

  close(reason: string): void {
    this.session.close(reason);
  }

  /** Says goodbye, as a centre does that shuts down. */
  shutDown(): void {
    if (this.boundAs) this.session.request('unbind').catch(() => {});
    this.close('the centre shuts down');
  }

  private requested(pdu: Pdu): void {
    try {
      this.serve(pdu);
    } catch (error) {
      if (!(error instanceof SmppError)) throw error;
      this.refuse(pdu, error.status, reasonOf(error.status), error.message);
    }
  }

  private serve(pdu: Pdu): void {
    switch (pdu.command) {
      case 'bind_receiver':
      case 'bind_transmitter':
      case 'bind_transceiver':
        this.bind(pdu);
        return;
      case 'unbind':
        this.session.answer(pdu);
        this.close('it has unbound');
        return;
      case 'submit_sm':
      case 'data_sm':
        this.requireSender(pdu);
        this.requireRate();
        this.host.submit(this, pdu, (messageId) =>
          this.session.answer(pdu, commandStatus.ESME_ROK, { messageId }),
        );
        return;
      case 'query_sm': {
        this.requireSender(pdu);
        const { state, doneMs, error } = this.host.query(this, pdu);
        const finalDate = doneMs === undefined ? '' : absoluteTime(doneMs);
        const { messageId } = pdu.body;
        this.session.answer(pdu, commandStatus.ESME_ROK, {
          ...{ messageId, finalDate, messageState: state, errorCode: error },
        });
        return;
      }
      case 'cancel_sm':
        this.requireSender(pdu);
        this.host.cancel(this, pdu);
        this.session.answer(pdu);
        return;
      case 'outbind':
      case 'alert_notification':
        // Commands of centres, which have no answer (SMPP 3.4, 4.1.7 and 4.12).
        this.host.dropped(this, 'unknownCommand', `${pdu.command} is a command of centres`);
        return;
      default:
        throw malformed(`the centre does not offer ${pdu.command}`, commandStatus.ESME_RINVCMDID);
    }
  }

  private bind(pdu: Bind): void {
    if (this.boundAs) throw malformed(`it is bound as ${this.boundAs} already`, commandStatus.ESME_RALYBND);
    const { systemId, password, addressRange } = pdu.body;
    const admitted = this.host.admits(systemId, password);
    if (!admitted) {
      const [status, what] =
        admitted === undefined
          ? ([commandStatus.ESME_RINVSYSID, 'no account has this system_id'] as const)
          : ([commandStatus.ESME_RINVPASWD, 'the password is another'] as const);
      this.systemId = systemId;
      this.refuse(
        pdu,
        status,
        'wrongCredentials',
        `${what} (setting smscAccounts): ${JSON.stringify(systemId)}`,
      );
      this.close(what);
      return;
    }
    this.range = addressRange === '' ? undefined : readRange(addressRange);
    this.systemId = systemId;
    this.boundAs = pdu.command.slice('bind_'.length) as BoundAs;
    this.bindTimer.cancel();
    // A client of a version before 3.4 knows no options (SMPP 3.4, 4.1.2).
    const knowsOptions = pdu.body.interfaceVersion >= interfaceVersion;
    const options = new Map([[tag.scInterfaceVersion, toUint(interfaceVersion, 1)]]);
    const answer = { systemId: 'fleetbench-smsc' };
    this.session.answer(pdu, commandStatus.ESME_ROK, answer, knowsOptions ? options : undefined);
    this.session.watch();
    this.host.bound(this);
  }

  private requireSender({ command }: Pdu): void {
    if (this.boundAs === 'transmitter' || this.boundAs === 'transceiver') return;
    const how = this.boundAs ? `bound as ${this.boundAs}` : 'not bound';
    throw malformed(`${command} came from a client that is ${how}`, commandStatus.ESME_RINVBNDSTS);
  }

  private requireRate(): void {
    const { wireClock, settings } = this.host;
    const nowMs = wireClock.monotonicUs() / 1000;
    if (nowMs - this.secondFromMs >= secondMs) {
      this.secondFromMs = nowMs;
      this.inSecond = 0;
    }
    this.inSecond += 1;
    if (this.inSecond <= settings.smscMaxMessagesPerS) return;
    throw malformed(
      `more than ${settings.smscMaxMessagesPerS} messages came in a second (setting smscMaxMessagesPerS)`,
      commandStatus.ESME_RTHROTTLED,
    );
  }

  private refuse(pdu: Pdu, status: number, reason: SmscDropReason, what: string): void {
    this.host.dropped(this, reason, what);
    this.session.answer(pdu as Pdu<AnsweredRequest>, status);
  }

  /** Hands out what waits, as far as its window and its socket have room. */
  private pump(): void {
    const { settings } = this.host;
    while (!this.over && this.underWay < settings.smscWindow) {
      if (this.stream.writableLength > settings.smscMaxUnsentBytes) return;
      const message = this.queue.shift();
      if (!message) return;
      this.handOut(message);
    }
  }

  private handOut(message: StoredMessage): void {
    this.underWay += 1;
    const { body, options } = deliverBody(message);
    this.session.request('deliver_sm', body, options).then(
      () => this.answered(message, { delivered: true }),
      (error: SmppError) => this.answered(message, resultOf(error)),
    );
  }

  private answered(message: StoredMessage, result: AttemptResult): void {
    this.underWay -= 1;
    this.host.attempted(message, result);
    this.pump();
  }

  private write(bytes: Uint8Array): void {
    if (this.stream.destroyed || this.stream.writableEnded) return;
    this.stream.write(bytes);
    // Who does not read what is answered is not listened to.
    if (this.stream.writableLength > this.host.settings.smscMaxUnsentBytes) this.stream.pause();
  }

  private ended(): void {
    this.over = true;
    this.bindTimer.cancel();
    this.boundAs = undefined;
    const failure = { delivered: false, failure: 'noAnswer', permanent: false } as const;
    for (const message of this.queue.splice(0)) this.host.attempted(message, failure);
    this.host.ended(this);
  }
}

function resultOf(error: SmppError): AttemptResult {
  if (error.code !== 'smpp.refused') return { delivered: false, failure: 'noAnswer', permanent: false };
  return { delivered: false, failure: 'refused', permanent: !temporary.has(error.status) };
}

const reasons = new Map<number, SmscDropReason>([
  [commandStatus.ESME_RTHROTTLED, 'throttled'],
  [commandStatus.ESME_RMSGQFUL, 'full'],
  [commandStatus.ESME_RINVBNDSTS, 'notBound'],
  [commandStatus.ESME_RALYBND, 'notBound'],
  [commandStatus.ESME_RINVCMDID, 'unknownCommand'],
]);
const reasonOf = (status: number): SmscDropReason => reasons.get(status) ?? 'invalidMessage';

/** address_range is a regular expression (SMPP 3.4, 5.2.7), by which no client can keep the centre busy. */
function readRange(addressRange: string): Pattern {
  try {
    return new Pattern(addressRange, mostRangeSteps);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw malformed(`address_range is no regular expression: ${error.message}`, commandStatus.ESME_RBINDFAIL);
  }
}

/** YYMMDDhhmmsstnnp in UTC (SMPP 3.4, 7.1.1.1). */
const absoluteTime = (timeMs: number): string =>
  `${new Date(timeMs).toISOString().replaceAll(/\D/g, '').slice(2, 14)}000+`;
