import { ClientHandshake } from './client-handshake.ts';
import { Connection } from './connection.ts';
import { DtlsError } from './errors.ts';
import type { KeyLog } from './handshake-keys.ts';
import { randomBytes } from './hello.ts';
import { type DtlsLimits, defaultDtlsLimits } from './limits.ts';
import { readRecords } from './record.ts';
import type { Resumption } from './resumption.ts';
import type { DtlsClock, DtlsRandom, PeerAddress } from './seams.ts';
import type { DtlsSession } from './session.ts';
import { cipherSuites, type SuiteName, suitesNamed } from './suites.ts';

export interface DtlsClientOptions {
  readonly clock: DtlsClock;
  readonly random: DtlsRandom;
  /** Sends to the server, from whatever address the client has at the time. */
  send(datagram: Uint8Array): void;
  /** Where the server is; for {@link DtlsSession.peer}. */
  readonly server: PeerAddress;
  /** Sent as UTF-8. */
  readonly pskIdentity: string;
  readonly key: Uint8Array;
  /** Suites to offer, in order of preference; all when not given. */
  readonly suites?: readonly SuiteName[];
  /** Host name to ask for (SNI). */
  readonly serverName?: string;
  /** An earlier session to go on with; the server may want a full handshake all the same. */
  readonly resume?: Resumption | undefined;
  /** Offers the extended master secret; true when not given. */
  readonly extendedMasterSecret?: boolean;
  /**
   * Connection ids (RFC 9146). `off`: none; a number: length of the id that the server shall put into its records. 0 when
   * not given: records of the client have one, if the server wants that, and those of the server have none.
   */
  readonly connectionIdBytes?: number | 'off';
  readonly limits?: Partial<DtlsLimits>;
  readonly keyLog?: KeyLog;
}

/** One connection of a DTLS 1.2 client with a pre-shared key: it is fed with datagrams, and gives a session. */
export class DtlsClient {
  private readonly options: DtlsClientOptions;
  private readonly connectionId: Uint8Array | undefined;
  private connection: Connection | undefined;
  private settle: { resolve(session: DtlsSession): void; reject(error: DtlsError): void } | undefined;

  constructor(options: DtlsClientOptions) {
    const { connectionIdBytes = 0, random } = options;
    this.options = options;
    this.connectionId = connectionIdBytes === 'off' ? undefined : random.bytes(connectionIdBytes);
  }

  /**
   * Shakes hands; to be called once.
   * @param opened is called with the session before anything that the server has sent is delivered
   * @returns the session
   * @throws DtlsError, as a rejection: why the handshake failed
   */
  connect(opened?: (session: DtlsSession) => void): Promise<DtlsSession> {
    if (this.connection) throw new Error('a DtlsClient connects once: make another one');
    const { options } = this;
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      const parts = {
        clock: options.clock,
        limits: { ...defaultDtlsLimits, ...options.limits },
        transmit: (datagram: Uint8Array) => options.send(datagram),
        opened: (_: Connection, session: DtlsSession) => {
          opened?.(session);
          resolve(session);
        },
        failed: (_: Connection, error: DtlsError) => reject(error),
        closed: () => {},
      };
      const clientRandom = options.random.bytes(randomBytes);
      const connection = new Connection(parts, options.server, clientRandom, {
        record: 0,
        received: 0,
        sent: 0,
      });
      this.connection = connection;
      const handshake = new ClientHandshake(connection, {
        random: options.random,
        suites: options.suites ? suitesNamed(options.suites) : cipherSuites,
        pskIdentity: options.pskIdentity,
        key: options.key,
        serverName: options.serverName,
        extendedMasterSecret: options.extendedMasterSecret ?? true,
        resume: options.resume,
        connectionId: this.connectionId,
        keyLog: options.keyLog,
      });
      connection.start(handshake);
      handshake.begin();
    });
  }

  /** Takes a datagram of the server; its bytes must not change afterwards. */
  receive(datagram: Uint8Array): void {
    const { connection } = this;
    if (!connection) return;
    const { records } = readRecords(datagram, this.connectionId?.length ?? 0);
    for (const record of records) connection.receive(record, connection.peer);
  }

  /** Ends the session with close_notify, or the handshake, whose promise is then rejected with `dtls.closed`. */
  close(): void {
    const isOpen = this.connection?.isOpen;
    this.connection?.close('closed');
    if (!isOpen) this.settle?.reject(new DtlsError('dtls.closed', 'The client was closed.'));
  }
}
