import type { DatagramLink, LinkReceiver } from '../../protocols/coap/link.ts';
import { DtlsError } from '../../protocols/dtls/errors.ts';
import type { DtlsSession } from '../../protocols/dtls/session.ts';

/** A DTLS session as CoAP speaks over it. To be made within the call in which the session opens. */
export class SessionLink implements DatagramLink {
  receiver: LinkReceiver | undefined;
  readonly session: DtlsSession;

  constructor(session: DtlsSession) {
    this.session = session;
    session.onMessage((bytes) => this.receiver?.datagram(bytes));
    session.onClose((reason, detail) =>
      this.receiver?.closed(
        detail === undefined ? `the DTLS session is over: ${reason}` : `${reason}: ${detail}`,
      ),
    );
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
