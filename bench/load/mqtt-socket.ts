import { connect, type Socket } from 'node:net';
import { encodeConnect, type Login, PacketReader, packetTypes } from '../lib/mqtt-packets.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

type Receive = (bytes: Buffer, first: number, bodyStart: number, bodyEnd: number) => void;

/** One MQTT client connection, with nothing between the caller and the socket. */
export class MqttSocket {
  readonly socket: Socket;
  private readonly reader = new PacketReader();
  private closing = false;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  /**
   * Connects and waits for the CONNACK.
   * @param lost called when the connection ends before {@link close}.
   */
  static open(
    target: Target,
    clientId: string,
    login: Login,
    lost: (reason: Error) => void,
  ): Promise<MqttSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ ...target, noDelay: true });
      const mqtt = new MqttSocket(socket);
      let opened = false;
      const fail = (reason: string): void => {
        socket.destroy();
        const error = new Error(`client ${clientId}: ${reason}`);
        if (!opened) reject(error);
        else if (!mqtt.closing) lost(error);
      };
      socket.on('error', (error) => fail(error.message));
      socket.on('close', () => fail('the server closed the connection'));
      socket.on('connect', () => socket.write(encodeConnect(clientId, login)));
      mqtt.onChunk((bytes, first, bodyStart) => {
        if (first !== packetTypes.connack) return;
        const code = bytes[bodyStart + 1];
        if (code !== 0) {
          fail(`the server refused the connection (return code ${code})`);
          return;
        }
        opened = true;
        socket.removeAllListeners('data');
        resolve(mqtt);
      });
    });
  }

  /**
   * @param receive called for each packet.
   * @param chunkEnd called after the packets that came together.
   */
  onChunk(receive: Receive, chunkEnd?: () => void): void {
    this.socket.on('data', (chunk) => {
      this.reader.read(chunk, receive);
      chunkEnd?.();
    });
  }

  close(): void {
    this.closing = true;
    if (this.socket.writable) this.socket.write(Buffer.from([packetTypes.disconnect, 0]));
    this.socket.destroySoon();
  }
}
