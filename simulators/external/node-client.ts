import type { DeviceClient, OnWire } from '../mqtt/device-wire.ts';

type Done = (error?: Error | null) => void;

/** What a node wants of its connector. */
export interface NodeHost {
  connect(node: NodeClient): void;
  publish(publication: OnWire, done: Done): void;
  leave(node: NodeClient, force: boolean, done: () => void): void;
  abandon(): void;
}

/** A node's end of the connection that it shares with the others behind its connector: as a client of its own. */
export class NodeClient implements DeviceClient {
  readonly nodeId: string;
  /** `waiting`: it wants to be up; `left`: it never will again. */
  state: 'down' | 'waiting' | 'up' | 'left' = 'down';
  private readonly host: NodeHost;
  private readonly listeners = new Map<string, (...said: never[]) => void>();

  constructor(nodeId: string, host: NodeHost) {
    this.nodeId = nodeId;
    this.host = host;
  }

  on(event: string, run: (...said: never[]) => void): void {
    this.listeners.set(event, run);
  }

  connect(): void {
    if (this.state !== 'down') return;
    this.state = 'waiting';
    this.host.connect(this);
  }

  /** A node announces what it takes with its status. */
  subscribe(): void {}

  publish(topic: string, payload: string, _options: { qos: 1 }, done: Done): void {
    this.host.publish({ topic, payload }, done);
  }

  end(force: boolean, done: () => void): void {
    this.state = 'left';
    this.host.leave(this, force, done);
  }

  abandon(): void {
    this.host.abandon();
  }

  /** The platform knows that it is there. */
  cameUp(): void {
    if (this.state !== 'waiting') return;
    this.state = 'up';
    this.tell('connect');
  }

  failed(error: Error): void {
    if (this.state === 'waiting') this.tell('error', error);
  }

  closed(): void {
    if (this.state !== 'waiting' && this.state !== 'up') return;
    this.state = 'down';
    this.tell('close');
  }

  received(topic: string, payload: Uint8Array): void {
    if (this.state === 'up') this.tell('message', topic, payload);
  }

  private tell(event: string, ...said: unknown[]): void {
    this.listeners.get(event)?.(...(said as never[]));
  }
}
