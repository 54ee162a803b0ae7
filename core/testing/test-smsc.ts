import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { RealClock } from '../platform/node/real-clock.ts';
import { SmppError } from '../protocols/smpp/errors.ts';
import type { Body } from '../protocols/smpp/layouts.ts';
import type { MessagePart } from '../protocols/smpp/outgoing-message.ts';
import type { Pdu } from '../protocols/smpp/pdu.ts';
import { type DeliveryReceipt, writeReceipt } from '../protocols/smpp/receipt.ts';
import { SmppSession } from '../protocols/smpp/session.ts';
import { commandStatus } from '../protocols/smpp/status.ts';
import type { Options } from '../protocols/smpp/tlv.ts';

/** How a test's centre takes a message: `silent` gives no answer. */
export type SubmitAnswer = number | 'silent';

/** A short message centre of a test, on a real socket: takes binds, notes what is submitted, delivers what it is told. */
export class TestSmsc {
  readonly binds: Pdu<'bind_transceiver'>['body'][] = [];
  readonly submitted: Pdu<'submit_sm'>[] = [];
  readonly dropped: string[] = [];
  bindStatus: number = commandStatus.ESME_ROK;
  /** What the next message is answered with; id of a message is `m` and its number, from 1. */
  onSubmit: (pdu: Pdu<'submit_sm'>, messageId: string) => SubmitAnswer = () => commandStatus.ESME_ROK;
  socket: Socket | undefined;
  session: SmppSession | undefined;
  private server: Server | undefined;
  private messages = 0;

  get port(): number {
    const address = this.server?.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** @param tls certificate and key (PEM) for a centre behind TLS */
  async start(port = 0, tls?: { readonly cert: string; readonly key: string }): Promise<void> {
    const accept = (socket: Socket): void => this.accept(socket);
    const server = tls ? createTlsServer(tls, accept) : createServer({ noDelay: true }, accept);
    this.server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }

  /** Ends the connection without a word, and takes no other until {@link start}. */
  async stop(): Promise<void> {
    const { server } = this;
    this.socket?.destroy();
    this.session?.close('the centre stops');
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  /** Sends a message to the platform. @returns the command_status of the answer */
  async deliver(from: string, to: string, part: MessagePart): Promise<number> {
    return this.send({ sourceAddr: from, destinationAddr: to, ...part.body }, part.options);
  }

  /** Sends a delivery receipt. @returns the command_status of the answer */
  async receipt(receipt: Pick<DeliveryReceipt, 'messageId' | 'state'>, withOptions = true): Promise<number> {
    const details = { submittedMs: 0, doneMs: 0, text: '' };
    const { body, options } = writeReceipt({ error: '000', ...receipt }, details);
    return this.send(body, withOptions ? options : undefined);
  }

  async send(body: Partial<Body<'deliver_sm'>>, options?: Options): Promise<number> {
    try {
      const answer = await this.session?.request('deliver_sm', body, options);
      if (!answer) throw new Error('nobody is bound to the test centre');
      return answer.status;
    } catch (error) {
      if (error instanceof SmppError && error.code === 'smpp.refused') return error.status;
      throw error;
    }
  }

  private accept(socket: Socket): void {
    this.socket = socket;
    const session: SmppSession = new SmppSession(
      { write: (bytes) => void socket.write(bytes), end: () => void socket.end() },
      {
        requested: (pdu) => this.requested(session, pdu),
        dropped: (error) => this.dropped.push(error.message),
        ended: () => {},
      },
      new RealClock(),
      { responseTimeoutMs: 60_000, keepAliveMs: 600_000, maxPduBytes: 70_000 },
    );
    socket.on('data', (chunk: Uint8Array) => session.receive(chunk));
    socket.on('error', () => {});
    socket.on('close', () => session.close('the platform closed the connection'));
  }

  private requested(session: SmppSession, pdu: Pdu): void {
    if (pdu.command === 'bind_transceiver') {
      this.binds.push(pdu.body);
      session.answer(pdu, this.bindStatus, { systemId: 'test-centre' });
      if (this.bindStatus === commandStatus.ESME_ROK) this.session = session;
    } else if (pdu.command === 'unbind') {
      session.answer(pdu);
      session.close('unbound');
    } else if (pdu.command === 'submit_sm') {
      this.submitted.push(pdu);
      const messageId = `m${++this.messages}`;
      const status = this.onSubmit(pdu, messageId);
      if (status !== 'silent') session.answer(pdu, status, { messageId });
    }
  }
}
