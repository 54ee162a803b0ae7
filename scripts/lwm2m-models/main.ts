// Writes the public models of LwM2M; see generate.ts.
import { writeFileSync } from 'node:fs';
import { generateModels, target } from './generate.ts';

writeFileSync(target, generateModels());
