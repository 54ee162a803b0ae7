import type { ConnectorName } from '../contract/connectors.ts';
import type { DeviceInterface } from '../inventory/types.ts';

/** One kind of request on its way to devices. */
export interface Downlink<Delivery extends DeliveryRef> {
  /**
   * True when a request handed over now can go out through this interface: the device is connected and subscribed,
   * its link has room, the interface is enabled. The answer may change with each event, so it is asked just before a
   * request is journaled and again before {@link send}.
   */
  takes(via: DeviceInterface): boolean;
  /**
   * Starts to carry a request. What becomes of it comes by the reports, the first of them perhaps before this returns.
   * Does not throw for anything that a device or a network does: that is {@link DeliveryReports.unsent} or
   * {@link DeliveryReports.failed}.
   */
  send(via: DeviceInterface, delivery: Delivery): void;
  /**
   * The engine waits for this delivery no longer (cancelled, timed out, deleted): what has not left yet need not.
   * Connectivities that hold nothing back leave it out. Late reports are taken all the same.
   */
  withdraw?(via: DeviceInterface, delivery: DeliveryRef): void;
}

/** One attempt to deliver a request. A connectivity hands it back with each report, and may keep it as it is. */
export interface DeliveryRef {
  /**
   * The number that stands for the request on wires that correlate by number: 1 to 2^31-1, the same for all attempts,
   * never given to another request.
   */
  readonly correlation: number;
  /** From 1. A report of an earlier attempt than the current one changes nothing. */
  readonly attempt: number;
}

/** How the engines hear from a connectivity; the same for each kind of request. */
export interface DeliveryReports {
  /** {@link Downlink.takes} has become true for this interface: it connected, subscribed, or has room again. */
  ready(via: DeviceInterface): void;
  /** It has become true for all that an application or a network stands for at once; of one tenant, or of all. */
  allReady(connector: ConnectorName, tenantId?: string): void;
  /** The request has left the platform. */
  sent(delivery: DeliveryRef): void;
  /** The network, or the protocol's own acknowledgement, says that the device has it. */
  delivered(delivery: DeliveryRef): void;
  /**
   * Nothing of this attempt left the platform, for certain: as if it had never begun. The attempt is given back and
   * the request waits for the next {@link ready}.
   */
  unsent(delivery: DeliveryRef, reason: string): void;
  /** The attempt has failed, and no acknowledgement will come. */
  failed(delivery: DeliveryRef, failure: DeliveryFailure): void;
}

export interface DeliveryFailure {
  /** For the API, in capitals: `INVALID_COMMAND_REQUEST`. */
  readonly errorCode: string;
  /** In words, for the audit log. */
  readonly reason: string;
  /** True when another attempt would meet the same end. */
  readonly permanent: boolean;
}
