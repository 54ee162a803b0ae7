import { describe, expect, it } from 'vitest';
import { PlatformError } from '../../core/contract/errors.ts';
import { csvReplay } from './csv-replay.ts';

describe('csvReplay', () => {
  it('gives a row for each message, and begins again', () => {
    const row = csvReplay('t,state,ok\n20.5,on,true\n-3e2,"off, broken",false\n');
    expect([1, 2, 3].map(row)).toEqual([
      { t: 20.5, state: 'on', ok: true },
      { t: -300, state: 'off, broken', ok: false },
      { t: 20.5, state: 'on', ok: true },
    ]);
  });

  it('leaves an empty cell out, and takes what spreadsheets write', () => {
    const row = csvReplay('\ufefft,u\r\n1,\r\n\r\n,2\r\n');
    expect([1, 2].map(row)).toEqual([{ t: 1 }, { u: 2 }]);
  });

  it('keeps as text what only looks like a number', () => {
    expect(csvReplay('a,b,c\n1.2.3,0x10,Infinity')(1)).toEqual({ a: '1.2.3', b: '0x10', c: 'Infinity' });
  });

  it.each([
    ['', /no first line/],
    ['a,b\n', /no line below/],
    ['a,\n1,2', /line 1: "" is no name/],
    ['a.b\n1', /line 1: "a.b" is no name/],
    ['a,a\n1,2', /"a" is there twice/],
    ['a,b\n1,2\n3', /line 3/],
    ['a\n"1', /line/i],
  ])('refuses %j', (text, expected) => {
    expect(() => csvReplay(text)).toThrow(
      expect.toSatisfy((error) => error instanceof PlatformError && expected.test(error.details ?? '')),
    );
  });
});
