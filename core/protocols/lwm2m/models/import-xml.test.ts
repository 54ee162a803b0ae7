import { describe, expect, it } from 'vitest';
import { itemXml, objectXml } from '../../../testing/object-xml.ts';
import fc from '../../../testing/properties.ts';
import { defaultObjectXmlLimits, ObjectXmlError, parseObjectXml } from './import-xml.ts';

const parse = (text: string) => parseObjectXml(new TextEncoder().encode(text));

describe('definitions in XML', () => {
  it('are read', async () => {
    expect(await parse(objectXml({ urn: 'urn:oma:lwm2m:ext:33442' }))).toEqual({
      id: 33_442,
      version: '1.0',
      lwm2mVersion: '1.1',
      name: 'Test object',
      multiple: true,
      mandatory: false,
      description: 'This object is created by the customer.',
      urn: 'urn:oma:lwm2m:ext:33442',
      resources: [
        {
          id: 0,
          name: 'Reset',
          type: 'NONE',
          multiple: false,
          mandatory: false,
          operations: ['EXECUTE'],
          range: '0..9',
          units: 's',
          description: 'About Reset.',
        },
        {
          id: 1,
          name: 'Level',
          type: 'INTEGER',
          multiple: false,
          mandatory: false,
          operations: ['READ'],
          range: '0..9',
          units: 's',
          description: 'About Level.',
        },
      ],
    });
  });

  it.each([
    ['String', 'STRING'],
    ['integer', 'INTEGER'],
    ['Unsigned Integer', 'UNSIGNED_INTEGER'],
    ['Float', 'FLOAT'],
    ['Boolean', 'BOOLEAN'],
    ['Opaque', 'OPAQUE'],
    ['Time', 'TIME'],
    ['Objlnk', 'OBJLNK'],
    ['Corelnk', 'CORELNK'],
  ])('have the type %s', async (text, type) => {
    expect((await parse(objectXml({ items: itemXml(1, 'Value', 'RW', text) }))).resources[0]).toMatchObject({
      type,
      operations: ['READ', 'WRITE'],
    });
  });

  it('have entities of XML and characters by number, and nothing else is replaced', async () => {
    expect((await parse(objectXml({ name: 'A &amp;&lt;&#65;&#x42; &amp;lt;' }))).name).toBe('A &<AB &lt;');
    expect((await parse(objectXml().replace('<![CDATA[This', '<![CDATA[&amp; This'))).description).toMatch(
      /^&amp; This/,
    );
    for (const entity of ['&foo;', '&#0;', '&#xD800;', '&#1114112;', '& '])
      await expect(parse(objectXml({ name: `A ${entity}` }))).rejects.toThrow(ObjectXmlError);
  });

  it.each([
    ['', 'Start tag expected'],
    ['x', 'line 1'],
    ['<a/>', 'it has no element LWM2M'],
    ['<LWM2M><Object></LWM2M>', 'line 1'],
    ['<LWM2M/>', 'line 1, LWM2M: it has no element Object'],
    ['<!DOCTYPE LWM2M [<!ENTITY a "b">]><LWM2M/>', 'line 1: a document type is not allowed'],
    [
      objectXml().replace('</Object>', '</Object><Object ObjectType="MODefinition"></Object>'),
      'LWM2M > Object: it is there twice',
    ],
    [
      objectXml().replace('MODefinition', 'Other'),
      'line 4, LWM2M > Object: ObjectType is MODefinition, not Other',
    ],
    [
      objectXml({ id: 65_536 }),
      'line 7, LWM2M > Object > ObjectID: the id of an object is a whole number from 0 to 65535, not "65536"',
    ],
    [objectXml({ id: '1.5' }), 'ObjectID: the id of an object is a whole number'],
    [objectXml({ version: '1' }), 'ObjectVersion: a version is two numbers with a dot between, not "1"'],
    [objectXml({ urn: 'urn:x' }), 'ObjectURN: "urn:x" is no URN of an LwM2M object'],
    [objectXml({ urn: 'urn:oma:lwm2m:x:33443' }), 'ObjectURN: it names object 33443, and ObjectID is 33442'],
    [objectXml({ urn: 'urn:oma:lwm2m:x:33442:1.1' }), 'it names version 1.1, and ObjectVersion is 1.0'],
    [objectXml({ name: ' ' }), 'Name: a name has 1 to 255 characters'],
    [objectXml().replace('Multiple<', 'Many<'), 'MultipleInstances: it is Multiple or Single'],
    [objectXml({ items: itemXml('a', 'x') }), 'Item a: the ID of a resource is a whole number'],
    [objectXml({ items: itemXml(1, 'x') + itemXml(1, 'y') }), 'Item 1: there is another resource 1'],
    [objectXml({ items: '<Item><Name>x</Name></Item>' }), 'Item: it has no attribute ID'],
    [objectXml({ items: itemXml(1, 'x', 'RX') }), 'Item 1 > Operations: operations are R, W and E, not X'],
    [objectXml({ items: itemXml(1, 'x', 'RR') }), 'an operation is there twice'],
    [
      objectXml({ items: itemXml(1, 'x', 'R', '') }),
      'Type: a resource with a value has a type: String, Integer',
    ],
    [objectXml({ items: itemXml(1, 'x', 'R', 'Double') }), 'Type: "Double" is none of String, Integer'],
  ])('are refused: %#', async (text, message) => {
    await expect(parse(text)).rejects.toThrow(ObjectXmlError);
    await expect(parse(text)).rejects.toThrow(message);
  });

  it('are refused above the limits', async () => {
    const file = new TextEncoder().encode(objectXml());
    await expect(parseObjectXml(file, { ...defaultObjectXmlLimits, maxBytes: 100 })).rejects.toThrow(
      'at most 100 are allowed',
    );
    await expect(parseObjectXml(file, { ...defaultObjectXmlLimits, maxResources: 1 })).rejects.toThrow(
      'it has 2 resources; at most 1 are allowed',
    );
    await expect(parseObjectXml(Uint8Array.of(0xff, 0xfe))).rejects.toThrow('not in UTF-8');
  });

  it('stay cheap when they are made to be expensive', async () => {
    const nested = `<LWM2M>${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}</LWM2M>`;
    await expect(parse(nested)).rejects.toThrow(ObjectXmlError);
    await expect(parse(objectXml({ name: '&'.repeat(100_000) }))).rejects.toThrow(ObjectXmlError);
  });

  it('throw their own error alone, whatever the text is', async () => {
    const whole = objectXml();
    const damaged = fc
      .tuple(
        fc.nat(whole.length),
        fc.nat(20),
        fc.constantFrom('', '<', '>', '&', '"', '<![CDATA[', '<!--', '</Object>', '<Item ID="constructor">'),
      )
      .map(([at, length, text]) => whole.slice(0, at) + text + whole.slice(at + length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, fc.string()), async (text) => {
        try {
          await parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ObjectXmlError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
