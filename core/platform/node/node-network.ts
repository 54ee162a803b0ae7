import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { PlatformError } from '../../contract/errors.ts';
import type { Connection, ListenAddress, Listener, Network, TlsIdentity } from '../sockets.ts';

/** The TLS suites of the manual, 6.2, in OpenSSL's names; TLS 1.3 has its own two on by default. */
const cipherSuites = [
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
      ? createTlsServer(tlsOptions(tls), (socket) => accept(toConnection(socket)))
      : createTcpServer({ noDelay: true }, (socket) => accept(toConnection(socket)));
    return listenOn(server, address);
  },
  listenHttp(address, handlers, tls) {
    const server = tls ? createHttpsServer(tlsOptions(tls)) : createHttpServer();
    server.on('request', handlers.request);
    server.on('upgrade', (request, stream, head) => {
      handlers.upgrade(request, toConnection(stream as Socket), head);
    });
    return listenOn(server, address);
  },
};

function toConnection(socket: Socket | TLSSocket): Connection {
  socket.setNoDelay(true);
  return {
    stream: socket,
    remoteAddress: `${(socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '')}/${socket.remotePort ?? 0}`,
    security: securityOf(socket),
  };
}

function securityOf(socket: Socket | TLSSocket): Connection['security'] {
  if (!('encrypted' in socket)) return undefined;
  const { standardName } = socket.getCipher();
  const { servername } = socket as TLSSocket & { servername?: string | false };
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: standardName,
    sniHostname: servername || undefined,
    clientCertificate: socket.authorized,
  };
}

function tlsOptions(identity: TlsIdentity) {
  return {
    cert: identity.certificatePem,
    key: identity.privateKeyPem,
    minVersion: 'TLSv1.2',
    ciphers: cipherSuites,
  } as const;
}

function listenOn(server: Server, address: ListenAddress): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    // A reset by the other side is everyday life; who owns the stream sees it close.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(toListenError(error, address));
    server.once('error', refuse);
    server.listen({ ...address, backlog: 4096 }, () => {
      server.off('error', refuse);
      server.on('error', () => {});
      const bound = server.address();
      resolve({
        port: typeof bound === 'object' && bound ? bound.port : address.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.destroy();
          }),
      });
    });
  });
}

function toListenError(error: NodeJS.ErrnoException, { host, port }: ListenAddress): PlatformError {
  const where = `${host}:${port}`;
  const message =
    error.code === 'EADDRINUSE'
      ? `Port ${port} on ${host} is in use by another program. Stop it, or choose another port (0 takes a free one).`
      : error.code === 'EACCES'
        ? `Not allowed to listen on ${where}. Ports below 1024 need more rights: choose a higher port.`
        : ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(error.code ?? '')
          ? `This machine has no address ${host}. Use 127.0.0.1, or an address of this machine.`
          : `Cannot listen on ${where}: ${error.message}`;
  return new PlatformError('platform.listen', message, { cause: error });
}
