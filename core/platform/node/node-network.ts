import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  connect as connectTcp,
  createServer as createTcpServer,
  isIP,
  type Server,
  type Socket,
} from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type {
  Connection,
  HttpFault,
  HttpLimits,
  ListenAddress,
  Listener,
  Network,
  TlsClient,
  TlsServer,
} from '../sockets.ts';
import { toListenError } from './listen-error.ts';
import { plainAddress } from './plain-address.ts';

/** The TLS suites of the manual, 6.2: those of TLS 1.3 by their names, the others by OpenSSL's. */
const cipherSuites = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES128-SHA',
  'AES256-SHA',
].join(':');

/** The machine's sockets. */
export const nodeNetwork: Network = {
  listen(address, accept, tls) {
    const server = tls
      ? createTlsServer(tlsOptions(tls), (socket) => accept(toConnection(socket, tls)))
      : createTcpServer({ noDelay: true }, (socket) => accept(toConnection(socket)));
    return listenOn(server, address, tls);
  },
  listenHttp(address, handlers, limits, tls) {
    const options = httpOptions(limits);
    const server = tls ? createHttpsServer({ ...options, ...tlsOptions(tls) }) : createHttpServer(options);
    const underWay = new WeakMap<Socket, ServerResponse>();
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      underWay.set(request.socket, response);
      handlers.request(request, response);
    };
    server.on('request', serve);
    // An expectation that is not known may be ignored (RFC 9110, 10.1.1); Node would answer without a body.
    server.on('checkExpectation', serve);
    server.on('connect', (_request, stream: Socket) => {
      handlers.refuse(stream, 'tunnel', 'Send requests to the address of the platform itself.');
    });
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      const response = underWay.get(socket);
      // The parser goes on complaining of what still comes; and into an answer that has begun no other fits.
      if (socket.writableEnded) return;
      if (!socket.writable || (response?.headersSent && !response.writableFinished)) socket.destroy();
      else handlers.refuse(socket, faultsOfNode[error.code ?? ''] ?? 'malformed', error.message);
    });
    const accepted = tls ? 'secureConnection' : 'connection';
    server.on('upgrade', (request, stream: Socket, head) => {
      if (request.headers.upgrade?.toLowerCase() === 'websocket') {
        handlers.upgrade(request, toConnection(stream, tls), head);
        return;
      }
      // Any other protocol is not spoken, and the request then counts as if it had not asked (RFC 9110, 7.8).
      // Node has let go of the connection, so it is handed in anew with the request as it should have been.
      stream.unshift(Buffer.concat([Buffer.from(withoutUpgrade(request), 'latin1'), head]));
      server.emit(accepted, stream);
    });
    server.maxConnections = limits.httpMaxConnections;
    return listenOn(server, address, tls);
  },
  connect(address, { timeoutMs, tls }) {
    return new Promise((resolve, reject) => {
      const socket = tls ? connectTls(tlsClientOptions(address, tls)) : connectTcp(address);
      const giveUp = (error: Error): void => {
        socket.destroy();
        reject(error);
      };
      const timedOut = (): void => giveUp(new Error(`no connection in ${timeoutMs} ms`));
      socket.setTimeout(timeoutMs, timedOut);
      socket.once('error', giveUp);
      // Between the failure and the end there may be more than one error.
      socket.on('error', () => {});
      socket.once(tls ? 'secureConnect' : 'connect', () => {
        socket.setTimeout(0, timedOut);
        socket.off('timeout', timedOut);
        socket.off('error', giveUp);
        resolve(toConnection(socket));
      });
    });
  },
};

function tlsClientOptions(address: ListenAddress, { caPem }: TlsClient) {
  return {
    ...address,
    minVersion: 'TLSv1.2',
    // An address is no name of a server (RFC 6066, 3).
    ...(isIP(address.host) === 0 && { servername: address.host }),
    ...(caPem !== undefined && { ca: caPem }),
  } as const;
}

/** What Node's parser and its timers refuse, by the code of the error. */
const faultsOfNode: Readonly<Record<string, HttpFault>> = {
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'extensionsTooLarge',
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
};

const longestTimeoutCheckMs = 30_000;

function httpOptions({ httpMaxHeaderBytes, httpHeaderTimeoutMs, httpRequestTimeoutMs }: HttpLimits) {
  return {
    maxHeaderSize: httpMaxHeaderBytes,
    // Node refuses to start when the header may take longer than the whole.
    headersTimeout: Math.min(httpHeaderTimeoutMs, httpRequestTimeoutMs),
    requestTimeout: httpRequestTimeoutMs,
    connectionsCheckingInterval: Math.min(httpHeaderTimeoutMs, httpRequestTimeoutMs, longestTimeoutCheckMs),
    // Refused by the API, with its error body.
    requireHostHeader: false,
  };
}

/** The head of the request on the wire, without what asks for another protocol. */
function withoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!/^(upgrade|http2-settings|connection)$/i.test(name)) lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function toConnection(socket: Socket | TLSSocket, tls?: TlsServer): Connection {
  socket.setNoDelay(true);
  return {
    stream: socket,
    remoteAddress: remoteAddressOf(socket),
    localAddress: plainAddress(socket.localAddress),
    security: securityOf(socket, tls),
  };
}

function remoteAddressOf({ remoteAddress, remotePort }: Socket): string {
  return `${plainAddress(remoteAddress)}/${remotePort ?? 0}`;
}

function securityOf(socket: Socket | TLSSocket, tls: TlsServer | undefined): Connection['security'] {
  if (!('encrypted' in socket)) return undefined;
  const { standardName } = socket.getCipher();
  const { servername } = socket as TLSSocket & { servername?: string | false };
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: standardName,
    sniHostname: servername || undefined,
    clientCertificate: tls?.asksForClientCertificate
      ? (socket.getPeerX509Certificate()?.raw ?? 'none')
      : 'not-asked',
  };
}

function tlsOptions({
  certificatePem,
  privateKeyPem,
  handshakeTimeoutMs,
  asksForClientCertificate = false,
}: TlsServer) {
  return {
    cert: certificatePem,
    key: privateKeyPem,
    minVersion: 'TLSv1.2',
    ciphers: cipherSuites,
    // Whom to trust depends on the API key, which the client shows later. TLS proves that it has the private key, and
    // names no authorities, by which a client might choose or tell one tenant's from another's.
    ...(asksForClientCertificate && { requestCert: true, rejectUnauthorized: false, ca: [] }),
    // Who connects and does not shake hands must not keep the socket.
    handshakeTimeout: handshakeTimeoutMs,
  } as const;
}

function listenOn(server: Server, address: ListenAddress, tls: TlsServer | undefined): Promise<Listener> {
  const sockets = new Set<Socket>();
  let failure: string | undefined;
  server.on('connection', (socket: Socket) => {
    failure = undefined;
    if (sockets.has(socket)) return;
    sockets.add(socket);
    // A reset by the other side is everyday life; who owns the stream sees it close.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException & { reason?: string }, socket: TLSSocket) => {
    // Who connects and goes without a word, as a port check does, has not failed at anything.
    if (error.code !== 'ECONNRESET') tls?.failed?.(remoteAddressOf(socket), error.reason ?? error.message);
    // Node leaves a socket open whose handshake took too long.
    socket.destroy();
  });
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(toListenError(error, address));
    server.once('error', refuse);
    server.listen({ ...address, backlog: 4096 }, () => {
      server.off('error', refuse);
      server.on('error', (error) => {
        failure = error.message;
      });
      const bound = server.address();
      resolve({
        port: typeof bound === 'object' && bound ? bound.port : address.port,
        failure: () => failure,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}
