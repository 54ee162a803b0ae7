import { resolve } from 'node:path';
import type { EndpointsView } from '../core/contract/bench.ts';
import type { NewUser } from '../core/contract/tenants.ts';
import { createPinoLogger } from '../core/platform/node/pino-logger.ts';
import { version } from '../core/version.ts';
import { isLoopback } from './addresses.ts';
import { defaultDataDir } from './data-dir.ts';
import { readServeFlags, type ServeFlags, serveHelp } from './flags.ts';
import { toStartFailure } from './start-failure.ts';
import { startHost } from './start-host.ts';

export interface ServeIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** Aborted when the user or the system asks the program to end. */
  readonly end: AbortSignal;
}

/**
 * `fleetbench serve`: the platform without a window, until it is asked to end.
 * @returns the exit code: 0 after a clean stop, 2 when it could not start.
 */
export async function serve(argv: readonly string[], io: ServeIo): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    io.stdout.write(serveHelp);
    return 0;
  }
  try {
    const flags = readServeFlags(argv, defaultDataDir(process.env, process.platform));
    const dataDir = flags.dataDir === undefined ? undefined : resolve(flags.dataDir);
    if (io.end.aborted) return 0;
    // Not cut short by a signal: a master key that is made now must be shown.
    const { host, ports, masterKey, logLevel, settings } = flags;
    const running = await startHost({
      dataDir,
      host,
      ports,
      masterKey,
      settings,
      logger: createPinoLogger(logLevel),
    });
    const { endpoints, newMasterKey, newAdmin } = running;
    const portalLink = running.createPortalLink();
    if (flags.json) {
      const ready = {
        event: 'ready',
        pid: process.pid,
        dataDir: dataDir ?? null,
        endpoints,
        portal: portalLink ?? null,
        ...(newMasterKey === undefined ? {} : { masterKey: newMasterKey }),
        ...(newAdmin === undefined ? {} : { admin: newAdmin }),
      };
      io.stdout.write(`${JSON.stringify(ready)}\n`);
    } else {
      const addresses = { ...endpoints, portal: portalLink };
      io.stdout.write(greeting(flags, dataDir, addresses, newMasterKey, newAdmin));
    }
    await aborted(io.end);
    await running.stop();
    return 0;
  } catch (error) {
    const failure = toStartFailure(error);
    if (failure === undefined) throw error;
    const text = [failure.message, failure.details].filter(Boolean).join(' ');
    io.stderr.write(`fleetbench: ${text.replace(/\s*\n\s*/g, ' ')}\n`);
    return 2;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** What a person wants to read when the program has started. */
function greeting(
  flags: ServeFlags,
  dataDir: string | undefined,
  addresses: EndpointsView & { portal: string | undefined },
  newMasterKey: string | undefined,
  newAdmin: NewUser | undefined,
): string {
  const { portal, http, https, mqtt, mqtts, ws, wss, coaps, coap, bs, lora, smpp } = addresses;
  const rows: [string, string | undefined][] = [
    ['Portal (works once)', portal],
    ['MQTT', mqtt],
    ['MQTT with TLS', mqtts],
    ['MQTT over WebSocket', [ws, wss].filter(Boolean).join('  ')],
    ['LwM2M', coaps],
    ['Firmware by CoAP', coap],
    ['LwM2M bootstrap', bs],
    ['LoRa gateways', lora],
    ['SMPP, simulated', smpp],
    ['HTTP API', [http, https].filter(Boolean).join('  ')],
    ['API description', http && `${http}/api/v1/docs  ${http}/api/v0/docs`],
    ['Data', dataDir ?? 'kept in memory only (--ephemeral)'],
    ['CA certificate', dataDir !== undefined && (mqtts || https) ? `${dataDir}/tls/ca.pem` : undefined],
  ];
  const lines = rows.filter(([, text]) => text).map(([name, text]) => `  ${name.padEnd(20)} ${text}`);
  const admin = newAdmin ? `  First user           ${newAdmin.login}  password ${newAdmin.password}\n` : '';
  const key = newMasterKey
    ? `\n  Master API key       ${newMasterKey}\n${admin}  Note it down: it is kept as a hash only and shown this once.\n`
    : '';
  const warning = isLoopback(flags.host)
    ? ''
    : `\n  Listening on ${flags.host}: other machines can reach this platform.\n`;
  return `Fleetbench ${version} is ready. Press Ctrl+C to stop.\n\n${lines.join('\n')}\n${key}${warning}`;
}
