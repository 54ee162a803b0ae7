import { expect, it } from 'vitest';
import { emptyLoraDraft, loraDraftIsRight, loraDraftValue } from './lora-draft.ts';

it('takes bytes in hexadecimal digits, and a port of applications', () => {
  expect(loraDraftValue({ data: '0A 30\nf5', port: '7' })).toEqual({ data: '0A30f5', port: 7 });
  expect(loraDraftIsRight({ data: '0A 30 f5', port: 223 })).toBe(true);
  for (const data of ['', '0', '0A3', 'xx', '0x0A']) expect(loraDraftIsRight({ data, port: 1 })).toBe(false);
  for (const port of ['', 0, 224, 1.5, 'x']) expect(loraDraftIsRight({ data: '00', port })).toBe(false);
  expect(loraDraftIsRight(emptyLoraDraft)).toBe(false);
});
