import type { TraceStore } from '../../bus/trace-store.ts';
import type { DataService } from '../../data/data-service.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import { type Clock, isoTime } from '../../platform/clock.ts';
import { plainDigits } from '../../protocols/smpp/address.ts';
import { SmppError } from '../../protocols/smpp/errors.ts';
import { readContent } from '../../protocols/smpp/incoming-message.ts';
import type { Pdu } from '../../protocols/smpp/pdu.ts';
import { Reassembly } from '../../protocols/smpp/reassembly.ts';
import { commandStatus } from '../../protocols/smpp/status.ts';
import type { PartOf } from '../../protocols/smpp/user-data-header.ts';
import type { Statement, Store } from '../../store/types.ts';
import type { SmsInterfaces } from './sms-interfaces.ts';
import type { SmsDropReason, SmsLog } from './sms-log.ts';
import { type StoredPart, smsRepository } from './sms-repository.ts';
import type { SmsSettings } from './sms-settings.ts';
import { payloadOf } from './sms-text.ts';

export interface UplinksParts {
  readonly store: Store;
  readonly data: DataService;
  readonly traces: TraceStore;
  readonly registry: InterfaceRegistry;
  readonly interfaces: SmsInterfaces;
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly log: SmsLog;
  readonly settings: SmsSettings;
}

type Answer = (status: number) => void;
type IncomingPdu = Pdu<'deliver_sm' | 'data_sm'>;

/** Takes messages of devices: finds whose they are, puts long ones together, and stores them before the centre hears. */
export class Uplinks {
  private readonly parts: UplinksParts;
  private readonly reassembly: Reassembly<StoredPart>;

  constructor(parts: UplinksParts) {
    this.parts = parts;
    const { wireClock, settings } = parts;
    this.reassembly = new Reassembly(
      wireClock,
      { waitMs: settings.smsReassemblyMs, maxMessages: settings.smsMaxIncomplete },
      (held, total, why) => this.giveUp(held, total, why),
    );
  }

  /** Parts that came before a restart wait for the others. */
  async start(): Promise<void> {
    const { store, wireClock, settings } = this.parts;
    for (const part of await smsRepository.loadParts(store)) {
      const leftMs = part.receivedMs + settings.smsReassemblyMs - wireClock.now();
      this.reassembly.take(senderOf(part), part, part, Math.max(1, leftMs));
    }
  }

  stop(): void {
    this.reassembly.clear();
  }

  /** @param answer called once: ESME_ROK when the message would survive a kill */
  take(pdu: IncomingPdu, answer: Answer): void {
    const { body } = pdu;
    const sender = plainDigits(body.sourceAddr);
    const receiver = body.destinationAddr;
    const refuse = (reason: SmsDropReason, what: string, status: number): void => {
      this.parts.log.drop(reason, what, { msisdn: sender, serverPhoneNumber: receiver });
      answer(status);
    };
    const { smsServerPhoneNumbers } = this.parts.settings;
    const dialled = smsServerPhoneNumbers.find((number) => plainDigits(number) === plainDigits(receiver));
    if (dialled === undefined) {
      const what = `Message to ${receiver}, which is none of smsServerPhoneNumbers (${smsServerPhoneNumbers.join(', ')})`;
      refuse('unknownServerNumber', what, commandStatus.ESME_RINVDSTADR);
      return;
    }
    const via = this.deviceOf(sender, dialled, answer);
    if (!via) return;
    try {
      const { content, headerBytes, part } = readContent(pdu);
      const received = { dataCoding: body.dataCoding, headerBytes, content };
      if (part && part.total > 1) this.takePart({ sender, receiver: dialled, ...part, ...received }, answer);
      else this.store(via, dialled, [received], [], answer);
    } catch (error) {
      if (!(error instanceof SmppError)) throw error;
      this.parts.log.dropOf(via, 'malformedMessage', error.message);
      answer(error.status);
    }
  }

  /** Whose a number is; when that is nobody, or not to be told, the centre has its answer. */
  private deviceOf(sender: string, receiver: string, answer: Answer): DeviceInterface | undefined {
    const { interfaces, log } = this.parts;
    const found = interfaces.find(sender, receiver);
    const enabled = found.filter((via) => via.enabled);
    const [via, other] = enabled;
    if (via && !other) return via;
    if (found.length === 0) {
      log.drop('unknownDevice', `Message of ${sender}, which is the number of no SMS interface`, {
        msisdn: sender,
        serverPhoneNumber: receiver,
      });
    }
    for (const each of found) {
      if (enabled.length === 0) log.dropOf(each, 'disabled', 'Message of an interface that is disabled');
      else if (each.enabled) {
        log.dropOf(
          each,
          'ambiguousDevice',
          'Message of a number that is an interface of several tenants with the same server number',
        );
      }
    }
    answer(commandStatus.ESME_RX_R_APPN);
    return undefined;
  }

  private takePart(given: Omit<StoredPart, 'receivedMs'>, answer: Answer): void {
    const { store, wireClock } = this.parts;
    const part: StoredPart = { ...given, receivedMs: wireClock.now() };
    const whole = this.reassembly.take(senderOf(part), part, part);
    if (whole === 'waiting' || whole === 'repeated') {
      // One that came before is written again, since its first writing may have failed.
      store.append([smsRepository.putPart(part)], (error) => {
        answer(error ? commandStatus.ESME_RX_T_APPN : commandStatus.ESME_ROK);
      });
      return;
    }
    // Who it is of may have changed since the first part.
    const via = this.deviceOf(part.sender, part.receiver, answer);
    const statements = [smsRepository.deleteParts(part)];
    if (!via) {
      store.append(statements, () => {});
      return;
    }
    this.store(via, part.receiver, whole, statements, (status) => {
      if (status === commandStatus.ESME_RX_T_APPN) {
        // The centre sends this part again, and then the others must be there.
        for (const other of whole) if (other !== part) this.reassembly.take(senderOf(other), other, other);
      }
      answer(status);
    });
  }

  private store(
    via: DeviceInterface,
    serverPhoneNumber: string,
    received: readonly { dataCoding: number; headerBytes: number; content: Uint8Array }[],
    alongside: readonly Statement[],
    answer: Answer,
  ): void {
    const { data, log, traces, settings, store } = this.parts;
    const payload = payloadOf(received, settings.smsDefaultAlphabet);
    if (payload === undefined) {
      log.dropOf(via, 'malformedMessage', 'Message whose bytes are no text of the alphabet that it names');
      if (alongside.length > 0) store.append(alongside, () => {});
      answer(commandStatus.ESME_RINVMSGLEN);
      return;
    }
    const { tenantId } = via.device;
    const about = { tenantId, connector: 'sms' as const, sender: via.nodeId, target: serverPhoneNumber };
    const trace = traces.begin(about, Buffer.concat(received.map(({ content }) => content)));
    const network = { sms: { msisdn: via.nodeId, serverPhoneNumber } };
    const message = {
      origin: { tenantId, connector: 'sms' as const, via, network },
      input: {
        ...{ streamId: undefined, timestampMs: undefined, model: undefined, encoding: undefined },
        ...{ tags: undefined, location: undefined, ignored: [] },
        value: { payload },
      },
      trace,
    };
    data.acceptAll([message], alongside).then(
      () => {
        this.note(via, serverPhoneNumber);
        answer(commandStatus.ESME_ROK);
      },
      (error: Error) => {
        log.dropOf(via, 'notStored', error.message);
        answer(commandStatus.ESME_RX_T_APPN);
      },
    );
  }

  /** What the interface shows of the device (manual 5.5.2.3). */
  private note(via: DeviceInterface, serverPhoneNumber: string): void {
    const { registry, clock } = this.parts;
    registry.touch(via);
    const lastUplink = { timestamp: isoTime(clock.now()), serverPhoneNumber };
    void registry.updateSession(via, { activity: { lastUplink } });
  }

  private giveUp(held: readonly StoredPart[], total: number, why: 'timeout' | 'overload'): void {
    const { log, store, interfaces, settings } = this.parts;
    const [part] = held;
    if (!part) return;
    store.append([smsRepository.deleteParts(part)], () => {});
    const limit =
      why === 'timeout'
        ? `in ${settings.smsReassemblyMs} ms (setting smsReassemblyMs)`
        : `before more than ${settings.smsMaxIncomplete} messages waited (setting smsMaxIncomplete)`;
    const what = `Long message of which ${held.length} of ${total} parts came ${limit}`;
    const [via] = interfaces.find(part.sender, part.receiver);
    if (via) log.dropOf(via, 'incompleteMessage', what);
    else log.drop('incompleteMessage', what, { msisdn: part.sender, serverPhoneNumber: part.receiver });
  }
}

const senderOf = ({ sender, receiver }: Pick<StoredPart, 'sender' | 'receiver'> & PartOf): string =>
  `${sender} ${receiver}`;
