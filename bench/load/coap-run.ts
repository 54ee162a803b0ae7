import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Histogram, type Quantiles } from '../lib/histogram.ts';
import { readUsage } from '../lib/usage.ts';

export interface CoapLoad {
  readonly port: number;
  readonly path: string;
  /** What each response has to hold. */
  readonly payloadBytes: number;
  /** Each socket is a peer of its own to the server. */
  readonly sockets: number;
  /** Requests that each socket has on their way. */
  readonly window: number;
}

export interface CoapResult {
  readonly requestsPerS: number;
  readonly latency: Quantiles;
  /** Share of a core that the generator used. */
  readonly generatorCpu: number;
  /** Answers that were not 2.05 with the expected payload. */
  readonly wrong: number;
  /** Requests without an answer for longer than {@link lostAfterMs}, which were then asked anew. */
  readonly lost: number;
}

const headerBytes = 4;
const tokenBytes = 4;
const uriPath = 11;
const payloadMarker = 0xff;
/** ACK, version 1, token of four bytes; 2.05. */
const ackWithToken = 0x64;
const content = 0x45;
const lostAfterMs = 1000;

/**
 * Asks for one resource as fast as the answers come: GET, confirmable, with a token of its own each. Messages are
 * written once and patched, and answers are looked at by hand, so that the generator does as little as can be.
 */
export class CoapRun {
  private readonly options: CoapLoad;
  private readonly peers: Peer[] = [];
  private readonly latency = new Histogram();
  private answered = 0;
  private wrong = 0;
  private lost = 0;
  private sweep: NodeJS.Timeout | undefined;

  constructor(options: CoapLoad) {
    this.options = options;
  }

  async open(): Promise<void> {
    for (let index = 0; index < this.options.sockets; index++) {
      this.peers.push(await Peer.open(this.options, (delayMs, right) => this.count(delayMs, right)));
    }
    for (const peer of this.peers) peer.start();
    this.sweep = setInterval(() => {
      for (const peer of this.peers) this.lost += peer.askAgain();
    }, lostAfterMs / 4);
  }

  async measure({ durationMs }: { durationMs: number }): Promise<CoapResult> {
    this.latency.reset();
    this.answered = 0;
    this.wrong = 0;
    this.lost = 0;
    const before = readUsage();
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    const after = readUsage();
    const passedMs = after.atMs - before.atMs;
    return {
      requestsPerS: (this.answered / passedMs) * 1000,
      latency: this.latency.summary(),
      generatorCpu: (after.cpuMs - before.cpuMs) / passedMs,
      wrong: this.wrong,
      lost: this.lost,
    };
  }

  close(): void {
    clearInterval(this.sweep);
    for (const peer of this.peers) peer.close();
  }

  private count(delayMs: number, right: boolean): void {
    this.answered++;
    this.latency.record(delayMs);
    if (!right) this.wrong++;
  }
}

/** One socket, with some requests on their way; the place of a request is the lowest part of its token. */
class Peer {
  private readonly socket: Socket;
  private readonly options: CoapLoad;
  private readonly answered: (delayMs: number, right: boolean) => void;
  private readonly messages: Buffer[];
  private readonly sentAtMs: Float64Array;
  private nextMessageId = Math.floor(Math.random() * 65_536);
  private round = 0;

  private constructor(
    socket: Socket,
    options: CoapLoad,
    answered: (delayMs: number, right: boolean) => void,
  ) {
    this.socket = socket;
    this.options = options;
    this.answered = answered;
    this.messages = Array.from({ length: options.window }, () => encodeGet(options.path));
    this.sentAtMs = new Float64Array(options.window);
    socket.on('message', (answer) => this.receive(answer));
    socket.on('error', () => {});
  }

  static async open(options: CoapLoad, answered: (delayMs: number, right: boolean) => void): Promise<Peer> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
    socket.connect(options.port, '127.0.0.1');
    await once(socket, 'connect');
    return new Peer(socket, options, answered);
  }

  start(): void {
    for (let place = 0; place < this.options.window; place++) this.ask(place);
  }

  /** @returns how many requests had no answer for too long */
  askAgain(): number {
    const nowMs = performance.now();
    let late = 0;
    for (let place = 0; place < this.options.window; place++) {
      if (nowMs - (this.sentAtMs[place] as number) < lostAfterMs) continue;
      late++;
      this.ask(place);
    }
    return late;
  }

  close(): void {
    this.socket.close();
  }

  /** Each request has a message id and a token that no other of the last minutes had together. */
  private ask(place: number): void {
    const message = this.messages[place] as Buffer;
    this.nextMessageId = (this.nextMessageId + 1) & 0xffff;
    this.round = (this.round + 1) & 0xff_ffff;
    message.writeUInt16BE(this.nextMessageId, 2);
    message.writeUInt32BE(this.round * 256 + place, headerBytes);
    this.sentAtMs[place] = performance.now();
    this.socket.send(message);
  }

  private receive(answer: Buffer): void {
    const place = answer[headerBytes + tokenBytes - 1] as number;
    const message = this.messages[place];
    // An answer that comes after its request was asked anew has another token.
    if (answer.length < headerBytes + tokenBytes || !message) return;
    if (answer.readUInt32BE(headerBytes) !== message.readUInt32BE(headerBytes)) return;
    const { payloadBytes } = this.options;
    const right =
      answer[0] === ackWithToken &&
      answer[1] === content &&
      answer.readUInt16BE(2) === message.readUInt16BE(2) &&
      answer[answer.length - payloadBytes - 1] === payloadMarker;
    this.answered(performance.now() - (this.sentAtMs[place] as number), right);
    this.ask(place);
  }
}

/** RFC 7252 3, for a path of one segment of up to 12 bytes. */
function encodeGet(path: string): Buffer {
  const segment = Buffer.from(path);
  const first = 0b0100_0000 | tokenBytes;
  return Buffer.concat([
    Buffer.from([first, 0x01, 0, 0, 0, 0, 0, 0, (uriPath << 4) | segment.length]),
    segment,
  ]);
}
