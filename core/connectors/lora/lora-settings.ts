import type { AckMode } from '../../contract/commands.ts';

export const usSubBands = ['ALL', '1', '2', '3', '4', '5', '6', '7', '8'] as const;
export type UsSubBand = (typeof usSubBands)[number];

export interface LoraSettings {
  /** Most LoRa gateways of one tenant, with those that nobody registered. */
  readonly loraGatewayMaxPerTenant: number;
  /** How long a LoRa gateway may be silent before it is OFFLINE. */
  readonly loraGatewayTimeoutMs: number;
  /** Whether LoRa gateways that nobody registered are listened to. */
  readonly loraUnknownGateways: boolean;
  /** How long a gateway may take to say whether it sends a frame; then it is taken to. */
  readonly loraTxAckTimeoutMs: number;
  /** How long copies of a frame by other gateways are waited for. */
  readonly loraDeduplicationWindowMs: number;
  /** Most frames of LoRa devices that wait for their copies; further ones are dropped. */
  readonly loraMaxOpenFrames: number;
  /** Most of them that one gateway heard first, so that none takes all the room. */
  readonly loraMaxOpenFramesPerGateway: number;
  /** Most frames in one datagram of a LoRa gateway; further ones are dropped. */
  readonly loraMaxFramesPerDatagram: number;
  /** Network identifier, of which addresses of LoRa devices are made: 0x000001 is for experiments. */
  readonly loraNetId: number;
  /** Seconds from an uplink of a LoRa device to its first receive window, 1 to 15. */
  readonly loraRx1DelaySeconds: number;
  /** How long before a receive window the frame for it leaves the platform at the latest. */
  readonly loraDownlinkLeadMs: number;
  /** Uplinks from which the data rate of a LoRa device is chosen. */
  readonly loraAdrUplinks: number;
  /** Decibels by which signals of LoRa devices shall be stronger than need be. */
  readonly loraAdrMarginDb: number;
  /** Sub-band of eight channels in which gateways in the US listen, `1` to `8`; `ALL`: in all of the 72 channels. */
  readonly loraUs915SubBand: UsSubBand;
  /** Whether devices in AS923 keep to 400 ms on the air; it depends on the country. */
  readonly loraAs923DwellTime: boolean;
  /** How often a LoRa device is asked for its battery. */
  readonly loraDevStatusPeriodMs: number;
  /** How often a confirmed frame is sent to a LoRa device that does not acknowledge it. */
  readonly loraConfirmedMaxTransmissions: number;
  /** Nonces of joins that are remembered of a LoRa device, the newest. */
  readonly loraMaxDevNonces: number;
  /** Refusals of frames that are written to the audit log a second; more are counted only. */
  readonly loraRefusalMaxPerSecond: number;
  /** How often definitions of LoRa interfaces are looked at (manual 5.5.1.3). */
  readonly loraConsistencyPeriodMs: number;
  /** Frames that are kept of one LoRa device, the newest; as many of those at a tenant's gateways that nobody knows. */
  readonly loraLogMaxFrames: number;
  /** Bytes of all frames of all LoRa devices that are kept, the newest; they are in memory, which this bounds. */
  readonly loraLogMaxBytes: number;
  /** What a LoRa command waits for that names nothing: `NONE` or `NETWORK`. */
  readonly loraCommandAckMode: AckMode;
  /** How long a LoRa command waits for its acknowledgement. */
  readonly loraCommandAckTimeoutMs: number;
}

const dayMs = 24 * 60 * 60 * 1000;

export const defaultLoraSettings: LoraSettings = {
  loraGatewayMaxPerTenant: 1000,
  loraGatewayTimeoutMs: 90_000,
  loraUnknownGateways: true,
  loraTxAckTimeoutMs: 500,
  loraDeduplicationWindowMs: 200,
  loraMaxOpenFrames: 10_000,
  loraMaxOpenFramesPerGateway: 5000,
  loraMaxFramesPerDatagram: 255,
  loraNetId: 1,
  loraRx1DelaySeconds: 1,
  loraDownlinkLeadMs: 300,
  loraAdrUplinks: 20,
  loraAdrMarginDb: 10,
  loraUs915SubBand: 'ALL',
  loraAs923DwellTime: true,
  loraDevStatusPeriodMs: dayMs,
  loraConfirmedMaxTransmissions: 8,
  loraMaxDevNonces: 1000,
  loraRefusalMaxPerSecond: 20,
  loraConsistencyPeriodMs: 60_000,
  loraLogMaxFrames: 500,
  loraLogMaxBytes: 16 * 1024 * 1024,
  loraCommandAckMode: 'NONE',
  loraCommandAckTimeoutMs: dayMs,
};
