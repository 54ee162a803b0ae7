import { describe, expect, it } from 'vitest';
import { gallery } from './gallery.ts';
import { MessageSource } from './generators/message-source.ts';
import { payloadMaker } from './generators/payload-maker.ts';

describe('gallery', () => {
  it('has an entry for each kind of payload, under names of their own', () => {
    expect(new Set(gallery.map(({ template }) => template.payload.kind))).toEqual(
      new Set(['fields', 'csv', 'template']),
    );
    expect(new Set(gallery.map(({ id }) => id)).size).toBe(gallery.length);
    expect(new Set(gallery.map(({ template }) => template.idPattern)).size).toBe(gallery.length);
  });

  it.each(gallery)('$id makes data messages', ({ template }) => {
    const source = new MessageSource(template, payloadMaker(template.payload), 1);
    for (let message = 0; message < 20; message++) {
      const { value, model } = JSON.parse(source.next(Date.UTC(2030, 0, 1)));
      expect(model).toMatch(/_v1$/);
      expect(Object.keys(value).length).toBeGreaterThan(1);
    }
  });
});
