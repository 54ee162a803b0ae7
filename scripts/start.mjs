// `npm start`: the desktop program where a window can be opened, otherwise the same without one.
// Standard output is for machines with --json, so such a start has no window.
import { findElectron, noWindowReason, thisMachine } from './lib/electron-runtime.mjs';
import { root } from './lib/prepare.mjs';

const args = process.argv.slice(2);
const machine = thisMachine();
/** Without a window, what is for Electron alone means nothing. */
async function serve() {
  process.argv = process.argv.filter((arg) => arg !== '--no-sandbox');
  await import('./serve.mjs');
}

const forTerminals = ['--json', '--help', '-h'].some((flag) => args.includes(flag));

if (forTerminals || noWindowReason(machine, args) !== undefined) {
  await serve();
} else if (findElectron(root, machine) === undefined) {
  console.error('Fleetbench: starting without a window; `npm run desktop` fetches what a window needs');
  await serve();
} else {
  await import('./desktop.mjs');
}
