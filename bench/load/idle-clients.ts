import type { Login } from '../lib/mqtt-packets.ts';
import { MqttSocket, type Target } from './mqtt-socket.ts';

const atATime = 200;

/** Connects many clients that then say nothing. */
export class IdleClients {
  lost = 0;
  private readonly clients: MqttSocket[] = [];

  /** @returns how long it took until the last one had its CONNACK. */
  async open(target: Target, login: Login, clientIdPrefix: string, count: number): Promise<number> {
    const startMs = performance.now();
    let next = 0;
    const connectSome = async (): Promise<void> => {
      while (next < count) {
        const id = `${clientIdPrefix}${next++}`;
        this.clients.push(await MqttSocket.open(target, id, login, () => this.lost++));
      }
    };
    await Promise.all(Array.from({ length: atATime }, connectSome));
    return performance.now() - startMs;
  }

  close(): void {
    for (const client of this.clients.splice(0)) client.close();
  }
}
