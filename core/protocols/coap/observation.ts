import { isSuccess } from './codes.ts';
import { CoapError } from './errors.ts';
import type { Exchange, ExchangeOptions } from './exchange.ts';
import type { Exchanges, RequestContent, TokenOwner } from './exchanges.ts';
import type { CoapMessage } from './message.ts';
import { criticalProblem } from './option-check.ts';
import { findUint, optionNumbers, uintOption } from './options.ts';
import { CoapResponse } from './request.ts';
import { download, type Send, type TransferSettings, upload } from './transfer.ts';

const { observe } = optionNumbers;
const register = 0;
const deregister = 1;
/** RFC 7641 3.4: a notification that comes later than this is new whatever its number. */
const freshAfterMs = 128_000;
const halfOfNumbers = 2 ** 23;

export interface ObservationListener {
  /**
   * A notification, whole. One that is to be confirmed, and has come in one message, is acknowledged when the promise
   * resolves; when that rejects it is not, so that it comes again.
   */
  notified(response: CoapResponse): void | Promise<void>;
  /** The further blocks of a notification could not be fetched; the next one brings the state again. */
  incomplete?(error: CoapError): void;
  /** Nothing more comes: the peer ended it with this response (RFC 7641 4.2), or there is no way to the peer. */
  ended(reason: CoapResponse | CoapError): void;
}

/** What came before the answer to the registration. */
interface Early {
  readonly message: CoapMessage;
  settle(taken: Promise<void> | undefined): void;
}

interface Registration {
  readonly response: Promise<CoapResponse>;
  resolve(response: CoapResponse): void;
  reject(error: CoapError): void;
}

/** What this side observes at the peer (RFC 7641 3). */
export class Observation implements TokenOwner {
  readonly token: Uint8Array;
  private readonly exchanges: Exchanges;
  private readonly request: RequestContent;
  private readonly settings: TransferSettings;
  private readonly options: Omit<ExchangeOptions, 'signal'>;
  private readonly listener: ObservationListener;
  private exchange: Exchange | undefined;
  private registration: Registration | undefined;
  /** True from the sending of a registration until its answer is looked at; what comes meanwhile waits. */
  private registering = false;
  private early: Early[] = [];
  private last: { readonly number: number; readonly atMs: number } | undefined;
  private retrieval: AbortController | undefined;
  private observed = false;
  private over = false;

  constructor(
    exchanges: Exchanges,
    request: RequestContent,
    settings: TransferSettings,
    options: Omit<ExchangeOptions, 'signal'>,
    listener: ObservationListener,
  ) {
    this.exchanges = exchanges;
    this.request = request;
    this.settings = settings;
    this.options = options;
    this.listener = listener;
    this.token = exchanges.newToken();
  }

  /** True while notifications come; false also when the peer answered without observing. */
  get active(): boolean {
    return this.observed && !this.over;
  }

  /**
   * Asks the peer to send notifications, also again (RFC 7641 3.3.1). Resolves with the current state, which does not
   * go to the listener. Rejects with a CoapError; the observation is over then.
   * @param signal gives the registration up, and the observation with it, when it is aborted before the answer
   */
  register(signal?: AbortSignal): Promise<CoapResponse> {
    if (this.registration) return this.registration.response;
    if (this.over) return Promise.reject(new CoapError('coap.cancelled', 'the observation is over'));
    const { promise: response, resolve, reject } = newPromise<CoapResponse>();
    this.registration = { response, resolve, reject };
    this.exchanges.own(this);
    this.registering = true;
    const send: Send = (content) => this.send(content, signal);
    upload(send, this.withObserve(register), this.settings).then(
      (message) => this.registered(message),
      (error) => this.end(error),
    );
    return response;
  }

  /**
   * Asks the peer to send no more (RFC 7641 3.6). Resolves with its answer; what comes until then is acknowledged and
   * dropped. Rejects with a CoapError.
   */
  async cancel(): Promise<CoapResponse> {
    this.forget();
    // The token stays taken until the answer is here.
    this.exchanges.own(this);
    try {
      const send: Send = (content) => this.send(content);
      const answer = await upload(send, this.withObserve(deregister), this.settings);
      const sendPlain: Send = (content) => this.exchanges.send(content, this.options);
      return await download(sendPlain, this.request, answer, this.settings);
    } finally {
      this.exchanges.disown(this);
    }
  }

  /** Sends nothing; the next notification is rejected, which ends it at the peer as well (RFC 7641 3.6). */
  forget(): void {
    this.end(new CoapError('coap.cancelled', 'the observation was cancelled'), false);
  }

  response(message: CoapMessage): void | Promise<void> {
    const problem = criticalProblem(message);
    if (this.exchange) this.exchange.response(message);
    else if (problem) this.end(problem);
    else if (this.registering) return new Promise((settle) => this.early.push({ message, settle }));
    else if (!this.over) return this.take(message);
    return undefined;
  }

  /**
   * The answer to a registration, which a notification had been taken for: it may hold a newer state.
   */
  late(message: CoapMessage): void {
    if (this.over || criticalProblem(message)) return;
    if (this.registering) this.early.push({ message, settle: () => {} });
    else this.take(message)?.catch(() => {});
  }

  failed(error: CoapError): void {
    this.end(error);
  }

  private send(content: RequestContent, signal?: AbortSignal): Promise<CoapMessage> {
    return new Promise((resolve, reject) => {
      const message = { ...content, token: this.token };
      this.exchange = this.exchanges.open(message, { ...this.options, signal }, (outcome) => {
        this.exchange = undefined;
        if (outcome instanceof CoapError) reject(outcome);
        else resolve(outcome);
      });
      this.exchange.start();
    });
  }

  private registered(message: CoapMessage): void {
    this.registering = false;
    if (this.over) return;
    this.last = undefined;
    void this.take(message);
    this.takeEarly();
  }

  /** What came before the answer to the registration, whatever that was. */
  private takeEarly(): void {
    const { early } = this;
    this.early = [];
    for (const { message, settle } of early) settle(this.over ? undefined : this.take(message));
  }

  private take(message: CoapMessage): Promise<void> | undefined {
    const number = findUint(message.options, observe);
    if (number === undefined || !isSuccess(message.code)) {
      this.takeLast(message);
      return undefined;
    }
    const next = { number, atMs: this.exchanges.context.clock.now() };
    const before = this.last;
    if (before && !isFresh(before, next)) return undefined;
    this.last = next;
    this.observed = true;
    const taken = this.retrieve(message, (response) => this.emit(response));
    return taken?.catch((error) => {
      // It comes again, and must be as new as it was.
      if (this.last === next) this.last = before;
      throw error;
    });
  }

  /** An error, or a response that is no notification: the peer does not observe, or does so no longer. */
  private takeLast(message: CoapMessage): void {
    void this.retrieve(message, (response) => {
      if (!this.registration) this.end(response);
      else {
        this.over = true;
        this.exchanges.disown(this);
        return this.emit(response);
      }
      return undefined;
    });
  }

  /** With its further blocks, which have another token (RFC 7959 2.6); a newer message takes the place of one that is not whole yet. */
  private retrieve(
    message: CoapMessage,
    done: (response: CoapResponse) => Promise<void> | undefined,
  ): Promise<void> | undefined {
    this.retrieval?.abort();
    this.retrieval = undefined;
    const more = findUint(message.options, optionNumbers.block2) ?? 0;
    if ((more & 0b1000) === 0) {
      return done(new CoapResponse(message, message.payload));
    }
    const retrieval = new AbortController();
    this.retrieval = retrieval;
    const options = { ...this.options, signal: retrieval.signal };
    const token = this.exchanges.newToken();
    const send: Send = (content) => this.exchanges.send(content, options, token);
    const current = (): boolean => this.retrieval === retrieval && !this.over;
    download(send, this.request, message, this.settings).then(
      (response) => {
        if (!current()) return;
        // Its first message is acknowledged, so nothing waits for what becomes of it.
        if (response.success || !isSuccess(message.code)) done(response)?.catch(() => {});
        else
          this.incomplete(
            new CoapError('coap.blockwise', `a further block was answered ${response.codeText}`),
          );
      },
      (error) => {
        if (current()) this.incomplete(error);
      },
    );
    return undefined;
  }

  private incomplete(error: CoapError): void {
    if (this.registration) this.end(error);
    else this.listener.incomplete?.(error);
  }

  private emit(response: CoapResponse): Promise<void> | undefined {
    const { registration } = this;
    this.registration = undefined;
    if (!registration) return this.listener.notified(response) ?? undefined;
    registration.resolve(response);
    return undefined;
  }

  private end(reason: CoapResponse | CoapError, tell = true): void {
    if (this.over) return;
    this.over = true;
    this.retrieval?.abort();
    this.exchanges.disown(this);
    this.takeEarly();
    const { registration, exchange } = this;
    this.registration = undefined;
    const error = reason instanceof CoapError ? reason : undefined;
    if (error) exchange?.failed(error);
    if (registration)
      registration.reject(error ?? new CoapError('coap.cancelled', 'the observation has ended'));
    else if (tell) this.listener.ended(reason);
  }

  private withObserve(value: number): RequestContent {
    return { ...this.request, options: [...this.request.options, uintOption(observe, value)] };
  }
}

/** RFC 7641 3.4: numbers go round, so the nearer half is the newer one. */
function isFresh(
  last: { readonly number: number; readonly atMs: number },
  next: { readonly number: number; readonly atMs: number },
): boolean {
  if (next.atMs > last.atMs + freshAfterMs) return true;
  const ahead = next.number - last.number;
  return (ahead > 0 && ahead < halfOfNumbers) || ahead < -halfOfNumbers;
}

function newPromise<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (error: CoapError) => void;
} {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: CoapError) => void = () => {};
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
