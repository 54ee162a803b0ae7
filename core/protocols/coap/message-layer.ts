import { decodeMessage, encodeMessage, MalformedMessage } from './codec.ts';
import { isRequest } from './codes.ts';
import type { CoapContext, LoggedMessage } from './context.ts';
import { PeerMemory, type Remembered } from './duplicate-memory.ts';
import { CoapError } from './errors.ts';
import type { DatagramLink, LinkReceiver } from './link.ts';
import { type CoapMessage, emptyMessage, type MessageContent, messageTypes } from './message.ts';
import { MessageIds } from './message-ids.ts';
import { exchangeLifetimeMs } from './settings.ts';
import { StartGate } from './start-gate.ts';
import { type Delivery, Transmission, type TransmissionHost } from './transmission.ts';

const { CON, NON, ACK, RST } = messageTypes;

/** What the messages of a link are for. */
export interface UpperLayer {
  request(incoming: Incoming): void;
  /**
   * A response in a message of its own; false when nobody waits for it, so that it is to be rejected. A promise: taken
   * when it resolves, and as if it had never come when it rejects.
   */
  response(incoming: Incoming): boolean | Promise<void>;
  /** A response in an acknowledgement of nothing that waits for one. */
  late(message: CoapMessage): void;
  /** The peer has no use for a message that was not confirmable. */
  rejected(messageId: number): void;
  /** The network says that nobody listens there. */
  refused(error: CoapError): void;
  closed(error: CoapError): void;
}

/** A message of the peer that came for the first time. */
export interface Incoming {
  readonly message: CoapMessage;
  readonly remembered: Remembered;
  /** Length of its datagram. */
  readonly bytes: number;
}

/** The messages of one link, reliable or not, each taken once (RFC 7252 4). */
export class MessageLayer implements LinkReceiver, TransmissionHost {
  readonly context: CoapContext;
  /** For requests and confirmable notifications. */
  readonly gate: StartGate;
  private readonly link: DatagramLink;
  private readonly upper: UpperLayer;
  private readonly memory = new PeerMemory();
  /** What waits for its acknowledgement, by message id. */
  private readonly transmissions = new Map<number, Transmission>();
  private readonly messageIds: MessageIds;
  private closedBy: CoapError | undefined;

  constructor(link: DatagramLink, context: CoapContext, upper: UpperLayer) {
    this.link = link;
    this.context = context;
    this.upper = upper;
    const { clock, settings } = context;
    const ids = new MessageIds(context.randomUint16(), exchangeLifetimeMs(settings));
    this.messageIds = ids;
    this.gate = new StartGate(settings.nstart, settings.maxWaitingRequests, {
      waitMs: () => ids.waitMs(clock.now()),
      after: (delayMs, run) => clock.after('coap message ids', delayMs, run),
    });
  }

  get peer(): string {
    return this.link.peer;
  }

  /** Why nothing goes any more; undefined while it does. */
  get closeError(): CoapError | undefined {
    return this.closedBy;
  }

  start(): void {
    this.link.receiver = this;
    if (this.link.closed) this.closed('it was closed before');
  }

  /** The link has ended, or its user has: fails what is on its way. */
  closed(reason: string): void {
    if (this.closedBy) return;
    this.closedBy = new CoapError('coap.linkClosed', `the link to ${this.peer} is closed: ${reason}`);
    if (this.link.receiver === this) this.link.receiver = undefined;
    this.gate.close();
    this.context.duplicates.forget(this.memory);
    for (const transmission of [...this.transmissions.values()]) transmission.failed(this.closedBy);
    this.upper.closed(this.closedBy);
  }

  refused(): void {
    const error = new CoapError('coap.refused', `nobody listens at ${this.peer}`);
    for (const transmission of [...this.transmissions.values()]) transmission.failed(error);
    this.upper.refused(error);
  }

  /** Sends it now, and again until it is acknowledged. */
  confirm(content: MessageContent, delivery: Delivery): Transmission {
    const transmission = new Transmission(this, content, delivery);
    if (this.closedBy) transmission.failed(this.closedBy);
    else transmission.start();
    return transmission;
  }

  /** Sends it once. Returns its message id; undefined when it has none and is lost, as on the network. */
  sendOnce(content: MessageContent): number | undefined {
    const messageId = this.messageIds.take(this.context.clock.now());
    if (!this.closedBy && messageId !== undefined) this.send({ ...content, type: NON, messageId });
    return messageId;
  }

  /** Acknowledges a confirmable message, alone or with a response. */
  acknowledge({ message, remembered }: Incoming, content?: MessageContent): void {
    if (this.closedBy) return;
    const { messageId } = message;
    const reply = content ? { ...content, type: ACK, messageId } : emptyMessage(ACK, messageId);
    this.context.duplicates.answered(remembered, this.send(reply));
  }

  /** Says that there is no use for a message (RFC 7252 4.2, 4.3). */
  reject({ message, remembered }: Incoming): void {
    if (this.closedBy) return;
    this.context.duplicates.answered(remembered, this.send(emptyMessage(RST, message.messageId)));
  }

  transmit(transmission: Transmission): void {
    const again = transmission.datagram;
    if (again) {
      this.log('out', again, { note: 'retransmission' });
      this.link.send(again);
      return;
    }
    const messageId = this.messageIds.take(this.context.clock.now());
    if (messageId === undefined) throw noMessageId(this.peer);
    transmission.messageId = messageId;
    this.transmissions.set(transmission.messageId, transmission);
    transmission.datagram = this.send({
      ...transmission.content,
      type: CON,
      messageId: transmission.messageId,
    });
  }

  ended(transmission: Transmission): void {
    this.transmissions.delete(transmission.messageId);
  }

  datagram(bytes: Uint8Array): void {
    let message: CoapMessage;
    try {
      message = decodeMessage(bytes);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.log('in', bytes, { malformed: error.message });
      // RFC 7252 4.2: a confirmable one is rejected, all others are ignored.
      if (error.header?.type === CON) this.send(emptyMessage(RST, error.header.messageId));
      return;
    }
    if (message.type === ACK) this.acknowledged(message, bytes);
    else if (message.type === RST) this.reset(message, bytes);
    else this.take(message, bytes);
  }

  private take(message: CoapMessage, bytes: Uint8Array): void {
    if (message.code === 0) {
      this.log('in', bytes, { message });
      if (message.type === CON) this.send(emptyMessage(RST, message.messageId));
      return;
    }
    const { duplicates } = this.context;
    const confirmable = message.type === CON;
    const met = duplicates.meet(this.memory, message.messageId, confirmable, bytes);
    if (met.duplicateOf) {
      this.log('in', bytes, { message, note: 'duplicate' });
      const { reply } = met.duplicateOf;
      if (reply && confirmable) {
        this.log('out', reply, { note: 'retransmission' });
        this.link.send(reply);
      }
      return;
    }
    this.log('in', bytes, { message });
    const incoming: Incoming = { message, remembered: met.fresh, bytes: bytes.length };
    if (isRequest(message.code)) this.upper.request(incoming);
    else this.takeResponse(incoming);
  }

  private takeResponse(incoming: Incoming): void {
    const taken = this.upper.response(incoming);
    const acknowledge = (): void => {
      if (incoming.message.type === CON) this.acknowledge(incoming);
    };
    if (taken === false) this.reject(incoming);
    else if (taken === true) acknowledge();
    // Not rejected either, so its sender sends it again (RFC 7252 4.2), and then it is new.
    else taken.then(acknowledge, () => this.context.duplicates.forgetMessage(incoming.remembered));
  }

  private acknowledged(message: CoapMessage, bytes: Uint8Array): void {
    const transmission = this.transmissions.get(message.messageId);
    this.log('in', bytes, { message, note: transmission ? undefined : 'duplicate' });
    if (!transmission) {
      if (message.code !== 0) this.upper.late(message);
      return;
    }
    // RFC 7252 5.3.2: a response in an acknowledgement has the token of the request.
    if (message.code !== 0 && !sameBytes(message.token, transmission.content.token)) return;
    const tooLarge = this.tooLarge(bytes.length);
    if (tooLarge) transmission.failed(tooLarge);
    else transmission.acknowledged(message);
  }

  private reset(message: CoapMessage, bytes: Uint8Array): void {
    this.log('in', bytes, { message });
    const transmission = this.transmissions.get(message.messageId);
    if (transmission) transmission.failed(new CoapError('coap.reset', `${this.peer} answered with a reset`));
    else this.upper.rejected(message.messageId);
  }

  private send(message: CoapMessage): Uint8Array {
    const datagram = encodeMessage(message);
    const tooLarge = this.tooLarge(datagram.length);
    if (tooLarge) throw tooLarge;
    this.log('out', datagram, { message });
    this.link.send(datagram);
    return datagram;
  }

  /** The error that a message of this length comes to; undefined when it is within the limit. */
  tooLarge(bytes: number): CoapError | undefined {
    const { maxMessageBytes } = this.context.settings;
    if (bytes <= maxMessageBytes) return undefined;
    return new CoapError(
      'coap.tooLarge',
      `a message of ${bytes} bytes is above maxMessageBytes, ${maxMessageBytes}`,
    );
  }

  private log(
    direction: 'in' | 'out',
    datagram: Uint8Array,
    about: Pick<LoggedMessage, 'message' | 'note' | 'malformed'>,
  ): void {
    const { log, clock } = this.context;
    if (!log) return;
    const message = about.message ?? (about.malformed === undefined ? decodeMessage(datagram) : undefined);
    log({
      direction,
      peer: this.peer,
      link: this.link,
      timeMs: clock.now(),
      datagram,
      bytes: datagram.length,
      ...about,
      message,
    });
  }
}

const noMessageId = (peer: string): CoapError =>
  new CoapError('coap.noMessageId', `all 65,536 message ids for ${peer} are taken for now (RFC 7252 4.4)`);

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
