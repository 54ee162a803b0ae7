import { createRequire } from 'node:module';

/** A PDU as the package `smpp` reads it, by the names of the specification. */
export interface OutsidePdu {
  readonly command: string;
  readonly command_status: number;
  readonly [field: string]: any;
  response(fields?: object): object;
}

interface OutsideSession {
  on(event: string, run: (pdu: OutsidePdu) => void): void;
  send(pdu: object, answered?: (pdu: OutsidePdu) => void): void;
  close(): void;
  destroy(): void;
}

const smpp: any = createRequire(import.meta.url)('smpp');

/** An SMPP client of other people's making, for tests. */
export class OutsideEsme {
  readonly received: OutsidePdu[] = [];
  private readonly session: OutsideSession;
  private readonly connected: Promise<void>;

  constructor(url: string) {
    let connected: () => void = () => {};
    this.connected = new Promise((resolve) => {
      connected = resolve;
    });
    this.session = smpp.connect({ url }, () => connected());
    this.session.on('error', () => {});
    this.session.on('deliver_sm', (pdu) => {
      this.received.push(pdu);
      this.session.send(pdu.response());
    });
  }

  /** @returns the answer, whatever its status */
  async request(command: string, fields: object = {}): Promise<OutsidePdu> {
    await this.connected;
    return new Promise((resolve) => this.session.send(new smpp.PDU(command, fields), resolve));
  }

  bind(fields: object = {}): Promise<OutsidePdu> {
    return this.request('bind_transceiver', { system_id: 'fleetbench', password: 'bench', ...fields });
  }

  close(): void {
    this.session.destroy();
  }
}
