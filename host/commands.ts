import { version } from '../core/version.ts';
import { serveHelp } from './flags.ts';

export { createPinoLogger } from '../core/platform/node/pino-logger.ts';
export { runDataCommand } from './data-commands.ts';
export { serve } from './serve.ts';
export { startHost } from './start-host.ts';
export { runTenantCommand } from './tenant-commands.ts';

/** What `fleetbench --help` says. */
export const help = `fleetbench ${version}

  fleetbench serve [flags]                  start the platform
  fleetbench data check|repair|export|import|reset --data-dir DIR
                                            look after a data folder (fleetbench data help)
  fleetbench tenant create NAME|list        tenants of a data folder or a running platform
                                            (fleetbench tenant help)
  fleetbench --version

${serveHelp}`;
