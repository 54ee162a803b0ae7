import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generateModels, target } from './generate.ts';

it('the public models in the tree are those that the generator makes', () => {
  expect(readFileSync(target, 'utf8') === generateModels(), 'run npm run generate:models').toBe(true);
});
