// A link to node_modules that is committed replaces the packages of whoever checks it out.
import { root } from './lib/prepare.mjs';
import { trackedButIgnored } from './lib/tracked.ts';

const found = trackedButIgnored(root);
if (found === undefined) console.log('No git repository here, so nothing is tracked that should be ignored.');
else if (found.length === 0) console.log('Nothing is tracked that should be ignored.');
else {
  for (const path of found) console.error(`${path} is tracked, and must not be: git rm --cached ${path}`);
  process.exitCode = 1;
}
