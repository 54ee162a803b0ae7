// `npm run serve`: prepares what is missing, then becomes `dist/cli.js serve <flags>`.
// All of its own words go to standard error: with --json, standard output is for machines.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenStale, installWhenNeeded, requireNode, root } from './lib/prepare.mjs';
import { isFresh } from './lib/stamp.mjs';

requireNode();
const fresh = isFresh(root, 'js') && isFresh(root, 'portal');
installWhenNeeded({ dev: !fresh });
if (!fresh) buildWhenStale(['--js', '--portal']);

// In this process and not in a child: signals, the exit code and a hard kill then need no passing on, and a
// killed launcher leaves no server behind.
const cli = join(root, 'dist/cli.js');
process.argv.splice(1, process.argv.length, cli, 'serve', ...process.argv.slice(2));
process.setSourceMapsEnabled(true);
await import(pathToFileURL(cli).href);
