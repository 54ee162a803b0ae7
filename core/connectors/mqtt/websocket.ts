import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Connection, HttpRequest } from '../../platform/sockets.ts';

/** Names of the WebSocket sub-protocol of MQTT 3.1.1 (section 6) and 3.1. */
const subProtocols = ['mqtt', 'mqttv3.1'];

/** MQTT over WebSocket: takes the upgrade of an HTTP request and gives the byte stream inside. */
export class MqttWebSockets {
  private readonly server: WebSocketServer;
  private readonly accept: (connection: Connection) => void;

  constructor(maxFrameBytes: number, accept: (connection: Connection) => void) {
    this.accept = accept;
    this.server = new WebSocketServer({
      noServer: true,
      maxPayload: maxFrameBytes,
      handleProtocols: (offered) => subProtocols.find((name) => offered.has(name)) ?? false,
    });
  }

  upgrade(request: HttpRequest, connection: Connection, head: Buffer): void {
    const { stream, remoteAddress, security } = connection;
    this.server.handleUpgrade(request, stream, head, (socket) => {
      const inner = createWebSocketStream(socket);
      // What goes wrong in the frames ends the stream, and its owner hears of that.
      socket.on('error', () => {});
      this.accept({ stream: inner, remoteAddress, security });
    });
  }
}
