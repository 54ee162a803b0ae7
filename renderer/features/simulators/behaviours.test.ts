import { expect, it } from 'vitest';
import { fleetTemplate } from '../../../core/contract/simulators.ts';
import { behaviourNames, behaviours } from './behaviours.ts';

it.each(behaviourNames)('%s is one that a fleet may have', (name) => {
  const template = {
    name: 'n',
    payload: { kind: 'template', text: '{}' },
    responders: [...behaviours[name]],
  };
  expect(fleetTemplate.safeParse(template).error?.issues).toBeUndefined();
});
