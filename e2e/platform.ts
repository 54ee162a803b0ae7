import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mqtt, { type MqttClient } from 'mqtt';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
export const masterKey = 'e2e0e2e0e2e0e2e0e2e0e2e0e2e0e2e0';

/** The built program on free ports with a data folder of its own. */
export class Platform {
  readonly origin: string;
  readonly mqttUrl: string;
  /** Undefined when it was started without. */
  readonly mqttsUrl: string | undefined;
  /** Works once. */
  readonly portalLink: string;
  private readonly child: ChildProcess;
  private readonly folder: string;
  private readonly clients: MqttClient[] = [];

  private constructor(child: ChildProcess, folder: string, ready: Ready) {
    this.child = child;
    this.folder = folder;
    this.origin = ready.endpoints.http;
    this.mqttUrl = ready.endpoints.mqtt;
    this.mqttsUrl = ready.endpoints.mqtts;
    this.portalLink = ready.portal;
  }

  /** @param more flags of `fleetbench serve` */
  static async start(more: readonly string[] = []): Promise<Platform> {
    return Platform.startIn(await mkdtemp(join(tmpdir(), 'fleetbench-e2e-')), more);
  }

  private static async startIn(folder: string, more: readonly string[]): Promise<Platform> {
    const flags = ['--free-ports', '--https-port', 'off', '--mqtts-port', 'off'];
    const child = spawn(
      process.execPath,
      [cli, 'serve', '--json', '--data-dir', folder, '--master-key', masterKey, ...flags, ...more],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as Partial<Ready> & { event?: string };
      if (event.event === 'ready') return new Platform(child, folder, event as Ready);
    }
    throw new Error('the program ended before it was ready');
  }

  /** Ends the program and starts it again with the data it left, on other ports; this one is over then. */
  async restart(more: readonly string[] = []): Promise<Platform> {
    for (const client of this.clients) client.end(true);
    await this.end();
    return Platform.startIn(this.folder, more);
  }

  /** Ends the program and leaves everything else as it is. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.end(true);
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  async api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.origin}${path}`, {
      method,
      headers: { 'X-API-Key': masterKey, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Sends a command to a device over MQTT. */
  command(deviceId: string, value: object, policy: object = {}): Promise<{ id: string }> {
    return this.api('POST', `/api/v1/deviceMgt/devices/${deviceId}/commands`, {
      request: { connector: 'mqtt', value },
      policy,
    });
  }

  /** A link that signs in once, as the one that is printed at the start. */
  async newLink(): Promise<string> {
    const { code } = await this.api<{ code: string }>('POST', '/bench/v1/sessions/codes');
    return `${this.origin}/?code=${code}`;
  }

  /** A connected device; it disconnects with the platform. */
  async device(deviceId: string): Promise<MqttClient> {
    const client = await mqtt.connectAsync(this.mqttUrl, {
      clientId: deviceId,
      username: 'json+device',
      password: masterKey,
      reconnectPeriod: 0,
    });
    this.clients.push(client);
    return client;
  }

  /** Takes all messages out of a FIFO, as an application, until the platform stops. */
  async consume(fifo: string): Promise<void> {
    const client = await mqtt.connectAsync(this.mqttUrl, {
      username: 'application',
      password: masterKey,
      reconnectPeriod: 0,
    });
    this.clients.push(client);
    await client.subscribeAsync(`fifo/${fifo}`, { qos: 1 });
  }

  /** Sends data messages as a device, and waits until they are stored. */
  async send(deviceId: string, ...values: readonly object[]): Promise<void> {
    const client = await this.device(deviceId);
    for (const value of values) {
      await client.publishAsync('dev/data', JSON.stringify({ model: 'e2e_v1', value, tags: ['e2e'] }), {
        qos: 1,
      });
    }
  }
}

interface Ready {
  readonly endpoints: { readonly http: string; readonly mqtt: string; readonly mqtts?: string };
  readonly portal: string;
}
