import { describe, expect, it } from 'vitest';
import { gallery } from './gallery.ts';
import { MessageSource } from './generators/message-source.ts';
import { payloadMaker } from './generators/payload-maker.ts';
import { loraKind } from './lora/lora-kind.ts';
import { checkLwm2mTemplate } from './lwm2m/check-template.ts';

const publishing = gallery.flatMap(({ id, template }) =>
  template.connector === 'mqtt' || template.connector === 'x-connector' ? [{ id, template }] : [],
);

const nothingImported = { call: async () => ({ status: 404, body: undefined }) };

describe('gallery', () => {
  it('has an entry for each kind of payload, under names of their own', () => {
    expect(new Set(publishing.map(({ template }) => template.payload.kind))).toEqual(
      new Set(['fields', 'csv', 'template']),
    );
    expect(new Set(gallery.map(({ id }) => id)).size).toBe(gallery.length);
    expect(new Set(gallery.map(({ template }) => template.idPattern)).size).toBe(gallery.length);
  });

  it.each(publishing)('$id makes data messages', ({ template }) => {
    const source = new MessageSource(template, payloadMaker(template.payload), 1);
    for (let message = 0; message < 20; message++) {
      const { value, model } = JSON.parse(source.next(Date.UTC(2030, 0, 1)));
      expect(model).toMatch(/_v1$/);
      expect(Object.keys(value).length).toBeGreaterThan(1);
    }
  });

  it('has LwM2M devices of which every object and value is there', async () => {
    const templates = gallery.flatMap(({ template }) => (template.connector === 'lwm2m' ? [template] : []));
    expect(templates.length).toBeGreaterThan(0);
    for (const template of templates) await checkLwm2mTemplate(template, nothingImported);
  });

  it('has LoRa devices of each class, whose payloads have room at the slowest rate', async () => {
    const templates = gallery.flatMap(({ template }) => (template.connector === 'lora' ? [template] : []));
    expect(new Set(templates.map(({ deviceClass }) => deviceClass))).toEqual(new Set(['A', 'C']));
    for (const template of templates) {
      await loraKind.check(template, nothingImported);
      const payload = loraKind.firstPayload?.(template, 1, 0) ?? '';
      expect(payload.length / 2).toBeLessThan(51);
    }
  });
});
