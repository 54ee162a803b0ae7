import { defaultLoraSettings, type LoraSettings } from './connectors/lora/lora-settings.ts';
import { defaultSmsSettings, type SmsSettings } from './connectors/sms/sms-settings.ts';
import type { AckMode } from './contract/commands.ts';
import { PlatformError } from './contract/errors.ts';
import { defaultSmscSettings, type SmscSettings } from './contract/smsc-settings.ts';
import { defaultInventoryLimits, type InventoryLimits } from './inventory/inventory-limits.ts';
import { checkChoice } from './setting-choices.ts';
import { defaultStoreSettings, type StoreSettings } from './store/settings.ts';

/**
 * Every limit and default of the platform that is a choice of ours, by name. Those of the wire protocols and of
 * the compatible API stand with their codecs and schemas.
 */
export interface PlatformSettings
  extends StoreSettings,
    InventoryLimits,
    LoraSettings,
    SmsSettings,
    SmscSettings {
  /** How many of the last messages keep their trace. */
  readonly traceCapacity: number;
  /** How many bytes of a payload a trace keeps. */
  readonly tracePayloadBytes: number;
  /** How many audit messages are kept, the newest. */
  readonly auditMaxMessages: number;
  /** Bytes of audit messages that are kept, the newest; they are in memory, which this bounds. */
  readonly auditMaxBytes: number;
  /** How many data messages are kept, the newest. */
  readonly dataMaxMessages: number;
  /** Bytes of data messages that are kept, the newest; they are in memory, which this bounds. */
  readonly dataMaxBytes: number;
  /** How long a data message is kept. */
  readonly dataMaxAgeMs: number;
  /** Most bytes waiting in a FIFO that names no limit of its own. */
  readonly fifoMaxBytes: number;
  /** How long a message waits in a FIFO that names no time of its own. */
  readonly fifoTtlMs: number;
  /** Most FIFOs of one tenant. */
  readonly fifoMaxPerTenant: number;
  /** How often the state of live sessions and the last contact of devices are written. */
  readonly sessionWritePeriodMs: number;
  /** How often the last use of keys is written and expired keys are looked for. */
  readonly keyUpkeepPeriodMs: number;
  /** Most API keys of one tenant; sessions of users are not counted. */
  readonly keyMaxPerTenant: number;
  /** Most HTTP calls with one API key in a window (facts 13). */
  readonly keyHttpMaxCalls: number;
  /** Most MQTT publications of devices with one API key in a window; one more ends the connection. */
  readonly keyMqttDeviceMaxMessages: number;
  /** Most MQTT publications of applications with one API key in a window; one more ends the connection. */
  readonly keyMqttBridgeMaxMessages: number;
  /** The window of these three. */
  readonly keyRateWindowSeconds: number;
  /** Most tenants of this instance. */
  readonly tenantMax: number;
  /** Most CA certificates of one tenant (manual 6.3.4). */
  readonly caCertificateMaxPerTenant: number;
  /** Bits that the RSA key of a CA certificate must have; the manual, 6.3.4.2, makes keys of 2048. */
  readonly caCertificateMinRsaBits: number;
  /** A user's session ends when it was not used for this long. */
  readonly userSessionTtlMs: number;
  /** Most sessions of one user; one more ends the oldest. */
  readonly userMaxSessions: number;
  /** Most users of one tenant. */
  readonly userMaxPerTenant: number;
  /** Failed sign-ins in a row that lock a user out. */
  readonly loginMaxFailures: number;
  /** How long a user who is locked out stays so. */
  readonly loginLockMs: number;
  /** Most sign-ins that wait for their turn; one more is refused with 429. */
  readonly loginMaxWaiting: number;
  /** Most names that no user has whose failed sign-ins are remembered; one more forgets the oldest. */
  readonly loginMaxNames: number;
  /** Most links to the portal of one tenant that wait to be opened; one more ends the oldest. */
  readonly portalMaxLinks: number;
  /** Most sessions of the portal that links of one tenant opened; one more ends the oldest. */
  readonly portalMaxSessions: number;
  /** Most commands of one device that wait to go out (manual 8.3.1). */
  readonly commandMaxQueued: number;
  /** Largest `request.value` of a command, as JSON text. */
  readonly commandMaxValueBytes: number;
  /** Largest response of a device that is kept, as JSON text. */
  readonly commandMaxResponseBytes: number;
  /** How many commands that have ended are kept, the newest. */
  readonly commandMaxKept: number;
  /** Bytes of commands that have ended and are kept, the newest; they are in memory, which this bounds. */
  readonly commandMaxKeptBytes: number;
  /** Acknowledgement that a command over MQTT waits for when it names none. */
  readonly mqttCommandAckMode: AckMode;
  /** How long a command over MQTT waits for its acknowledgement when it names no time. */
  readonly mqttCommandAckTimeoutMs: number;
  /** Whether external connectors may connect without TLS, from this machine alone; the manual, 6.6.1, asks for TLS. */
  readonly connectorPlainOnLoopback: boolean;
  /** Acknowledgement that a command over an external connector waits for when it names none. */
  readonly connectorCommandAckMode: AckMode;
  /** How long a command over an external connector waits for its acknowledgement when it names no time. */
  readonly connectorCommandAckTimeoutMs: number;
  /** How long a configuration over an external connector waits for its answer. */
  readonly connectorConfigurationAnswerTimeoutMs: number;
  /** How long an update over an external connector waits for the acknowledgement of the connector. */
  readonly connectorResourceAnswerTimeoutMs: number;
  /** How often a value is sent to a device that is there and does not answer, before it counts as failed. */
  readonly configurationMaxAttempts: number;
  /** How long a configuration over MQTT waits for the answer of a device that is connected. */
  readonly mqttConfigurationAnswerTimeoutMs: number;
  /** Most campaigns of one tenant. */
  readonly campaignMaxPerTenant: number;
  /** Most devices of one campaign. */
  readonly campaignMaxTargets: number;
  /** Devices of one campaign on which something is begun or looked up at a time. */
  readonly campaignMaxAtWork: number;
  /** Most operations of one campaign. */
  readonly campaignMaxOperations: number;
  /** How often one operation of a campaign may be begun anew on a device. */
  readonly campaignMaxRetries: number;
  /** Largest content of a version of a resource (facts 18). */
  readonly resourceMaxFileBytes: number;
  /** Most resources of one tenant. */
  readonly resourceMaxPerTenant: number;
  /** Most versions of one resource. */
  readonly resourceMaxVersions: number;
  /** Bytes of all contents of all resources together. */
  readonly resourceMaxTotalBytes: number;
  /** Most resources that one device may report. */
  readonly resourceMaxPerDevice: number;
  /** Most updates of one device that wait to go out. */
  readonly resourceUpdateMaxQueued: number;
  /** How often an update is asked for of a device that is there and does not answer, before it has failed. */
  readonly resourceUpdateMaxAttempts: number;
  /** How long an update waits for a device that takes it. */
  readonly resourceUpdateWaitMs: number;
  /** How long an update may take from the device's last sign of it, an answer or a download, to the new version. */
  readonly resourceUpdateTimeoutMs: number;
  /** How many updates that have ended are kept, the newest. */
  readonly resourceUpdateMaxKept: number;
  /** Bytes of updates that have ended and are kept, the newest; they are in memory, which this bounds. */
  readonly resourceUpdateMaxKeptBytes: number;
  /** How long the link of an update is open after the device was asked. */
  readonly resourceLinkTtlMs: number;
  /** Host name or address in links; empty: the one by which the device reached the platform. */
  readonly resourceLinkHost: string;
  /** Most downloads of contents at a time. */
  readonly resourceMaxDownloads: number;
  /** Most downloads by one link at a time; one more ends the oldest. */
  readonly resourceMaxDownloadsPerLink: number;
  /** Most custom models of LwM2M objects of one tenant (manual 7.8.3.3.3). */
  readonly customModelMaxPerTenant: number;
  /** Largest file with the definition of an object. */
  readonly customModelMaxBytes: number;
  /** Most resources of an object in such a file. */
  readonly customModelMaxResources: number;
  /** Most bootstrap configurations of one tenant. */
  readonly bootstrapConfigMaxPerTenant: number;
  /** Most run servers of one bootstrap configuration. */
  readonly bootstrapConfigMaxRunServers: number;
  /** Most bootstrap entries of one tenant. */
  readonly bootstrapEntryMaxPerTenant: number;
  /** How long a bootstrap may take from the request to the end. */
  readonly bootstrapTimeoutMs: number;
  /** How long a session with the bootstrap server may be silent before it is ended. */
  readonly bootstrapSessionIdleMs: number;
  /** How long an LwM2M registration lasts that names no lifetime. */
  readonly lwm2mDefaultLifetimeMs: number;
  /** How long an LwM2M device in queue mode is taken to listen after it was heard. */
  readonly lwm2mAwakeMs: number;
  /** Host name or address of the LwM2M server in what bootstraps write; empty: the one it listens on. */
  readonly lwm2mPublicHost: string;
  /** Largest blocks in which a package is written to an LwM2M device: 16 to 1024, a power of two. */
  readonly lwm2mFirmwareBlockBytes: number;
  /** How long an LwM2M device that is there may take until it has accepted an update. */
  readonly lwm2mFirmwareAnswerTimeoutMs: number;
  /** How often an LwM2M device that is at an update is asked how far it is, beside what it notifies. */
  readonly lwm2mFirmwarePollMs: number;
  /** How often a package is delivered in one update of an LwM2M device, when deliveries break off. */
  readonly lwm2mFirmwareMaxDeliveries: number;
  /** Most DTLS sessions of one port. */
  readonly coapsMaxSessions: number;
  /** Addresses of CoAP without DTLS that are remembered at a time; the one that was silent for longest gives way. */
  readonly coapMaxPeers: number;
  /** Most DTLS handshakes of one port that are under way. */
  readonly coapsMaxHandshakes: number;
  /** How long a DTLS handshake may take. */
  readonly coapsHandshakeTimeoutMs: number;
  /** Failures of one DTLS client in `coapsFailureWindowMs` before it is no longer listened to. */
  readonly coapsMaxFailures: number;
  /** After this long without a failure a DTLS client may fail as often as before. */
  readonly coapsFailureWindowMs: number;
  /** How long a request for an update over MQTT waits for the answer of a device that is connected. */
  readonly mqttResourceAnswerTimeoutMs: number;
  /** Most values that are kept of one twin. */
  readonly twinMaxValues: number;
  /** Most bytes of one value of a twin that is kept. */
  readonly twinMaxValueBytes: number;
  /** Most instances of objects that are kept of one registration. */
  readonly twinMaxInstances: number;
  /** Most operations of one twin that have not ended (manual 7.8.6.6). */
  readonly twinOperationMaxActive: number;
  /** How many operations of one twin that have ended are kept, the newest (manual 7.8.6.6). */
  readonly twinOperationMaxEnded: number;
  /** Largest request for an operation of a twin, as JSON text. */
  readonly twinOperationMaxBytes: number;
  /** Most attempts of one operation of a twin. */
  readonly twinOperationMaxAttempts: number;
  /** How long an operation of a twin waits for its device (manual 7.8.6.4). */
  readonly twinOperationWaitMs: number;
  /** How long an operation of a twin that was sent waits for its outcome (manual 7.8.6.4). */
  readonly twinOperationAnswerTimeoutMs: number;
  /** How long a device is left alone after an attempt that failed, unless it comes back by itself before. */
  readonly twinRetryDelayMs: number;
  /** Most observations of one twin (manual 7.8.7.5). */
  readonly twinObservationMaxPerDevice: number;
  /** Most paths of one observation. */
  readonly twinObservationMaxPaths: number;
  /** Attempts to begin an observation, while failures may pass (manual 7.8.7.3). */
  readonly twinObservationMaxAttempts: number;
  /** Most data rules of one tenant (manual 7.8.9.2). */
  readonly twinDataRuleMaxPerTenant: number;
  /** Most paths of one data rule. */
  readonly twinDataRuleMaxPaths: number;
  /** CoAP messages and DTLS events that are kept of one LwM2M interface, the newest. */
  readonly coapLogMaxMessages: number;
  /** Bytes of all CoAP messages and DTLS events that are kept, the newest; they are in memory, which this bounds. */
  readonly coapLogMaxBytes: number;
  /** File that the keys of DTLS sessions are written to, for Wireshark; empty: they are not. */
  readonly dtlsKeyLogFile: string;
  /** Messages that one LwM2M interface in debug mode writes to the audit log a second; more are counted only. */
  readonly lwm2mDebugMaxPerSecond: number;
  /** How long a client may take from connecting to its CONNECT packet. */
  readonly mqttConnectTimeoutMs: number;
  /** Largest MQTT packet; a longer one ends the connection. */
  readonly mqttMaxPacketBytes: number;
  /** Most MQTT connections at a time; one more is refused as server unavailable. */
  readonly mqttMaxConnections: number;
  /** How many publications of one client may wait for their acknowledgement before its socket is paused. */
  readonly mqttReceiveWindow: number;
  /** How many FIFO messages one subscriber may hold unacknowledged. */
  readonly mqttSendWindow: number;
  /** Debug messages that one device's interface writes to the audit log a second; more are counted only. */
  readonly mqttDebugMaxPerSecond: number;
  /** Bytes that may wait in the socket of a slow client before nothing more is sent to it. */
  readonly mqttMaxUnsentBytes: number;
  /** Largest body of an HTTP request. */
  readonly httpMaxBodyBytes: number;
  /** Seconds of the platform's time that may pass in a real one. */
  readonly clockMaxSpeed: number;
  /** Longest file of devices that is imported. */
  readonly importMaxBytes: number;
  /** Longest text of one device in such a file. */
  readonly importMaxRecordChars: number;
  /** Errors that are kept of one import, the first. */
  readonly importMaxErrors: number;
  /** Imports of one tenant that are remembered, the newest. */
  readonly importMaxKept: number;
  /** Imports of one tenant that may run at a time. */
  readonly importMaxRunning: number;
  /** Longest request line of an HTTP request with all its header fields. */
  readonly httpMaxHeaderBytes: number;
  /** How long the header of an HTTP request may take to come. */
  readonly httpHeaderTimeoutMs: number;
  /** How long an HTTP request may take to come, its body included. */
  readonly httpRequestTimeoutMs: number;
  /** Most connections to an HTTP port at a time, viewers of the portal and MQTT over WebSocket included. */
  readonly httpMaxConnections: number;
  /** How long a TLS handshake may take, on any port. */
  readonly tlsHandshakeTimeoutMs: number;
  /** Largest `value` of a data message (facts 7). */
  readonly dataMaxValueBytes: number;
  /** Most tags of a data message. */
  readonly dataMaxTags: number;
  /** Bytes of messages in one answer; a page of longer ones is shorter than its limit. */
  readonly dataPageMaxBytes: number;
  /** Most stored messages that one search looks at; it says how far it came, and goes on from there when asked. */
  readonly dataSearchMaxMessages: number;
  /** Most messages of one call that stores several. */
  readonly dataBulkMaxMessages: number;
  /** Most devices of one call for their newest messages. */
  readonly dataLatestMaxDevices: number;
  /** Most actions of one action policy. */
  readonly policyMaxActions: number;
  /** Origins whose pages may call the API from a browser; empty: none but the portal's own. */
  readonly httpAllowedOrigins: readonly string[];
}

/**
 * What a setting may not be above, where more would do harm: MQTT has no more packet ids, a trace's place is made at
 * the start, and SQLite takes no deeper expressions.
 */
const largestValues: Partial<Record<keyof PlatformSettings, number>> = {
  mqttSendWindow: 65_535,
  mqttReceiveWindow: 65_535,
  traceCapacity: 1_000_000,
  deviceListMaxFilters: 200,
  explorerMaxWords: 200,
  rsqlMaxComparisons: 200,
  rsqlMaxDepth: 200,
  rsqlMaxPatternSteps: 5000,
  loraNetId: 0xff_ffff,
  loraRx1DelaySeconds: 15,
  smppPort: 65_535,
  smsMaxParts: 255,
};

/**
 * The settings to use: the given ones over the defaults.
 * @throws PlatformError `platform.setting` for a name that does not exist, or a value that cannot be.
 */
export function resolveSettings(given: Partial<PlatformSettings> = {}): PlatformSettings {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaultSettings, name)) {
      throw new PlatformError(
        'platform.setting',
        `No setting has the name ${JSON.stringify(name)}; there are ${Object.keys(defaultSettings).join(', ')}.`,
      );
    }
    checkChoice(name, value, Reflect.get(defaultSettings, name));
    if (typeof value !== 'number') continue;
    if (name === 'lwm2mFirmwareBlockBytes') checkBlockBytes(value);
    const largest = largestValues[name as keyof PlatformSettings];
    if (!(Number.isFinite(value) && value > 0 && value <= (largest ?? value))) {
      const most = largest === undefined ? '' : ` and ${largest} at most`;
      throw new PlatformError(
        'platform.setting',
        `Setting ${name} must be a number above 0${most}, got ${value}.`,
      );
    }
  }
  return { ...defaultSettings, ...given };
}

/** Sizes of blocks in CoAP (RFC 7959, 2.2). */
function checkBlockBytes(value: number): void {
  if ([16, 32, 64, 128, 256, 512, 1024].includes(value)) return;
  throw new PlatformError(
    'platform.setting',
    `Setting lwm2mFirmwareBlockBytes must be 16, 32, 64, 128, 256, 512 or 1024, got ${value}.`,
  );
}

const mebibyte = 1024 * 1024;
const minuteMs = 60 * 1000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export const defaultSettings: PlatformSettings = {
  traceCapacity: 10_000,
  tracePayloadBytes: 4096,
  auditMaxMessages: 100_000,
  auditMaxBytes: 64 * mebibyte,
  dataMaxMessages: 500_000,
  dataMaxBytes: 512 * mebibyte,
  dataMaxAgeMs: 30 * dayMs,
  fifoMaxBytes: 64 * mebibyte,
  fifoTtlMs: 7 * dayMs,
  fifoMaxPerTenant: 1000,
  sessionWritePeriodMs: 1000,
  keyUpkeepPeriodMs: 5000,
  keyMaxPerTenant: 10_000,
  keyHttpMaxCalls: 1_000_000,
  keyMqttDeviceMaxMessages: 1_000_000,
  keyMqttBridgeMaxMessages: 1_000_000,
  keyRateWindowSeconds: 1,
  tenantMax: 1000,
  caCertificateMaxPerTenant: 10,
  caCertificateMinRsaBits: 2048,
  userSessionTtlMs: 8 * hourMs,
  userMaxSessions: 20,
  userMaxPerTenant: 1000,
  loginMaxFailures: 5,
  loginLockMs: 15 * minuteMs,
  loginMaxWaiting: 50,
  loginMaxNames: 10_000,
  portalMaxLinks: 100,
  portalMaxSessions: 1000,
  commandMaxQueued: 10,
  commandMaxValueBytes: 64 * 1024,
  commandMaxResponseBytes: 64 * 1024,
  commandMaxKept: 100_000,
  commandMaxKeptBytes: 128 * mebibyte,
  mqttCommandAckMode: 'APPLICATIVE',
  mqttCommandAckTimeoutMs: 60_000,
  connectorPlainOnLoopback: false,
  connectorCommandAckMode: 'APPLICATIVE',
  connectorCommandAckTimeoutMs: 60_000,
  connectorConfigurationAnswerTimeoutMs: 60_000,
  connectorResourceAnswerTimeoutMs: 60_000,
  configurationMaxAttempts: 3,
  mqttConfigurationAnswerTimeoutMs: 60_000,
  campaignMaxPerTenant: 1000,
  campaignMaxTargets: 100_000,
  campaignMaxAtWork: 64,
  campaignMaxOperations: 20,
  campaignMaxRetries: 10,
  resourceMaxFileBytes: 10 * mebibyte,
  resourceMaxPerTenant: 1000,
  resourceMaxVersions: 100,
  resourceMaxTotalBytes: 1024 * mebibyte,
  resourceMaxPerDevice: 100,
  resourceUpdateMaxQueued: 10,
  resourceUpdateMaxAttempts: 3,
  resourceUpdateWaitMs: 30 * dayMs,
  resourceUpdateTimeoutMs: hourMs,
  resourceUpdateMaxKept: 100_000,
  resourceUpdateMaxKeptBytes: 64 * mebibyte,
  resourceLinkTtlMs: dayMs,
  resourceLinkHost: '',
  resourceMaxDownloads: 1000,
  resourceMaxDownloadsPerLink: 4,
  customModelMaxPerTenant: 100,
  customModelMaxBytes: mebibyte,
  customModelMaxResources: 1000,
  bootstrapConfigMaxPerTenant: 1000,
  bootstrapConfigMaxRunServers: 10,
  bootstrapEntryMaxPerTenant: 100_000,
  bootstrapTimeoutMs: 120_000,
  bootstrapSessionIdleMs: 600_000,
  lwm2mDefaultLifetimeMs: 300_000,
  lwm2mAwakeMs: 93_000,
  lwm2mPublicHost: '',
  lwm2mFirmwareBlockBytes: 512,
  lwm2mFirmwareAnswerTimeoutMs: 5 * minuteMs,
  lwm2mFirmwarePollMs: minuteMs,
  lwm2mFirmwareMaxDeliveries: 3,
  coapsMaxSessions: 20_000,
  coapMaxPeers: 1000,
  coapsMaxHandshakes: 5000,
  coapsHandshakeTimeoutMs: 60_000,
  coapsMaxFailures: 10,
  coapsFailureWindowMs: 60_000,
  mqttResourceAnswerTimeoutMs: 60_000,
  twinMaxValues: 2000,
  twinMaxValueBytes: 16 * 1024,
  twinMaxInstances: 1000,
  twinOperationMaxActive: 50,
  twinOperationMaxEnded: 100,
  twinOperationMaxBytes: 64 * 1024,
  twinOperationMaxAttempts: 10,
  twinOperationWaitMs: 3 * dayMs,
  twinOperationAnswerTimeoutMs: 25 * minuteMs,
  twinRetryDelayMs: 5000,
  twinObservationMaxPerDevice: 50,
  twinObservationMaxPaths: 50,
  twinObservationMaxAttempts: 5,
  twinDataRuleMaxPerTenant: 1,
  twinDataRuleMaxPaths: 100,
  coapLogMaxMessages: 500,
  coapLogMaxBytes: 16 * mebibyte,
  dtlsKeyLogFile: '',
  lwm2mDebugMaxPerSecond: 50,
  mqttConnectTimeoutMs: 10_000,
  mqttMaxPacketBytes: 2 * mebibyte,
  mqttMaxConnections: 50_000,
  mqttReceiveWindow: 1000,
  mqttSendWindow: 100,
  mqttDebugMaxPerSecond: 50,
  mqttMaxUnsentBytes: mebibyte,
  httpMaxBodyBytes: 16 * mebibyte,
  clockMaxSpeed: 10_000,
  importMaxBytes: 64 * mebibyte,
  importMaxRecordChars: 512 * 1024,
  importMaxErrors: 1000,
  importMaxKept: 20,
  importMaxRunning: 2,
  httpMaxHeaderBytes: 16 * 1024,
  httpHeaderTimeoutMs: 60_000,
  httpRequestTimeoutMs: 300_000,
  httpMaxConnections: 50_000,
  tlsHandshakeTimeoutMs: 10_000,
  dataMaxValueBytes: mebibyte,
  dataMaxTags: 100,
  dataPageMaxBytes: 16 * mebibyte,
  dataSearchMaxMessages: 100_000,
  dataBulkMaxMessages: 10_000,
  dataLatestMaxDevices: 200,
  policyMaxActions: 20,
  httpAllowedOrigins: [],
  ...defaultInventoryLimits,
  ...defaultLoraSettings,
  ...defaultSmsSettings,
  ...defaultSmscSettings,
  ...defaultStoreSettings,
};
