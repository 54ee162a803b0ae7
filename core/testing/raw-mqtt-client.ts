import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';

type PacketOf<Name extends Packet['cmd']> = Extract<Packet, { cmd: Name }>;

export interface RawConnect {
  readonly clientId?: string;
  readonly username?: string;
  readonly password?: string;
  readonly protocolVersion?: 3 | 4 | 5;
  readonly keepalive?: number;
  readonly clean?: boolean;
  readonly will?: { readonly topic: string; readonly payload: string };
}

/** An MQTT client that sends and sees single packets, for tests of the protocol itself. */
export class RawMqttClient {
  readonly socket: Socket;
  readonly received: Packet[] = [];
  private readonly waiting: (() => void)[] = [];
  private ended = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    const packets = parser();
    packets.on('packet', (packet) => {
      this.received.push(packet);
      this.wake();
    });
    socket.on('data', (chunk) => void packets.parse(chunk));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended = true;
      this.wake();
    });
  }

  static async open(port: number): Promise<RawMqttClient> {
    const socket = connectTcp({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new RawMqttClient(socket);
  }

  /** Speaks over a socket that is open already, for example one with TLS. */
  static over(socket: Socket): RawMqttClient {
    return new RawMqttClient(socket);
  }

  /** Opens and sends CONNECT; resolves with the client when the CONNACK is there. */
  static async connect(port: number, options: RawConnect): Promise<{ client: RawMqttClient; code: number }> {
    const client = await RawMqttClient.open(port);
    client.sendConnect(options);
    const { returnCode } = await client.next('connack');
    return { client, code: returnCode ?? -1 };
  }

  sendConnect(options: RawConnect): void {
    const { will, protocolVersion = 4 } = options;
    const packet = {
      cmd: 'connect',
      protocolId: protocolVersion === 3 ? 'MQIsdp' : 'MQTT',
      protocolVersion,
      clean: options.clean ?? true,
      clientId: options.clientId ?? '',
      keepalive: options.keepalive ?? 0,
      ...(options.username === undefined ? {} : { username: options.username }),
      ...(options.password === undefined ? {} : { password: Buffer.from(options.password) }),
      ...(will ? { will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: true } } : {}),
    };
    this.send(packet as Packet);
  }

  send(packet: Packet): void {
    this.socket.write(generate(packet));
  }

  publish(topic: string, payload: string | Buffer, qos: 0 | 1 | 2 = 1, messageId = 1, dup = false): void {
    const packet = { cmd: 'publish', topic, payload, qos, retain: false, dup } as const;
    this.send(qos === 0 ? packet : { ...packet, messageId });
  }

  /** Publishes with QoS 1 and waits for the acknowledgement. */
  async publishAndWait(topic: string, payload: string | Buffer, messageId = 1): Promise<void> {
    this.publish(topic, payload, 1, messageId);
    await this.next('puback');
  }

  async subscribe(topic: string, qos: 0 | 1 | 2 = 1): Promise<number> {
    this.send({ cmd: 'subscribe', messageId: 7, subscriptions: [{ topic, qos }] } as Packet);
    const { granted } = await this.next('suback');
    return granted[0] as number;
  }

  /** The next packet of this kind, taken out of those received. Rejects when the connection ends first. */
  async next<Name extends Packet['cmd']>(cmd: Name): Promise<PacketOf<Name>> {
    for (;;) {
      const index = this.received.findIndex((packet) => packet.cmd === cmd);
      if (index >= 0) return this.received.splice(index, 1)[0] as PacketOf<Name>;
      if (this.ended) throw new Error(`the connection ended before a ${cmd} came`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Resolves when the server has answered everything sent before: a ping comes back after it. */
  async roundTrip(): Promise<void> {
    this.send({ cmd: 'pingreq' });
    await this.next('pingresp');
  }

  /** Resolves when the other side has closed the connection. */
  async closed(): Promise<void> {
    while (!this.ended) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Ends without DISCONNECT, as when the network fails. */
  async drop(): Promise<void> {
    this.socket.destroy();
    await this.closed();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
