import type { InterfaceStatus } from '../../contract/connectors.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { LoraLog } from './lora-log.ts';
import type { LoraNodes } from './lora-nodes.ts';
import { definitionOf, planOf, profileOf } from './profiles.ts';

/** Looks from time to time whether the network can serve each interface as it is defined (manual 5.5.1.3). */
export class ConsistencyCheck {
  private readonly parts: {
    readonly nodes: LoraNodes;
    readonly registry: InterfaceRegistry;
    readonly clock: Clock;
    readonly log: LoraLog;
    readonly settings: { readonly loraConsistencyPeriodMs: number };
    interfaces(): Iterable<DeviceInterface>;
  };
  private timer: Timer | undefined;

  constructor(parts: ConsistencyCheck['parts']) {
    this.parts = parts;
  }

  start(): void {
    const { clock, settings } = this.parts;
    this.timer = clock.every('LoRa consistency', settings.loraConsistencyPeriodMs, () => this.run());
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private run(): void {
    const { interfaces, registry, log } = this.parts;
    for (const via of interfaces()) {
      if (!via.enabled) continue;
      const problem = this.problemOf(via);
      const isMarked = via.status === 'CONNECTIVITY_ERROR';
      if (problem !== undefined && !isMarked) {
        void registry.updateSession(via, { status: 'CONNECTIVITY_ERROR' });
        log.tell(via, 'error', 'The network cannot serve the interface as it is defined', problem);
      } else if (problem === undefined && isMarked) {
        void registry.updateSession(via, { status: this.statusOf(via) });
        log.tell(via, 'info', 'The network can serve the interface again', 'Its definition is right now.');
      }
    }
  }

  private problemOf(via: DeviceInterface): string | undefined {
    const { profile, connectivityPlan, appEUI, appKey } = definitionOf(via);
    if (!profileOf(via)) {
      return `Its profile ${profile} is not known; take one of GET /api/v1/deviceMgt/connectors/lora/profiles.`;
    }
    if (!planOf(via)) {
      return `Its plan ${connectivityPlan} is not known; take one of GET /api/v1/deviceMgt/connectors/lora/connectivities.`;
    }
    const twins = this.parts.nodes.findByDevEui(via.nodeId).filter((other) => {
      const theirs = definitionOf(other);
      return other !== via && other.enabled && theirs.appEUI === appEUI && theirs.appKey === appKey;
    });
    if (twins.length === 0) return undefined;
    return 'Another tenant has an interface of the same DevEUI, appEUI and appKey; nobody can tell whose the device is.';
  }

  /** Where the interface would be by what was heard of it. */
  private statusOf(via: DeviceInterface): InterfaceStatus {
    const node = this.parts.nodes.of(via);
    // A session of MAC commands alone has not activated it (manual 5.2.1.4).
    if (node?.session && via.activity.lastActivationTs !== undefined) return 'ACTIVATED';
    return node?.session || node?.pending ? 'INITIALIZED' : 'REGISTERED';
  }
}
