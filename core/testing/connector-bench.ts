import { RawMqttClient } from './raw-mqtt-client.ts';
import { startTestPlatform, type TestPlatform } from './test-platform.ts';

const devices = '/api/v1/deviceMgt/devices';

/** The device that is made for a node that nobody knew. */
export const nodeDevice = (nodeId: string): string => `urn:lo:nsid:x-connector:${nodeId}`;

/** A status that announces these features. */
export const online = (...features: readonly string[]): object => ({
  status: 'ONLINE',
  capabilities: Object.fromEntries(features.map((name) => [name, { available: true }])),
});

/** A platform that external connectors reach without TLS, and what they and the API say to it: for tests. */
export class ConnectorBench {
  readonly bench: TestPlatform;
  private readonly password: string;
  private packetId = 100;

  private constructor(bench: TestPlatform, password: string) {
    this.bench = bench;
    this.password = password;
  }

  static async start(): Promise<ConnectorBench> {
    const bench = await startTestPlatform({
      settings: { connectorPlainOnLoopback: true, mqttSendWindow: 3 },
    });
    return new ConnectorBench(bench, await bench.key(['CONNECTOR_ACCESS']));
  }

  stop(): Promise<void> {
    return this.bench.stop();
  }

  reset(): Promise<void> {
    return this.bench.platform.reset();
  }

  readonly connect = async (clientId = 'backend'): Promise<RawMqttClient> => {
    const options = { clientId, username: 'connector', password: this.password };
    const { client, code } = await RawMqttClient.connect(this.bench.mqttPort, options);
    if (code !== 0) throw new Error(`CONNACK ${code}`);
    return client;
  };

  /** Publishes below `connector/v1/`, and waits for the acknowledgement. */
  readonly say = (client: RawMqttClient, topic: string, body: unknown): Promise<void> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return client.publishAndWait(`connector/v1/${topic}`, text, this.packetId++);
  };

  readonly status = (client: RawMqttClient, nodeId: string, body: unknown): Promise<void> =>
    this.say(client, `nodes/${nodeId}/status`, body);

  /** Calls the API with the master key, and answers the body. */
  readonly ok = async (method: string, path: string, body?: unknown): Promise<any> => {
    const answer = await this.bench.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  readonly device = (id: string): Promise<any> => this.ok('GET', `${devices}/${id}`);

  /** @returns the id of the command */
  readonly command = async (nodeId: string, value: object, policy: object = {}): Promise<string> => {
    const body = { request: { connector: 'x-connector', value }, policy };
    return (await this.ok('POST', `${devices}/${nodeDevice(nodeId)}/commands`, body)).id;
  };

  readonly get = (commandId: string): Promise<any> =>
    this.ok('GET', `/api/v1/deviceMgt/commands/${commandId}`);

  readonly configure = async (nodeId: string, parameters: object): Promise<void> => {
    await this.ok('POST', `${devices}/${nodeDevice(nodeId)}/config`, { parameters });
  };

  readonly parametersOf = (nodeId: string): Promise<any> =>
    this.ok('GET', `${devices}/${nodeDevice(nodeId)}/config/parameters`);

  readonly audit = (): Promise<any> => this.ok('GET', '/api/v0/auditlog/messages');

  /** The next request to a node; the PUBACK goes at once. */
  readonly next = async (client: RawMqttClient, topic: string): Promise<any> => {
    const packet = await client.next('publish');
    if (packet.topic !== topic) throw new Error(`a publication to ${packet.topic} came`);
    if (packet.qos > 0) client.send({ cmd: 'puback', messageId: packet.messageId ?? 0 });
    return JSON.parse(String(packet.payload));
  };
}
