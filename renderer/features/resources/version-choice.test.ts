import { expect, it } from 'vitest';
import { firstChoice, versionChoices } from './version-choice.ts';

const version = (resourceVersionId: string, ...compatibleVersions: string[]) => ({
  resourceVersionId,
  compatibleVersions,
});
/** The newest first, as the repository tells them. */
const versions = [version('2.0', '1.9'), version('1.2'), version('1.1', '1.0')];

it.each([
  ['1.1', ['notFrom', 'fits', 'has'], '1.2'],
  ['1.9', ['fits', 'fits', 'notFrom'], '2.0'],
  ['1.2', ['notFrom', 'has', 'notFrom'], '2.0'],
  [undefined, ['fits', 'fits', 'fits'], '2.0'],
])('of a device with %s', (has, fits, first) => {
  const choices = versionChoices(versions, has);
  expect(choices.map(({ fit }) => fit)).toEqual(fits);
  expect(firstChoice(choices)).toBe(first);
});

it('offers nothing where there is nothing', () => {
  expect(firstChoice(versionChoices([], '1'))).toBeUndefined();
});
