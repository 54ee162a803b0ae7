import { expect, it } from 'vitest';
import { LoraSession } from './lora-session.ts';

const key = new Uint8Array(16);

it('puts no more answers into a frame than the data rate has room for, and the others into the next', () => {
  const session = new LoraSession({ devAddr: 1 }, { nwkSKey: key, appSKey: key }, true);
  // Three bytes each, of 11 at DR0 of US915 and of 15 in any frame.
  const batteries = [1, 2, 3, 4, 5, 6];
  for (const battery of batteries) session.tell({ name: 'DevStatusAns', battery, margin: 0 });
  expect([session.commandBytes(11), session.commandBytes(242)]).toEqual([9, 15]);
  const draft = { port: undefined, payload: new Uint8Array(0), confirmed: false };
  const told = [11, 11, 11].map((most) =>
    session.uplink(draft, most).commands.map((command) => 'battery' in command && command.battery),
  );
  expect(told).toEqual([[1, 2, 3], [4, 5, 6], []]);
});
