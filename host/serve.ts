import { resolve } from 'node:path';
import type { EndpointsView } from '../core/contract/bench.ts';
import { PlatformError } from '../core/contract/errors.ts';
import { createPinoLogger } from '../core/platform/node/pino-logger.ts';
import { createPlatform } from '../core/platform.ts';
import { version } from '../core/version.ts';
import { defaultDataDir } from './data-dir.ts';
import { readServeFlags, type ServeFlags, serveHelp } from './flags.ts';
import { machineSeams } from './seams.ts';
import { swaggerUiFolder } from './swagger-ui.ts';

export interface ServeIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** Resolves when the user or the system asks the program to end. */
  readonly endRequested: Promise<void>;
}

/**
 * `fleetbench serve`: the platform without a window, until it is asked to end.
 * @returns the exit code: 0 after a clean stop, 2 when it could not start.
 */
export async function serve(argv: readonly string[], io: ServeIo): Promise<number> {
  if (argv.includes('--help')) {
    io.stdout.write(serveHelp);
    return 0;
  }
  try {
    const flags = readServeFlags(argv, defaultDataDir(process.env, process.platform));
    const dataDir = flags.dataDir === undefined ? undefined : resolve(flags.dataDir);
    const logger = createPinoLogger(flags.logLevel);
    const platform = createPlatform({
      seams: machineSeams(logger),
      dataDir,
      host: flags.host,
      ports: flags.ports,
      masterKey: flags.masterKey,
      swaggerUiFolder: swaggerUiFolder(),
    });
    const { newMasterKey } = await platform.start();
    const endpoints = platform.endpoints();
    if (flags.json) {
      const ready = {
        event: 'ready',
        pid: process.pid,
        dataDir: dataDir ?? null,
        endpoints,
        portal: endpoints.http ?? null,
      };
      io.stdout.write(`${JSON.stringify(ready)}\n`);
    } else {
      io.stdout.write(
        greeting(flags, dataDir, endpoints, flags.masterKey === undefined ? newMasterKey : undefined),
      );
    }
    await io.endRequested;
    await platform.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    io.stderr.write(
      `fleetbench: ${[error.message, error.details]
        .filter(Boolean)
        .join(' ')
        .replace(/\s*\n\s*/g, ' ')}\n`,
    );
    return 2;
  }
}

/** What a person wants to read when the program has started. */
function greeting(
  flags: ServeFlags,
  dataDir: string | undefined,
  endpoints: EndpointsView,
  newMasterKey: string | undefined,
): string {
  const { http, https, mqtt, mqtts, ws, wss } = endpoints;
  const rows: [string, string | undefined][] = [
    ['MQTT', mqtt],
    ['MQTT with TLS', mqtts],
    ['MQTT over WebSocket', [ws, wss].filter(Boolean).join('  ')],
    ['HTTP API', [http, https].filter(Boolean).join('  ')],
    ['API description', http && `${http}/api/v1/docs  ${http}/api/v0/docs`],
    ['Data', dataDir ?? 'kept in memory only (--ephemeral)'],
    ['CA certificate', dataDir !== undefined && (mqtts || https) ? `${dataDir}/tls/ca.pem` : undefined],
  ];
  const lines = rows.filter(([, text]) => text).map(([name, text]) => `  ${name.padEnd(20)} ${text}`);
  const key = newMasterKey
    ? `\n  Master API key       ${newMasterKey}\n  Note it down: it is kept as a hash only and shown this once.\n`
    : '';
  const open = flags.host === '127.0.0.1' || flags.host === 'localhost' || flags.host === '::1';
  const warning = open ? '' : `\n  Listening on ${flags.host}: other machines can reach this platform.\n`;
  return `Fleetbench ${version} is ready. Press Ctrl+C to stop.\n\n${lines.join('\n')}\n${key}${warning}`;
}
