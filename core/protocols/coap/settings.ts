import { exponentOf } from './block.ts';

/** Limits and times of endpoints. A text about one of them names it. */
export interface CoapSettings {
  /** ACK_TIMEOUT: shortest time to the first retransmission (RFC 7252 4.8). */
  readonly ackTimeoutMs: number;
  /** ACK_RANDOM_FACTOR: the first time is at most this many times as long. */
  readonly ackRandomFactor: number;
  /** MAX_RETRANSMIT: how often a confirmable message is sent again. */
  readonly maxRetransmit: number;
  /** NSTART: how many requests and confirmable notifications may be on the way to a peer before it reacts. */
  readonly nstart: number;
  /** MAX_LATENCY: how long a datagram may be on its way (RFC 7252 4.8.2). */
  readonly maxLatencyMs: number;
  /** How long a response may take after the acknowledgement of its request, or after a non-confirmable request. */
  readonly responseTimeoutMs: number;
  /** How long a handler may take before the request is acknowledged alone, and answered in a message of its own. */
  readonly separateResponseAfterMs: number;
  /** Size of the blocks that are sent and asked for, and the largest payload that goes without them: 16 to 1024. */
  readonly blockBytes: number;
  /** Largest message that is taken or sent; a larger request is answered 4.13. At least a block and 64 bytes more. */
  readonly maxMessageBytes: number;
  /** Largest body that is put together from blocks, request or response. */
  readonly maxBodyBytes: number;
  /** How much all bodies that are being put together, of all peers, may take; above it, 5.03. */
  readonly maxPartialBytes: number;
  /** Block-wise transfers of a peer at a time; the oldest gives way. */
  readonly maxTransfers: number;
  /** How often a download starts again because the representation changed meanwhile. */
  readonly maxDownloadRestarts: number;
  /** Requests to a peer that wait for their turn. */
  readonly maxWaitingRequests: number;
  /** Requests of a peer that are being carried out, or whose late response it has not acknowledged; then 5.03. */
  readonly maxPendingRequests: number;
  /** Observations that a peer may have here; one more gets a response without Observe. */
  readonly maxObservers: number;
  /** After how long a notification is confirmable whatever was asked (RFC 7641 4.5: 24 hours at most). */
  readonly confirmNotificationAfterMs: number;
  /** Messages of a peer that are remembered to recognise duplicates. */
  readonly maxRememberedPerPeer: number;
  /** The same over all peers. */
  readonly maxRememberedMessages: number;
  /** Bytes of the replies that are remembered with them, over all peers. */
  readonly maxRememberedBytes: number;
  /** Critical options that the request handler looks at, beside those that the endpoint itself does. */
  readonly understoodOptions: readonly number[];
}

export const coapDefaults: CoapSettings = {
  ackTimeoutMs: 2000,
  ackRandomFactor: 1.5,
  maxRetransmit: 4,
  nstart: 1,
  maxLatencyMs: 100_000,
  responseTimeoutMs: 93_000,
  separateResponseAfterMs: 1000,
  blockBytes: 1024,
  maxMessageBytes: 8192,
  maxBodyBytes: 1024 * 1024,
  maxPartialBytes: 64 * 1024 * 1024,
  maxTransfers: 4,
  maxDownloadRestarts: 3,
  maxWaitingRequests: 100,
  maxPendingRequests: 100,
  maxObservers: 1000,
  confirmNotificationAfterMs: 24 * 3600 * 1000,
  maxRememberedPerPeer: 500,
  maxRememberedMessages: 50_000,
  maxRememberedBytes: 16 * 1024 * 1024,
  understoodOptions: [],
};

/** Header, token and the options that a block needs. */
const messageOverheadBytes = 64;

/**
 * Fills in the defaults.
 * @throws RangeError that names the setting
 */
export function coapSettings(given: Partial<CoapSettings> = {}): CoapSettings {
  const settings = { ...coapDefaults, ...given };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !(value >= 0)) {
      throw new RangeError(`${name} must be a number from 0, got ${value}`);
    }
  }
  if (settings.nstart < 1) throw new RangeError(`nstart must be at least 1, got ${settings.nstart}`);
  if (settings.ackRandomFactor < 1) {
    throw new RangeError(`ackRandomFactor must be at least 1, got ${settings.ackRandomFactor}`);
  }
  exponentOf(settings.blockBytes);
  if (settings.maxMessageBytes < settings.blockBytes + messageOverheadBytes) {
    throw new RangeError(
      `maxMessageBytes must be at least ${messageOverheadBytes} more than blockBytes, ${settings.blockBytes}, got ${settings.maxMessageBytes}`,
    );
  }
  return settings;
}

/** MAX_TRANSMIT_SPAN: from the first to the last transmission of a message (RFC 7252 4.8.2). */
export function maxTransmitSpanMs({ ackTimeoutMs, maxRetransmit, ackRandomFactor }: CoapSettings): number {
  return ackTimeoutMs * (2 ** maxRetransmit - 1) * ackRandomFactor;
}

/** EXCHANGE_LIFETIME: how long a message id of a confirmable message is taken (RFC 7252 4.8.2). */
export function exchangeLifetimeMs(settings: CoapSettings): number {
  return maxTransmitSpanMs(settings) + 2 * settings.maxLatencyMs + settings.ackTimeoutMs;
}

/** NON_LIFETIME: the same of a non-confirmable one. */
export function nonLifetimeMs(settings: CoapSettings): number {
  return maxTransmitSpanMs(settings) + settings.maxLatencyMs;
}
