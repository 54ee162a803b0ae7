import type { DeviceInterface } from '../../inventory/types.ts';
import { type Clock, isoTime } from '../../platform/clock.ts';
import type { MessageType } from '../../protocols/lorawan/frame-type.ts';
import type { EventRouter, RoutedEvent } from '../../routing/event-router.ts';
import type { Gateway } from './gateway.ts';
import type { UplinkSignal } from './uplink-signal.ts';

/** What is told of a frame. */
export interface FrameFacts {
  readonly messageType: Exclude<MessageType, 'RESERVED' | 'PROPRIETARY'>;
  readonly port?: number | undefined;
  readonly fcnt?: number;
  /** Decrypted; MAC commands are not told. */
  readonly payload?: Uint8Array;
  readonly ack?: boolean;
  /** Uplinks only. */
  readonly signal?: UplinkSignal;
  readonly gatewayId?: string;
}

/** Tells FIFOs of frames and gateways, as policies with the triggers `loraNetwork` and `loraGatewayStatus` ask for (facts 10). */
export class LoraEvents {
  private readonly parts: { readonly router: EventRouter; readonly clock: Clock };

  constructor(parts: LoraEvents['parts']) {
    this.parts = parts;
  }

  prepare({ device, nodeId }: DeviceInterface, facts: FrameFacts): RoutedEvent {
    const { messageType } = facts;
    return this.parts.router.prepare(device.tenantId, 'loraNetwork', { messageType }, () => {
      const { port, fcnt, payload, ack, signal, gatewayId } = facts;
      return {
        ...{ messageType, devEUI: nodeId, deviceId: device.id, timestamp: isoTime(this.parts.clock.now()) },
        ...(port !== undefined && { port }),
        ...(fcnt !== undefined && { fcnt }),
        ...(payload !== undefined && { payload: Buffer.from(payload).toString('hex') }),
        ...(ack !== undefined && { ack }),
        ...(signal && { signal }),
        ...(gatewayId !== undefined && { gatewayId }),
      };
    });
  }

  /** A gateway came or went. */
  ofGateway({ tenantId, id, name, online }: Gateway): RoutedEvent {
    return this.parts.router.prepare(tenantId, 'loraGatewayStatus', { gatewayId: id }, () => ({
      ...{ gatewayId: id, ...(name !== undefined && { name }), status: online },
      timestamp: isoTime(this.parts.clock.now()),
    }));
  }
}
