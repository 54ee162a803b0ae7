import { describe, expect, it } from 'vitest';
import {
  changeAttributes,
  checkAttributes,
  effectiveAttributes,
  formatAttributeQueries,
  parseAttributeQueries,
} from './attributes.ts';

describe('attributes of notifications', () => {
  it('are set and taken away (LwM2M Core 1.1.1, 6.3.4)', () => {
    const change = parseAttributeQueries(['pmin=20', 'gt=-5.5', 'lt']);
    expect(change).toEqual({ set: { pmin: 20, gt: -5.5 }, unset: ['lt'] });
    expect(formatAttributeQueries(change)).toEqual(['pmin=20', 'gt=-5.5', 'lt']);
    expect(changeAttributes({ lt: 1, pmax: 60, gt: 2 }, change)).toEqual({ pmin: 20, pmax: 60, gt: -5.5 });
  });

  it.each([
    [['pmin=-1'], 'pmin', 'a period is a whole number of seconds from 0 to 4294967295'],
    [['pmax=1.5'], 'pmax', 'a period is a whole number of seconds from 0 to 4294967295'],
    [['epmax=4294967296'], 'epmax', 'a period is a whole number of seconds from 0 to 4294967295'],
    [['gt=warm'], 'gt', '"warm" is not a number'],
    [['gt='], 'gt', '"" is not a number'],
    [['st=0'], 'st', 'a step is more than 0'],
    [['gt=1', 'gt=2'], 'gt', 'it is there twice'],
    [['lt', 'lt=2'], 'lt', 'it is there twice'],
    [['dim=2'], '"dim"', 'it is none of pmin, pmax, gt, lt, st, epmin, epmax'],
    [[''], '""', 'it is none of pmin, pmax, gt, lt, st, epmin, epmax'],
  ])('are refused as %j', (queries, where, reason) => {
    expect(() => parseAttributeQueries(queries)).toThrow(
      expect.objectContaining({ name: 'Lwm2mCodecError', where, reason }),
    );
  });

  const onNumber = { kind: 'resource', type: 'FLOAT' } as const;

  it.each([
    [{ pmin: 60, pmax: 10 }, onNumber, 'range'],
    [{ epmin: 60, epmax: 10 }, onNumber, 'range'],
    [{ gt: 10, lt: 10 }, onNumber, 'range'],
    [{ gt: 10, lt: 6, st: 2 }, onNumber, 'range'],
    [{ gt: 10 }, { kind: 'instance' }, 'path'],
    [{ st: 1 }, { kind: 'object' }, 'path'],
    [{ pmin: 1 }, { kind: 'root' }, 'path'],
    [{ lt: 10 }, { kind: 'resource', type: 'STRING' }, 'type'],
  ] as const)('%j contradict each other, or %j', (attributes, target, fault) => {
    expect(() => checkAttributes(attributes, target)).toThrow(expect.objectContaining({ fault }));
  });

  it.each([
    [{ pmin: 10, pmax: 10 }, { kind: 'object' }],
    [
      { gt: 10, lt: 5, st: 2 },
      { kind: 'resource-instance', type: 'INTEGER' },
    ],
    [{ gt: 10 }, { kind: 'resource' }],
  ] as const)('%j are in order on %j', (attributes, target) => {
    expect(() => checkAttributes(attributes, target)).not.toThrow();
  });

  it('come from the nearest level, and a pmax below pmin does not count', () => {
    expect(effectiveAttributes([{ pmin: 1, pmax: 100 }, { pmin: 5 }, { gt: 3 }])).toEqual({
      pmin: 5,
      pmax: 100,
      gt: 3,
    });
    expect(
      effectiveAttributes([
        { pmax: 3, epmax: 1 },
        { pmin: 5, epmin: 2 },
      ]),
    ).toEqual({ pmin: 5, epmin: 2 });
  });
});
