import type { Duplex } from 'node:stream';
import type { SmscStatus } from '../../../core/contract/simulated-smsc.ts';
import type { SmscSettings } from '../../../core/contract/smsc-settings.ts';
import { malformed, SmppError } from '../../../core/protocols/smpp/errors.ts';
import type { AnsweredRequest } from '../../../core/protocols/smpp/layouts.ts';
import type { Pdu } from '../../../core/protocols/smpp/pdu.ts';
import { SmppSession } from '../../../core/protocols/smpp/session.ts';
import { commandStatus } from '../../../core/protocols/smpp/status.ts';
import { tag, toUint } from '../../../core/protocols/smpp/tlv.ts';
import type { SimulatorClock } from '../../fleet/seams.ts';
import { readAddressRange } from './address-range.ts';
import { deliverBody } from './deliver-body.ts';
import { EsmeDeliveries } from './esme-deliveries.ts';
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
  /** The connection ended before it had answered for a message. */
  returned(message: StoredMessage): void;
  dropped(esme: Esme, reason: SmscDropReason, what: string): void;
  ended(esme: Esme): void;
}

/** SMPP 3.4 (5.2.4). */
const interfaceVersion = 0x34;
const secondMs = 1000;

/** One client of the centre, from its connection to its end. */
export class Esme {
  /** Of the connection: no other has it as long as the program runs. */
  readonly number: number;
  readonly remoteAddress: string;
  systemId: string | undefined;
  boundAs: BoundAs | undefined;
  private readonly stream: Duplex;
  private readonly host: EsmeHost;
  private readonly session: SmppSession;
  private readonly bindTimer: { cancel(): void };
  private readonly deliveries: EsmeDeliveries;
  private readonly connectedMs: number;
  private range: ReturnType<typeof readAddressRange>;
  private addressRange = '';
  private submitted = 0;
  private secondFromMs = Number.NEGATIVE_INFINITY;
  private inSecond = 0;

  constructor(
    connection: { readonly stream: Duplex; readonly remoteAddress: string; readonly number: number },
    host: EsmeHost,
  ) {
    const { stream, remoteAddress, number } = connection;
    this.number = number;
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
    this.connectedMs = wireClock.now();
    this.deliveries = new EsmeDeliveries({
      settings,
      unsentBytes: () => stream.writableLength,
      send: (message) => {
        const { body, options } = deliverBody(message);
        return this.session.request('deliver_sm', body, options);
      },
      attempted: (message, result) => host.attempted(message, result),
      returned: (message) => host.returned(message),
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
      this.deliveries.pump();
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
    return this.deliveries.load;
  }

  deliver(message: StoredMessage): void {
    this.deliveries.add(message);
  }

  view(): SmscStatus['clients'][number] {
    const { systemId = null, boundAs = null, remoteAddress, addressRange, submitted, load } = this;
    const connected = new Date(this.connectedMs).toISOString();
    const { delivered } = this.deliveries;
    return { systemId, boundAs, remoteAddress, addressRange, connected, submitted, delivered, load };
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
        this.host.submit(this, pdu, (messageId) => {
          this.submitted += 1;
          this.session.answer(pdu, commandStatus.ESME_ROK, { messageId });
        });
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
    this.range = readAddressRange(addressRange);
    this.addressRange = addressRange;
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

  private write(bytes: Uint8Array): void {
    if (this.stream.destroyed || this.stream.writableEnded) return;
    this.stream.write(bytes);
    // Who does not read what is answered is not listened to.
    if (this.stream.writableLength > this.host.settings.smscMaxUnsentBytes) this.stream.pause();
  }

  private ended(): void {
    this.bindTimer.cancel();
    this.boundAs = undefined;
    this.deliveries.end();
    this.host.ended(this);
  }
}

const reasons = new Map<number, SmscDropReason>([
  [commandStatus.ESME_RTHROTTLED, 'throttled'],
  [commandStatus.ESME_RMSGQFUL, 'full'],
  [commandStatus.ESME_RINVBNDSTS, 'notBound'],
  [commandStatus.ESME_RALYBND, 'notBound'],
  [commandStatus.ESME_RINVCMDID, 'unknownCommand'],
]);
const reasonOf = (status: number): SmscDropReason => reasons.get(status) ?? 'invalidMessage';

/** YYMMDDhhmmsstnnp in UTC (SMPP 3.4, 7.1.1.1). */
const absoluteTime = (timeMs: number): string =>
  `${new Date(timeMs).toISOString().replaceAll(/\D/g, '').slice(2, 14)}000+`;
