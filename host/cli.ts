import { version } from '../core/version.ts';
import { runDataCommand } from './data-commands.ts';
import { serveHelp } from './flags.ts';
import { serve } from './serve.ts';

const help = `fleetbench ${version}

  fleetbench serve [flags]                  start the platform (--help lists the flags)
  fleetbench data check|repair|export|import|reset --data-dir DIR
  fleetbench --version
`;

/** Resolves when a signal asks for a clean end; a second one ends the process at once. */
function endRequest(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
}

function run([command, ...rest]: readonly string[]): Promise<number> | number {
  const { stdout, stderr } = process;
  switch (command) {
    case 'serve':
      return serve(rest, { stdout, stderr, endRequested: endRequest() });
    case 'data':
      return runDataCommand(rest, { stdout, stderr });
    case '--version':
      stdout.write(`${version}\n`);
      return 0;
    case undefined:
    case 'help':
    case '--help':
      stdout.write(`${help}\n${serveHelp}`);
      return 0;
    default:
      stderr.write(`fleetbench: unknown command ${JSON.stringify(command)}; try fleetbench --help\n`);
      return 2;
  }
}

process.exitCode = await run(process.argv.slice(2));
