import type { DatagramLink, LinkReceiver } from '../coap/link.ts';
import { DtlsError } from '../dtls/errors.ts';
import type { DtlsSession } from '../dtls/session.ts';

/** A DTLS session as CoAP speaks over it. To be made within the call in which the session opens. */
export class SessionLink implements DatagramLink {
  receiver: LinkReceiver | undefined;
  readonly session: DtlsSession;
  /** Told that the session is over, after the receiver. */
  onClosed: ((reason: string) => void) | undefined;

  constructor(session: DtlsSession) {
    this.session = session;
    session.onMessage((bytes) => this.receiver?.datagram(bytes));
    session.onClose((reason, detail) => {
      const text = detail === undefined ? `the DTLS session is over: ${reason}` : `${reason}: ${detail}`;
      this.receiver?.closed(text);
      this.onClosed?.(text);
    });
  }

  get peer(): string {
    const { address, port } = this.session.peer;
    return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  }

  get closed(): boolean {
    return this.session.closeReason !== undefined;
  }

  send(datagram: Uint8Array): void {
    try {
      this.session.send(datagram);
    } catch (error) {
      // A session that has just ended loses what is sent, as the network does.
      if (!(error instanceof DtlsError)) throw error;
    }
  }
}
