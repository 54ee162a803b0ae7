import mqtt, { type MqttClient } from 'mqtt';
import type { FleetRun } from '../fleet/fleet-run.ts';
import type { SimulatorClock } from '../fleet/seams.ts';
import { clientOptions, type DeviceClient, type DeviceWire, type OnWire } from '../mqtt/device-wire.ts';
import type { JsonObject } from '../responders/responder.ts';
import { NodeClient } from './node-client.ts';
import { readObject, requestTopics, toConnectorWords, toDeviceWords } from './node-words.ts';

/**
 * The backend of a fleet: one connection as an external connector (manual 6.6), with the devices of the fleet as nodes
 * behind it. Nodes come and go by their status; the connection is there while one of them wants it.
 */
export class SimulatedConnector implements DeviceWire {
  private readonly run: FleetRun;
  private readonly wireClock: SimulatorClock;
  private readonly nodes = new Map<string, NodeClient>();
  /** Id of the update that each node was asked for last. */
  private readonly updates = new Map<string, string>();
  private client: MqttClient | undefined;
  private connecting = false;
  private sessionSequenceId = 0;
  private eventSequenceId = 0;

  constructor(run: FleetRun, wireClock: SimulatorClock) {
    this.run = run;
    this.wireClock = wireClock;
  }

  open(nodeId: string): DeviceClient {
    const node = new NodeClient(nodeId, {
      connect: (each) => this.bringUp(each),
      publish: ({ topic, payload }, done) => this.publish(topic, payload, done),
      leave: (each, force, done) => this.takeDown(each, force, done),
      abandon: () => void this.client?.stream?.destroy(),
    });
    this.nodes.set(nodeId, node);
    // The listeners of the device come first.
    queueMicrotask(() => node.connect());
    return node;
  }

  outgoing(nodeId: string, publication: OnWire): OnWire | undefined {
    return toConnectorWords(nodeId, publication, this.updates.get(nodeId));
  }

  incoming(nodeId: string, topic: string, payload: Uint8Array): { topic: string; payload: Uint8Array } {
    const request = readObject(Buffer.from(payload).toString('utf8')) ?? {};
    const { updateCorrelationId } = request;
    if (typeof updateCorrelationId === 'string') this.updates.set(nodeId, updateCorrelationId);
    const words = toDeviceWords(topic, request);
    return words
      ? { topic: words.topic, payload: Buffer.from(JSON.stringify(words.body)) }
      : { topic, payload };
  }

  private bringUp(node: NodeClient): void {
    if (this.client?.connected) this.sayOnline(node);
    else this.connect();
  }

  private connect(): void {
    if (this.connecting) return;
    this.connecting = true;
    if (this.client) {
      // Not `reconnect()`, which forgets what was not acknowledged.
      this.client.connect();
      return;
    }
    const { template } = this.run;
    const clientId = `simulator-${template.name.replace(/[^\w:-]/g, '-')}`.slice(0, 128);
    const client = mqtt.connect(this.run.url, {
      ...clientOptions(this.run),
      clientId,
      username: 'connector',
    });
    this.client = client;
    client.on('connect', () => {
      this.connecting = false;
      this.sessionSequenceId = this.wireClock.now();
      client.subscribe(requestTopics, { qos: 1 });
      for (const node of this.nodes.values()) if (node.state === 'waiting') this.sayOnline(node);
    });
    client.on('error', (error) => {
      for (const node of this.nodes.values()) node.failed(error);
    });
    client.on('close', () => {
      this.connecting = false;
      for (const node of this.nodes.values()) node.closed();
    });
    client.on('message', (topic, payload) => {
      const nodeId = readObject(payload.toString('utf8'))?.nodeId;
      if (typeof nodeId === 'string') this.nodes.get(nodeId)?.received(topic, payload);
    });
  }

  /** A node is connected once the platform knows. */
  private sayOnline(node: NodeClient): void {
    const available = { available: true };
    const capabilities = { command: available, configuration: available, resource: available };
    this.sayStatus(node, { status: 'ONLINE', capabilities }, (error) => {
      if (!error) node.cameUp();
    });
  }

  private takeDown(node: NodeClient, force: boolean, done: () => void): void {
    const leave = (): void => {
      this.nodes.delete(node.nodeId);
      if (this.nodes.size > 0 || !this.client) done();
      else this.client.end(force, {}, () => done());
    };
    if (this.client?.connected) this.sayStatus(node, { status: 'OFFLINE' }, leave);
    else leave();
  }

  private sayStatus({ nodeId }: NodeClient, said: JsonObject, done: (error?: Error | null) => void): void {
    // Real time, whatever the platform's is: it must rise from one run to the next.
    this.eventSequenceId = Math.max(this.eventSequenceId + 1, this.wireClock.now());
    const { sessionSequenceId, eventSequenceId } = this;
    const body = { ...said, sessionSequenceId, eventSequenceId };
    this.publish(`connector/v1/nodes/${nodeId}/status`, JSON.stringify(body), done);
  }

  private publish(topic: string, payload: string, done: (error?: Error | null) => void): void {
    this.client?.publish(topic, payload, { qos: 1 }, (error) => done(error));
  }
}
