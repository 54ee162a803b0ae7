import type { EventBus } from '../../bus/event-bus.ts';
import type { PlatformEvents } from '../../contract/events.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Statement, Store } from '../../store/types.ts';
import { LoraNode, readNode, writeNode } from './lora-node.ts';
import { loraRepository } from './lora-repository.ts';

export interface LoraNodesParts {
  readonly store: Store;
  readonly bus: EventBus<PlatformEvents>;
  readonly registry: InterfaceRegistry;
  readonly logger: Logger;
  /** Every LoRa interface of every tenant. */
  interfaces(): Iterable<DeviceInterface>;
}

/** The LoRa devices of all tenants, by what frames name them. */
export class LoraNodes {
  private readonly parts: LoraNodesParts;
  private readonly byInterface = new Map<DeviceInterface, LoraNode>();
  private readonly byDevEui = new Map<string, Set<DeviceInterface>>();
  private readonly byDevAddr = new Map<number, Set<LoraNode>>();

  constructor(parts: LoraNodesParts) {
    this.parts = parts;
  }

  async start(): Promise<void> {
    const { store, bus, registry, interfaces } = this.parts;
    for (const via of interfaces()) this.note(via);
    for (const { tenantId, nodeId, joins, state } of await loraRepository.loadNodes(store)) {
      const via = registry.findInterface(tenantId, 'lora', nodeId);
      if (!via) {
        this.remove(tenantId, nodeId);
        continue;
      }
      const node = readNode(via, { joins, state });
      this.byInterface.set(via, node);
      this.index(node);
    }
    const look = ({ tenantId, deviceId }: { tenantId: string; deviceId: string }): void => {
      for (const via of registry.findDevice(tenantId, deviceId)?.interfaces ?? []) this.note(via);
    };
    bus.on('deviceCreated', this, look);
    bus.on('deviceUpdated', this, look);
    bus.on('interfaceUnusable', this, ({ connector, tenantId, nodeId, reason }) => {
      if (connector !== 'lora' || reason === 'disabled') return;
      // One that gets another DevEUI is told of while it is still there.
      this.forgetGone(tenantId, (via) => via.nodeId === nodeId, reason === 'renamed');
    });
    bus.on('deviceDeleted', this, ({ tenantId, deviceId }) =>
      this.forgetGone(tenantId, ({ device }) => device.id === deviceId),
    );
  }

  stop(): void {
    this.parts.bus.release(this);
    this.byInterface.clear();
    this.byDevEui.clear();
    this.byDevAddr.clear();
  }

  /** Undefined while it never joined. */
  of(via: DeviceInterface): LoraNode | undefined {
    return this.byInterface.get(via);
  }

  all(): Iterable<LoraNode> {
    return this.byInterface.values();
  }

  make(via: DeviceInterface): LoraNode {
    const node = this.byInterface.get(via) ?? new LoraNode(via);
    this.byInterface.set(via, node);
    return node;
  }

  /** The interfaces of this DevEUI, of all tenants. */
  findByDevEui(devEui: string): DeviceInterface[] {
    return [...(this.byDevEui.get(devEui) ?? [])].filter((via) => this.isThere(via));
  }

  /** The devices that have, or had and may still use, this short address. */
  findByDevAddr(devAddr: number): LoraNode[] {
    return [...(this.byDevAddr.get(devAddr) ?? [])];
  }

  isTaken(devAddr: number): boolean {
    return this.byDevAddr.has(devAddr);
  }

  /** Sessions of the node have begun or ended. */
  reindex(node: LoraNode, before: readonly number[]): void {
    for (const devAddr of before) {
      const nodes = this.byDevAddr.get(devAddr);
      nodes?.delete(node);
      if (nodes?.size === 0) this.byDevAddr.delete(devAddr);
    }
    this.index(node);
  }

  put(node: LoraNode): Statement {
    const { device, nodeId } = node.via;
    return loraRepository.putNode(device.tenantId, nodeId, writeNode(node));
  }

  private index(node: LoraNode): void {
    for (const devAddr of addressesOf(node)) {
      const nodes = this.byDevAddr.get(devAddr) ?? new Set();
      this.byDevAddr.set(devAddr, nodes.add(node));
    }
  }

  private note(via: DeviceInterface): void {
    if (via.connector !== 'lora') return;
    const known = this.byDevEui.get(via.nodeId) ?? new Set();
    this.byDevEui.set(via.nodeId, known.add(via));
  }

  private isThere(via: DeviceInterface): boolean {
    return this.parts.registry.findInterface(via.device.tenantId, 'lora', via.nodeId) === via;
  }

  private forgetGone(tenantId: string, fits: (via: DeviceInterface) => boolean, leaves = false): void {
    for (const [devEui, known] of this.byDevEui) {
      for (const via of known) {
        if (via.device.tenantId === tenantId && fits(via) && (leaves || !this.isThere(via)))
          this.forget(devEui, via);
      }
    }
  }

  private forget(devEui: string, via: DeviceInterface): void {
    const known = this.byDevEui.get(devEui);
    known?.delete(via);
    if (known?.size === 0) this.byDevEui.delete(devEui);
    const node = this.byInterface.get(via);
    if (!node) return;
    this.byInterface.delete(via);
    const addresses = addressesOf(node);
    node.session = undefined;
    node.pending = undefined;
    this.reindex(node, addresses);
    this.remove(via.device.tenantId, via.nodeId);
  }

  private remove(tenantId: string, nodeId: string): void {
    this.parts.store.append([loraRepository.deleteNode(tenantId, nodeId)], (error) => {
      if (error) this.parts.logger.warn({ err: error }, 'the session of a LoRa device was not deleted');
    });
  }
}

export const addressesOf = ({ session, pending }: LoraNode): number[] =>
  [session, pending].flatMap((each) => each?.devAddr ?? []);
