import { parseArgs } from 'node:util';
import { PlatformError } from '../core/contract/errors.ts';
import { defaultPorts, type Ports } from '../core/listeners.ts';
import { type LogLevel, logLevels } from '../core/platform/node/pino-logger.ts';
import type { PlatformSettings } from '../core/settings.ts';
import { checkAddresses } from './addresses.ts';
import { readSettings } from './setting-flags.ts';

/** What `fleetbench serve` was told. */
export interface ServeFlags {
  /** Undefined: keep nothing. */
  readonly dataDir: string | undefined;
  readonly host: string;
  readonly ports: Ports;
  readonly masterKey: string | undefined;
  readonly logLevel: LogLevel;
  readonly json: boolean;
  /** Limits and defaults of the platform that shall differ. */
  readonly settings: Partial<PlatformSettings>;
}

/** What can be said on the command line, as `parseArgs` takes it. */
export const serveOptions = {
  'data-dir': { type: 'string' },
  ephemeral: { type: 'boolean' },
  host: { type: 'string' },
  'http-port': { type: 'string' },
  'https-port': { type: 'string' },
  'mqtt-port': { type: 'string' },
  'mqtts-port': { type: 'string' },
  'coaps-port': { type: 'string' },
  'coap-port': { type: 'string' },
  'bs-port': { type: 'string' },
  'lora-port': { type: 'string' },
  'smpp-port': { type: 'string' },
  'free-ports': { type: 'boolean' },
  'master-key': { type: 'string' },
  'log-level': { type: 'string' },
  set: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

export const serveHelp = `fleetbench serve [flags]

  --data-dir DIR      keep data here (default: FLEETBENCH_DATA_DIR, else the user's data folder)
  --ephemeral         keep nothing
  --host H            address to listen on (default 127.0.0.1)
  --http-port N       HTTP API, portal, MQTT over WebSocket (default ${defaultPorts.http})
  --https-port N      the same with TLS (default ${defaultPorts.https})
  --mqtt-port N       MQTT (default ${defaultPorts.mqtt})
  --mqtts-port N      MQTT with TLS (default ${defaultPorts.mqtts})
  --coaps-port N      LwM2M server, over DTLS (default ${defaultPorts.coaps})
  --coap-port N       firmware downloads over CoAP without DTLS (default off; 5683 is usual)
  --bs-port N         LwM2M bootstrap server, over DTLS (default ${defaultPorts.bs})
  --lora-port N       LoRa gateways: packet forwarders, over UDP (default ${defaultPorts.lora})
  --smpp-port N       the simulated short message centre, for SMPP clients (default ${defaultPorts.smpp})
  --free-ports        any free port for each of these that is not given or off, so that many can run beside each
                      other
  --master-key HEX32  value of the master API key; on a folder that has another one it takes its place
  --log-level L       ${logLevels.join(', ')} (default warn)
  --set NAME=VALUE    a limit or default of the platform, as the read-me lists them; may be repeated
  --json              one line of JSON on stdout when everything listens; it has the master key and the first
                      user when these were made now

  A port is a number, 0 for any free port, or "off".
`;

/**
 * @param defaultDataDir where data goes when no flag says so.
 * @throws PlatformError `platform.setting` naming the flag and what it may be.
 */
export function readServeFlags(argv: readonly string[], defaultDataDir: string): ServeFlags {
  const given = parse(argv);
  if (given['data-dir'] !== undefined && given.ephemeral) {
    throw wrong('--data-dir and --ephemeral exclude each other: give one of them.');
  }
  if (given['data-dir'] === '') throw wrong('--data-dir is empty: name a folder.');
  const masterKey = given['master-key'];
  if (masterKey !== undefined && !/^[0-9a-fA-F]{32}$/.test(masterKey)) {
    throw wrong('--master-key must be 32 hexadecimal characters.');
  }
  const logLevel = given['log-level'] ?? 'warn';
  if (!isLogLevel(logLevel))
    throw wrong(`--log-level must be one of ${logLevels.join(', ')}, got ${logLevel}.`);
  const host = given.host ?? '127.0.0.1';
  const ports = readPorts(given);
  checkAddresses(host, ports);
  return {
    dataDir: given.ephemeral ? undefined : (given['data-dir'] ?? defaultDataDir),
    host,
    ports,
    masterKey,
    logLevel,
    json: given.json ?? false,
    settings: readSettings(given.set ?? []),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: serveOptions, strict: true, allowPositionals: false })
      .values;
  } catch (error) {
    throw wrong(`${(error as Error).message.split('\n')[0]} (fleetbench serve --help lists the flags)`);
  }
}

function readPorts(given: ReturnType<typeof parse>): Ports {
  const names = Object.keys(defaultPorts) as (keyof Ports)[];
  // What is off unless it is asked for is not asked for by that.
  const usual = (name: keyof Ports): number | undefined =>
    given['free-ports'] && defaultPorts[name] !== undefined ? 0 : defaultPorts[name];
  const read = (name: keyof Ports): number | undefined =>
    readPort(`--${name}-port`, given[`${name}-port`], usual(name));
  return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as Ports;
}

function readPort(flag: string, text: string | undefined, otherwise: number | undefined): number | undefined {
  if (text === undefined) return otherwise;
  if (text === 'off') return undefined;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw wrong(`${flag} must be a number from 0 to 65535, or off, got ${JSON.stringify(text)}.`);
  }
  return port;
}

function isLogLevel(text: string): text is LogLevel {
  return (logLevels as readonly string[]).includes(text);
}

function wrong(message: string): PlatformError {
  return new PlatformError('platform.setting', message);
}
