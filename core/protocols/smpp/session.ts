import { refused, SmppError } from './errors.ts';
import { PduFramer } from './framer.ts';
import { type AnsweredRequest, type Body, type Command, layouts, type ResponseTo } from './layouts.ts';
import { decodePdu, encodePdu, isResponseId, type Pdu, readHeader } from './pdu.ts';
import { commandStatus } from './status.ts';
import type { Options } from './tlv.ts';

/** What a session needs of its connection. */
export interface SmppLink {
  write(bytes: Uint8Array): void;
  /** Closes the connection once what was written has gone out. */
  end(): void;
}

/** The part of a clock that a session needs. */
export interface SmppClock {
  after(name: string, delayMs: number, run: () => void): { cancel(): void };
}

export interface SmppSessionLimits {
  /** How long the other side may take to answer. */
  readonly responseTimeoutMs: number;
  /** After how much silence the other side is asked whether it is there. */
  readonly keepAliveMs: number;
  /** Longest PDU that is taken; a longer one ends the session. */
  readonly maxPduBytes: number;
}

export interface SmppSessionHandler {
  /** A request came; {@link SmppSession.answer} is for whoever takes it. enquire_link is answered already. */
  requested(pdu: Pdu): void;
  /** Something came that is no PDU, or an answer to nothing. It was answered where that is due. */
  dropped(error: SmppError): void;
  /** The session is over; called once, whoever ended it. */
  ended(reason: string): void;
}

interface Waiting {
  readonly command: Command;
  readonly timer: { cancel(): void };
  resolve(pdu: Pdu): void;
  reject(error: SmppError): void;
}

const largestSequence = 0x7fff_ffff;

/** One SMPP session, of either side: requests and their answers over one connection (SMPP 3.4, 2.2 and 2.7). */
export class SmppSession {
  private readonly link: SmppLink;
  private readonly handler: SmppSessionHandler;
  private readonly clock: SmppClock;
  private readonly limits: SmppSessionLimits;
  private readonly framer: PduFramer;
  private readonly waiting = new Map<number, Waiting>();
  private keepAlive: { cancel(): void } | undefined;
  private heard = false;
  private sequence = 0;
  private over = false;

  constructor(link: SmppLink, handler: SmppSessionHandler, clock: SmppClock, limits: SmppSessionLimits) {
    this.link = link;
    this.handler = handler;
    this.clock = clock;
    this.limits = limits;
    this.framer = new PduFramer(limits.maxPduBytes);
  }

  /** Requests that wait for their answer. */
  get underWay(): number {
    return this.waiting.size;
  }

  /** Watches from now on that the other side is there. */
  watch(): void {
    this.keepAlive = this.clock.after('smpp-keep-alive', this.limits.keepAliveMs, () => {
      if (!this.heard) {
        this.request('enquire_link').catch((error: SmppError) => {
          if (error.code === 'smpp.timeout') this.close('the other side does not answer enquire_link');
        });
      }
      this.heard = false;
      this.watch();
    });
  }

  /** Takes what came over the connection; never throws for what is in it. */
  receive(chunk: Uint8Array): void {
    if (this.over) return;
    this.heard = true;
    try {
      for (const bytes of this.framer.push(chunk)) {
        this.take(bytes);
        if (this.over) return;
      }
    } catch (error) {
      if (!(error instanceof SmppError)) throw error;
      this.send('generic_nack', 0, error.status);
      this.handler.dropped(error);
      this.close(error.message);
    }
  }

  /**
   * Asks something of the other side.
   * @returns its answer, with status ESME_ROK
   * @throws SmppError as a rejection: `smpp.refused` with its status, `smpp.timeout`, `smpp.closed`, `smpp.malformed` for an
   *   answer that is none, `smpp.range` for a request that cannot be sent
   */
  request<R extends AnsweredRequest>(
    command: R,
    body: Partial<Body<R>> = {},
    options?: Options,
  ): Promise<Pdu<ResponseTo<R>>> {
    return new Promise((resolve, reject) => {
      if (this.over) throw new SmppError('smpp.closed', `${command}: the session is over`);
      const sequence = this.nextSequence();
      const bytes = encodePdu({ command, sequence, body, ...(options && { options }) });
      const timer = this.clock.after('smpp-response', this.limits.responseTimeoutMs, () => {
        this.waiting.delete(sequence);
        reject(
          new SmppError('smpp.timeout', `${command} was not answered in ${this.limits.responseTimeoutMs} ms`),
        );
      });
      const taken = resolve as (pdu: Pdu) => void;
      this.waiting.set(sequence, { command, timer, resolve: taken, reject });
      this.link.write(bytes);
    });
  }

  /** Answers a request of the other side. After the end it does nothing. */
  answer<R extends AnsweredRequest>(
    request: { readonly command: R; readonly sequence: number },
    status: number = commandStatus.ESME_ROK,
    body?: Partial<Body<ResponseTo<R>>>,
    options?: Options,
  ): void {
    const command = `${request.command}_resp` as ResponseTo<R>;
    this.send(command, request.sequence, status, body, options);
  }

  /** Ends the session; requests that wait are given up. What is still written has been handed to the link before. */
  close(reason: string): void {
    if (this.over) return;
    this.over = true;
    this.keepAlive?.cancel();
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { timer, command, reject } of waiting) {
      timer.cancel();
      reject(new SmppError('smpp.closed', `${command}: ${reason}`));
    }
    this.link.end();
    this.handler.ended(reason);
  }

  private take(bytes: Uint8Array): void {
    let pdu: Pdu;
    try {
      pdu = decodePdu(bytes);
    } catch (error) {
      if (!(error instanceof SmppError)) throw error;
      this.refuse(bytes, error);
      return;
    }
    if (isResponseId(layouts[pdu.command].id)) this.answered(pdu);
    else if (pdu.command === 'enquire_link') this.answer(pdu);
    else this.handler.requested(pdu);
  }

  private answered(pdu: Pdu): void {
    const { sequence, command, status } = pdu;
    const waiting = this.waiting.get(sequence);
    const fits = waiting && (command === `${waiting.command}_resp` || command === 'generic_nack');
    if (!fits) {
      const message = `${command} with sequence_number ${sequence} answers nothing that was asked`;
      this.handler.dropped(new SmppError('smpp.malformed', message));
      return;
    }
    this.settle(sequence, waiting);
    if (status === commandStatus.ESME_ROK && command !== 'generic_nack') waiting.resolve(pdu);
    else waiting.reject(refused(waiting.command, status));
  }

  /** A PDU whose length is right and the rest is not. */
  private refuse(bytes: Uint8Array, error: SmppError): void {
    const { id, sequence } = readHeader(bytes);
    const waiting = isResponseId(id) ? this.waiting.get(sequence) : undefined;
    if (waiting) {
      this.settle(sequence, waiting);
      waiting.reject(error);
    } else if (!isResponseId(id)) {
      this.send(answerTo(id), sequence, error.status);
    }
    this.handler.dropped(error);
  }

  private settle(sequence: number, { timer }: Waiting): void {
    timer.cancel();
    this.waiting.delete(sequence);
  }

  private send<C extends Command>(
    command: C,
    sequence: number,
    status: number,
    body?: Partial<Body<C>>,
    options?: Options,
  ): void {
    if (this.over) return;
    this.link.write(
      encodePdu({ command, sequence, status, ...(body && { body }), ...(options && { options }) }),
    );
  }

  private nextSequence(): number {
    do this.sequence = this.sequence >= largestSequence ? 1 : this.sequence + 1;
    while (this.waiting.has(this.sequence));
    return this.sequence;
  }
}

/** What refuses a request of this id: its own answer, or generic_nack where it has none. */
function answerTo(id: number): Command {
  const found = Object.entries(layouts).find(([, layout]) => layout.id === 0x8000_0000 + id && id !== 0);
  return (found?.[0] ?? 'generic_nack') as Command;
}
