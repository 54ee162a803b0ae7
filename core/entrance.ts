import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Refusals } from './api/refusals.ts';
import type { MqttConnector } from './connectors/mqtt/mqtt-connector.ts';
import type { MqttWebSockets } from './connectors/mqtt/websocket.ts';
import { PlatformError } from './contract/errors.ts';
import type { DatagramPort, DatagramServer, ListenerHandlers, Ports } from './listeners.ts';
import type { LiveServer } from './live/live-server.ts';
import type { Logger } from './platform/logger.ts';
import type { Connection, HttpFault, HttpRequest, HttpResponse } from './platform/sockets.ts';

/** Where what the listeners take goes: the API, MQTT, the live socket. Who comes while it is closed waits. */
export class Entrance implements ListenerHandlers {
  /** The API; made later than the rest. */
  api: FastifyInstance | undefined;
  /** What comes in over UDP waits for nothing: while it is closed those servers drop it, and clients send it again. */
  readonly datagrams: Readonly<Record<DatagramPort, DatagramServer>>;
  readonly smpp: ((connection: Connection) => void) | undefined;
  private readonly mqttConnector: MqttConnector;
  private readonly webSockets: MqttWebSockets;
  private readonly live: LiveServer;
  private readonly refusals: Refusals;
  private readonly logger: Logger;
  private opened: Promise<void> = Promise.resolve();

  constructor(parts: {
    mqtt: MqttConnector;
    webSockets: MqttWebSockets;
    live: LiveServer;
    refusals: Refusals;
    logger: Logger;
    datagrams: Readonly<Record<DatagramPort, DatagramServer>>;
    smpp: ((connection: Connection) => void) | undefined;
  }) {
    const { smpp } = parts;
    this.datagrams = parts.datagrams;
    this.smpp = smpp && ((connection) => void this.opened.then(() => smpp(connection)));
    this.mqttConnector = parts.mqtt;
    this.webSockets = parts.webSockets;
    this.live = parts.live;
    this.refusals = parts.refusals;
    this.logger = parts.logger;
  }

  /** Lets nobody in until the function that it returns is called. */
  close(): () => void {
    let open: () => void = () => {};
    this.opened = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }

  readonly http = (request: HttpRequest, response: HttpResponse): void => {
    void this.opened.then(() => this.api?.routing(request, response));
  };

  readonly mqtt = (connection: Connection): void => {
    void this.opened.then(() => this.mqttConnector.accept(connection));
  };

  readonly upgrade = (request: HttpRequest, connection: Connection, head: Buffer): void => {
    void this.opened.then(() => this.serveUpgrade(request, connection, head));
  };

  readonly refuseHttp = (stream: Duplex, fault: HttpFault, reason: string): void => {
    this.refusals.refuseFault(stream, fault, reason);
  };

  readonly handshakeFailed = (endpoint: keyof Ports, remoteAddress: string, reason: string): void => {
    this.logger.warn({ endpoint, remoteAddress, reason }, 'TLS handshake failed');
  };

  private serveUpgrade(request: HttpRequest, connection: Connection, head: Buffer): void {
    const path = request.url?.split('?')[0];
    if (path === '/mqtt') this.webSockets.upgrade(request, connection, head);
    else if (path === '/live') this.live.upgrade(request, connection, head);
    else {
      const details = `WebSocket is spoken at /mqtt and /live, not at ${path}.`;
      const error = new PlatformError('api.notFound', 'There is no WebSocket at this path.', { details });
      this.refusals.refuse(connection.stream, error);
    }
  }
}
