import { version } from '../core/version.ts';
import { wireClock } from './wire-clock.ts';

/**
 * The commands load in a second step: loading takes most of a second, and a signal must be heard from the start.
 */
function loadCommands(): Promise<typeof import('./commands.ts')> {
  return import(new URL('./commands.js', import.meta.url).href);
}

/** One Ctrl+C may arrive twice: the terminal tells the whole group, and npm tells its child once more. */
const sameSignalMs = 1000;

/** Aborted when a signal asks for a clean end; a second signal, later, ends the process at once. */
function endRequest(): AbortSignal {
  const end = new AbortController();
  let firstMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (end.signal.aborted && wireClock.now() - firstMs > sameSignalMs) process.exit(1);
      if (!end.signal.aborted) firstMs = wireClock.now();
      end.abort();
    });
  }
  return end.signal;
}

async function run([command, ...rest]: readonly string[]): Promise<number> {
  const { stdout, stderr } = process;
  switch (command) {
    case 'serve': {
      const end = endRequest();
      const { serve } = await loadCommands();
      return serve(rest, { stdout, stderr, end });
    }
    case 'data': {
      const { runDataCommand } = await loadCommands();
      return runDataCommand(rest, { stdout, stderr });
    }
    case 'tenant': {
      const { runTenantCommand } = await loadCommands();
      return runTenantCommand(rest, { stdout, stderr });
    }
    case '--version':
    case '-V':
      stdout.write(`${version}\n`);
      return 0;
    case undefined:
    case 'help':
    case '--help':
    case '-h': {
      const { help } = await loadCommands();
      stdout.write(help);
      return 0;
    }
    default:
      stderr.write(`fleetbench: unknown command ${JSON.stringify(command)}; try fleetbench --help\n`);
      return 2;
  }
}

// Who reads the output may leave before the program ends (`| head -1`); that is no reason to end it.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
process.exitCode = await run(process.argv.slice(2));
