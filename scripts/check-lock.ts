import { join } from 'node:path';
import { checkLock } from './lib/lock.ts';
import { readJson, root } from './lib/prepare.mjs';

const lock = readJson(join(root, 'package-lock.json'));
const problems = checkLock(readJson(join(root, 'package.json')), lock);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`The lock of ${Object.keys(lock.packages).length} packages is complete and in step.`);
