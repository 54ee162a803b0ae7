import type { Duplex } from 'node:stream';
import { createWebSocketStream, type ServerOptions, WebSocketServer } from 'ws';
import type { PlatformError } from '../../contract/errors.ts';
import { invalidParameter } from '../../contract/invalid-parameter.ts';
import type { Connection, HttpRequest } from '../../platform/sockets.ts';

/** Names of the WebSocket sub-protocol of MQTT 3.1.1 (section 6) and 3.1. */
const subProtocols = ['mqtt', 'mqttv3.1'];

/** How long a client may keep its side open once both have said that they close; a device counts as gone after it. */
const closeTimeoutMs = 2000;

/** MQTT over WebSocket: takes the upgrade of an HTTP request and gives the byte stream inside. */
export class MqttWebSockets {
  private readonly server: WebSocketServer;
  private readonly accept: (connection: Connection) => void;

  constructor(parts: {
    maxFrameBytes: number;
    accept(connection: Connection): void;
    /** Answers a handshake that is not one. */
    refuse(stream: Duplex, error: PlatformError): void;
  }) {
    this.accept = parts.accept;
    // The types do not know the option yet.
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      maxPayload: parts.maxFrameBytes,
      closeTimeout: closeTimeoutMs,
      handleProtocols: (offered) => subProtocols.find((name) => offered.has(name)) ?? false,
    };
    this.server = new WebSocketServer(options);
    this.server.on('wsClientError', ({ message }, stream) => {
      parts.refuse(stream, invalidParameter(message));
    });
  }

  upgrade(request: HttpRequest, connection: Connection, head: Buffer): void {
    const { stream, ...facts } = connection;
    this.server.handleUpgrade(request, stream, head, (socket) => {
      const inner = createWebSocketStream(socket);
      // What goes wrong in the frames ends the stream, and its owner hears of that.
      socket.on('error', () => {});
      // It only ends the side that is read; whoever owns the stream waits for it to close.
      socket.once('close', () => inner.destroy());
      this.accept({ ...facts, stream: inner });
    });
  }
}
