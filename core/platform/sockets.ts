import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export type HttpRequest = IncomingMessage;
export type HttpResponse = ServerResponse;

/** Sockets as the platform sees them: it listens and is handed connections, or connects itself. */
export interface Network {
  /** Byte streams over TCP, or over TLS when `tls` is given. Rejects with a ListenError. */
  listen(
    address: ListenAddress,
    accept: (connection: Connection) => void,
    tls?: TlsServer,
  ): Promise<Listener>;
  /** HTTP, or HTTPS when `tls` is given. Rejects with a ListenError. */
  listenHttp(
    address: ListenAddress,
    handlers: HttpHandlers,
    limits: HttpLimits,
    tls?: TlsServer,
  ): Promise<Listener>;
  /**
   * A byte stream to a server, over TCP, or over TLS when `tls` is given. Rejects with the error of the machine: nobody
   * listens there, the name is not known, the certificate is not trusted.
   */
  connect(address: ListenAddress, options: ConnectOptions): Promise<Connection>;
}

/** How to be a client. */
export interface ConnectOptions {
  /** How long connecting may take, the TLS handshake included. */
  readonly timeoutMs: number;
  readonly tls?: TlsClient | undefined;
}

/** How to be a TLS client. */
export interface TlsClient {
  /** Authorities to trust, PEM; undefined: those that the machine trusts. */
  readonly caPem: string | undefined;
}

export interface ListenAddress {
  /** IP address or name to bind. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export interface Listener {
  readonly port: number;
  /** Why the last client could not be taken, as when the process may open no more files; undefined when it could. */
  failure(): string | undefined;
  /** Stops listening and closes every connection that is still open. */
  close(): Promise<void>;
}

export interface Connection {
  readonly stream: Duplex;
  /** `address/port` of the other side, as interface activity shows it. */
  readonly remoteAddress: string;
  /** Address of this machine that the other side has reached. */
  readonly localAddress: string;
  /** What TLS agreed on; undefined on a plain connection. */
  readonly security: ConnectionSecurity | undefined;
}

export interface ConnectionSecurity {
  /** For example `TLSv1.3`. */
  readonly protocol: string;
  /** Name of the cipher suite in the form of the standard, for example `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string;
  /** Host name that the client sent in the Server Name Indication extension. */
  readonly sniHostname: string | undefined;
  /**
   * The certificate that the client showed, DER: it has the private key, and whether it is to be trusted is for
   * others to say. `none`: it was asked for one and showed none. `not-asked`: the endpoint asks for none.
   */
  readonly clientCertificate: Uint8Array | 'none' | 'not-asked';
}

export interface HttpHandlers {
  request(request: HttpRequest, response: HttpResponse): void;
  /** A request to speak another protocol over the connection; `head` is what the client sent of it already. */
  upgrade(request: HttpRequest, connection: Connection, head: Buffer): void;
  /** Nothing of it became a request, and nothing was answered yet: to be answered and closed by who is told. */
  refuse(stream: Duplex, fault: HttpFault, reason: string): void;
}

/** Why what came is no request: `tunnel` is CONNECT, which asks for a proxy. */
export type HttpFault = 'malformed' | 'headersTooLarge' | 'extensionsTooLarge' | 'timeout' | 'tunnel';

export interface HttpLimits {
  /** Longest request line with all header fields. */
  readonly httpMaxHeaderBytes: number;
  /** How long the header of a request may take to come. */
  readonly httpHeaderTimeoutMs: number;
  /** How long a request may take to come in all. */
  readonly httpRequestTimeoutMs: number;
  /** Most connections at a time; one more is closed at once. */
  readonly httpMaxConnections: number;
}

/** A certificate chain and its private key, both PEM. */
export interface TlsIdentity {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** How to be a TLS server. */
export interface TlsServer extends TlsIdentity {
  /** How long a handshake may take. */
  readonly handshakeTimeoutMs: number;
  /** Asks clients for a certificate. Those without one, and with any one, are let in all the same. */
  readonly asksForClientCertificate?: boolean;
  /** A handshake failed, for example because the client does not trust the server's certificate. */
  failed?(remoteAddress: string, reason: string): void;
}
