import type { Duplex } from 'node:stream';
import { type EndpointName, type EndpointsView, endpointNames, type ListenerView } from './contract/bench.ts';
import { PlatformError } from './contract/errors.ts';
import type { DatagramSocket, Datagrams, UdpAddress } from './platform/datagrams.ts';
import type {
  Connection,
  HttpFault,
  HttpLimits,
  HttpRequest,
  HttpResponse,
  Listener,
  Network,
  TlsIdentity,
} from './platform/sockets.ts';

/** What the platform can listen on; a port of 0 takes a free one, undefined does not listen. */
export interface Ports {
  readonly http: number | undefined;
  readonly https: number | undefined;
  readonly mqtt: number | undefined;
  readonly mqtts: number | undefined;
  /** LwM2M, over DTLS. */
  readonly coaps?: number | undefined;
  /** Contents of firmware updates over CoAP without DTLS. */
  readonly coap?: number | undefined;
  /** LwM2M bootstrap, over DTLS. */
  readonly bs?: number | undefined;
  /** LoRa gateways, by the packet-forwarder protocol of Semtech. */
  readonly lora?: number | undefined;
  /** The simulated short message centre, where there is one. */
  readonly smpp?: number | undefined;
}

/** Ports when nothing else is said; undefined: off. */
export const defaultPorts: Ports = {
  http: 8080,
  https: 8443,
  mqtt: 1883,
  mqtts: 8883,
  coaps: 5684,
  coap: undefined,
  bs: 5784,
  lora: 1700,
  smpp: 2775,
};

const streamPorts = ['http', 'https', 'mqtt', 'mqtts', 'smpp'] as const;
type StreamPort = (typeof streamPorts)[number];
const datagramPorts = ['coaps', 'coap', 'bs', 'lora'] as const;
export type DatagramPort = (typeof datagramPorts)[number];

/** What is behind a UDP port. */
export interface DatagramServer {
  /** Sends by this socket from now on. */
  attach(socket: DatagramSocket): void;
  receive(datagram: Uint8Array, from: UdpAddress): void;
}

export interface ListenerHandlers {
  http(request: HttpRequest, response: HttpResponse): void;
  upgrade(request: HttpRequest, connection: Connection, head: Buffer): void;
  mqtt(connection: Connection): void;
  /** A client of the short message centre; absent where nobody has one, and then its port is not opened. */
  readonly smpp?: ((connection: Connection) => void) | undefined;
  /** A TLS handshake with a client failed, so there is no connection. */
  handshakeFailed(endpoint: keyof Ports, remoteAddress: string, reason: string): void;
  /** A server behind a UDP port. */
  readonly datagrams: Readonly<Record<DatagramPort, DatagramServer>>;
  /** Something came over HTTP that is no request. */
  refuseHttp(stream: Duplex, fault: HttpFault, reason: string): void;
}

export interface ListenerLimits extends HttpLimits {
  /** How long a TLS handshake may take. */
  readonly tlsHandshakeTimeoutMs: number;
}

/** A port that is open, whatever is spoken on it. */
type OpenPort = Pick<Listener, 'port' | 'failure' | 'close'>;

/** The port that an endpoint is served on: WebSockets are upgrades of HTTP. */
const carriers: Readonly<Record<EndpointName, keyof Ports>> = {
  http: 'http',
  https: 'https',
  mqtt: 'mqtt',
  mqtts: 'mqtts',
  ws: 'http',
  wss: 'https',
  coaps: 'coaps',
  coap: 'coap',
  bs: 'bs',
  lora: 'lora',
  smpp: 'smpp',
};

/** The platform's listening sockets: all open, or none. */
export class Listeners {
  private readonly network: Network;
  private readonly host: string;
  private readonly limits: ListenerLimits;
  private readonly datagrams: Datagrams;
  private readonly open: Partial<Record<keyof Ports, OpenPort>> = {};

  constructor(
    { network, datagrams }: { readonly network: Network; readonly datagrams: Datagrams },
    host: string,
    limits: ListenerLimits,
  ) {
    this.network = network;
    this.datagrams = datagrams;
    this.host = host;
    this.limits = limits;
  }

  /** @throws PlatformError `platform.listen`; nothing listens then. */
  async start(ports: Ports, tls: TlsIdentity | undefined, handlers: ListenerHandlers): Promise<void> {
    try {
      for (const name of streamPorts) {
        const port = ports[name];
        if (name === 'smpp' && !handlers.smpp) continue;
        if (port !== undefined) this.open[name] = await this.listen(name, port, tls, handlers);
      }
      for (const name of datagramPorts) {
        const port = ports[name];
        if (port !== undefined) this.open[name] = await this.bind(port, handlers.datagrams[name]);
      }
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    const listeners = Object.entries(this.open);
    for (const [name] of listeners) delete this.open[name as keyof Ports];
    await Promise.all(listeners.map(([, listener]) => listener.close()));
  }

  /** Addresses to put into a client. */
  endpoints(): EndpointsView {
    const authority = (name: keyof Ports): string | undefined => {
      const port = this.open[name]?.port;
      return port === undefined ? undefined : `${hostToDial(this.host)}:${port}`;
    };
    const [http, https, mqtt, mqtts, coaps, coap, bs, lora, smpp] = [
      authority('http'),
      authority('https'),
      authority('mqtt'),
      authority('mqtts'),
      authority('coaps'),
      authority('coap'),
      authority('bs'),
      authority('lora'),
      authority('smpp'),
    ];
    return {
      ...(http ? { http: `http://${http}`, ws: `ws://${http}/mqtt` } : {}),
      ...(https ? { https: `https://${https}`, wss: `wss://${https}/mqtt` } : {}),
      ...(mqtt ? { mqtt: `mqtt://${mqtt}` } : {}),
      ...(mqtts ? { mqtts: `mqtts://${mqtts}` } : {}),
      ...(coaps ? { coaps: `coaps://${coaps}` } : {}),
      ...(coap ? { coap: `coap://${coap}` } : {}),
      ...(bs ? { bs: `coaps://${bs}` } : {}),
      ...(lora ? { lora: `udp://${lora}` } : {}),
      ...(smpp ? { smpp: `smpp://${smpp}` } : {}),
    };
  }

  /** Every address by its state, also those that are off. */
  states(): ListenerView[] {
    const urls = this.endpoints();
    return endpointNames.map((name): ListenerView => {
      const of = carriers[name];
      const url = urls[name];
      if (url === undefined) {
        const reason = `Port ${of} is off. Give it a number (--${of}-port, or the ports of the desktop settings) and start again.`;
        return { name, state: 'off', reason };
      }
      const failure = this.open[of]?.failure();
      if (failure === undefined) return { name, state: 'listening', url };
      const reason = `The last client could not be taken: ${failure}. Close connections, or allow the program more open files.`;
      return { name, state: 'failing', url, reason };
    });
  }

  private async bind(port: number, server: DatagramServer): Promise<OpenPort> {
    const address = { host: this.host, port };
    const socket = await this.datagrams.bind(address, (datagram, from) => server.receive(datagram, from));
    server.attach(socket);
    return { port: socket.local.port, failure: () => socket.failure(), close: () => socket.close() };
  }

  private listen(
    name: StreamPort,
    port: number,
    tls: TlsIdentity | undefined,
    handlers: ListenerHandlers,
  ): Promise<Listener> {
    const address = { host: this.host, port };
    const secure = name === 'https' || name === 'mqtts';
    if (secure && !tls) throw new PlatformError('platform.setting', `${name} needs a certificate.`);
    const server = secure &&
      tls && {
        ...tls,
        handshakeTimeoutMs: this.limits.tlsHandshakeTimeoutMs,
        // MQTT over WebSocket knows no client certificates (manual 6.3.4.2).
        asksForClientCertificate: name === 'mqtts',
        failed: (remoteAddress: string, reason: string) =>
          handlers.handshakeFailed(name, remoteAddress, reason),
      };
    if (name === 'mqtt' || name === 'mqtts')
      return this.network.listen(address, handlers.mqtt, server || undefined);
    if (name === 'smpp') return this.network.listen(address, (connection) => handlers.smpp?.(connection));
    const { http: request, upgrade, refuseHttp: refuse } = handlers;
    return this.network.listenHttp(address, { request, upgrade, refuse }, this.limits, server || undefined);
  }
}

/** A platform that listens on every address is reached by the loopback one from here. */
function hostToDial(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
