import { Agent, request } from 'node:http';
import { Histogram, type Quantiles } from '../lib/histogram.ts';
import {
  encodePublish,
  encodeSubscribe,
  type Login,
  packetIdOfPublish,
  packetTypes,
  writePuback,
} from '../lib/mqtt-packets.ts';
import { MqttSocket, type Target } from './mqtt-socket.ts';

export interface CommandLoad {
  readonly target: Target;
  readonly login: Login;
  readonly httpUrl: string;
  readonly key: string;
  readonly clientIdPrefix: string;
  readonly devices: number;
}

export type CommandPace =
  /** As fast as so many callers at a time can register them. */
  | { readonly kind: 'closed'; readonly commands: number; readonly callers: number }
  /** At fixed moments, whatever the answers do. */
  | { readonly kind: 'open'; readonly commandsPerS: number; readonly durationMs: number };

export interface CommandResult {
  readonly commands: number;
  /** From the first call to the acknowledgement of the last answer. */
  readonly durationMs: number;
  /** From the moment of the call (of when it was due, at a fixed pace) to the acknowledgement of the answer. */
  readonly latency: Quantiles;
  readonly refused: number;
}

const connectsAtATime = 100;
const tickMs = 10;
const patienceMs = 60_000;

/** Devices that answer each command, and callers that register them over HTTP. */
export class CommandRun {
  private readonly load: CommandLoad;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly sockets: MqttSocket[] = [];
  private readonly latency = new Histogram();
  private startsMs: number[] = [];
  private done = 0;
  private refused = 0;
  private settled: () => void = () => {};

  constructor(load: CommandLoad) {
    this.load = load;
  }

  async open(): Promise<void> {
    let next = 0;
    const connectSome = async (): Promise<void> => {
      while (next < this.load.devices) await this.connect(next++);
    };
    await Promise.all(Array.from({ length: connectsAtATime }, connectSome));
  }

  async measure(pace: CommandPace): Promise<CommandResult> {
    this.latency.reset();
    this.startsMs = [];
    this.done = 0;
    this.refused = 0;
    const startMs = performance.now();
    const commands =
      pace.kind === 'closed' ? pace.commands : Math.round((pace.commandsPerS * pace.durationMs) / 1000);
    const all = new Promise<void>((resolve, reject) => {
      const impatience = setTimeout(
        () =>
          reject(new Error(`${this.done} of ${commands} commands were answered, ${this.refused} refused`)),
        patienceMs,
      );
      this.settled = () => {
        if (this.done + this.refused < commands) return;
        clearTimeout(impatience);
        resolve();
      };
    });
    if (pace.kind === 'closed') await this.callAtWill(commands, pace.callers);
    else await this.callInPace(commands, pace.commandsPerS, startMs);
    await all;
    const durationMs = performance.now() - startMs;
    return { commands, durationMs, latency: this.latency.summary(), refused: this.refused };
  }

  close(): void {
    for (const socket of this.sockets.splice(0)) socket.close();
    this.agent.destroy();
  }

  private async callAtWill(commands: number, callers: number): Promise<void> {
    let next = 0;
    const call = async (): Promise<void> => {
      while (next < commands) {
        const number = next++;
        await this.register(number, performance.now());
      }
    };
    await Promise.all(Array.from({ length: callers }, call));
  }

  private callInPace(commands: number, commandsPerS: number, startMs: number): Promise<void> {
    return new Promise((resolve) => {
      let next = 0;
      const timer = setInterval(() => {
        const nowMs = performance.now();
        for (let dueMs = startMs; next < commands; next++) {
          dueMs = startMs + (next * 1000) / commandsPerS;
          if (dueMs > nowMs) return;
          void this.register(next, dueMs);
        }
        clearInterval(timer);
        resolve();
      }, tickMs);
    });
  }

  private register(number: number, startMs: number): Promise<void> {
    this.startsMs[number] = startMs;
    const { httpUrl, key, clientIdPrefix, devices } = this.load;
    const deviceId = `${clientIdPrefix}${number % devices}`;
    const body = JSON.stringify({
      request: { connector: 'mqtt', value: { req: 'bench', arg: { number } } },
      policy: { ackMode: 'APPLICATIVE' },
    });
    return new Promise((resolve, reject) => {
      const call = request(
        `${httpUrl}/api/v1/deviceMgt/devices/${deviceId}/commands`,
        {
          method: 'POST',
          agent: this.agent,
          headers: {
            'X-API-KEY': key,
            'Content-Type': 'application/json',
            'Content-Length': Buffer.byteLength(body),
          },
        },
        (response) => {
          if (response.statusCode !== 201) {
            this.refused++;
            this.settled();
          }
          response.on('end', resolve).resume();
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }

  private async connect(number: number): Promise<void> {
    const { target, login, clientIdPrefix } = this.load;
    const mqtt = await MqttSocket.open(target, `${clientIdPrefix}${number}`, login, (error) => {
      throw error;
    });
    this.sockets.push(mqtt);
    const { socket } = mqtt;
    /** Commands whose answers are not acknowledged yet, by packet id. */
    const answering = new Map<number, number>();
    let nextPacketId = 1;
    const subscribed = new Promise<void>((resolve) => {
      mqtt.onChunk((bytes, first, bodyStart, bodyEnd) => {
        switch (first & 0xf0) {
          case packetTypes.suback:
            resolve();
            break;
          case packetTypes.publish: {
            const puback = Buffer.alloc(4);
            writePuback(puback, 0, packetIdOfPublish(bytes, bodyStart));
            const payloadStart = bodyStart + 4 + bytes.readUInt16BE(bodyStart);
            const { arg, cid } = JSON.parse(bytes.toString('utf8', payloadStart, bodyEnd));
            const answer = encodePublish('dev/cmd/res', Buffer.from(`{"res":{"done":true},"cid":${cid}}`));
            const packetId = nextPacketId;
            nextPacketId = (nextPacketId % 0xffff) + 1;
            answer.bytes.writeUInt16BE(packetId, answer.packetIdOffset);
            answering.set(packetId, arg.number);
            socket.write(Buffer.concat([puback, answer.bytes]));
            break;
          }
          case packetTypes.puback: {
            const packetId = bytes.readUInt16BE(bodyStart);
            const number = answering.get(packetId);
            answering.delete(packetId);
            if (number === undefined) break;
            this.latency.record(performance.now() - (this.startsMs[number] ?? Number.NaN));
            this.done++;
            this.settled();
          }
        }
      });
    });
    socket.write(encodeSubscribe('dev/cmd', 1));
    await subscribed;
  }
}
