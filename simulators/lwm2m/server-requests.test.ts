import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeContent } from '../../core/protocols/lwm2m/codec.ts';
import type { ObjectModels } from '../../core/protocols/lwm2m/models/object-models.ts';
import { publicModels } from '../../core/protocols/lwm2m/models/public-models.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import { encodePaths } from '../../core/protocols/lwm2m/senml-content.ts';
import { Lwm2mObjectsBench } from '../testing/lwm2m-objects-bench.ts';
import { float, instancesOf, integer } from './resource-value.ts';

let models: ObjectModels;
let bench: Lwm2mObjectsBench;

beforeAll(async () => {
  models = await publicModels();
});
beforeEach(() => {
  bench = new Lwm2mObjectsBench(models);
});

const ask = (...given: Parameters<Lwm2mObjectsBench['ask']>) => bench.ask(...given);
const said = (...given: Parameters<Lwm2mObjectsBench['said']>): string => bench.said(...given);

describe('a device', () => {
  it.each([
    ['GET', '/3/0/0', {}, '2.05 Fleetbench'],
    ['GET', '/3/0/6/1', {}, '2.05 5'],
    ['GET', '/3/0/6/7', {}, '4.04 the device has no /3/0/6/7'],
    ['GET', '/0/0', {}, '4.01 this server may not read /0/0'],
    ['GET', '/5/0/0', {}, '4.05 /5/0/0 cannot be read'],
    ['GET', '/3/0/0', { accept: 50 }, '4.06 content format 50 is not spoken here'],
    ['GET', '/nothing', {}, '4.04 there is no /nothing'],
    ['PUT', '/3/0/0', { payload: 'x', contentFormat: 0 }, '4.05 /3/0/0 cannot be written'],
    ['PUT', '/3/0/14', { payload: 'x', contentFormat: 50 }, '4.15 content format 50 is not spoken here'],
    ['PUT', '/1/0/1', { payload: 'many', contentFormat: 0 }, expect.stringMatching(/^4\.00 text/)],
    ['PUT', '/1/0/1', { payload: '0', contentFormat: 0 }, '4.00 a registration lasts at least 1 s'],
    ['PUT', '/8/0/0', { payload: '9', contentFormat: 0 }, '4.00 State must be within 0..2'],
    ['PUT', '/3', { payload: 'x' }, '4.05 an object is not written as a whole'],
    ['POST', '/3/0/4', { payload: 'now' }, expect.stringMatching(/^4\.00 arguments/)],
    ['POST', '/3/0/4', { payload: "0='x',1" }, '2.04'],
    ['POST', '/3/0/0', {}, '4.05 /3/0/0 cannot be executed'],
    ['DELETE', '/3/0', {}, '4.05 the instance of object /3 cannot be deleted'],
    ['DELETE', '/3/0/1', {}, '4.05 only an instance of an object can be deleted'],
    ['GET', '/3/0/6', { accept: 40 }, '2.05 </3/0/6>;dim=2'],
  ] as const)('answers %s %s %j', (method, path, asked, answer) => {
    expect(said(method, path, asked)).toEqual(answer);
  });

  it('makes an instance with the id that is named or the lowest free one, and deletes it', () => {
    const records = [{ path: Lwm2mPath.of(9, 4, 8), value: { type: 'BOOLEAN', value: true } as const }];
    const payload = encodeContent('TLV', { records, empty: [] }, Lwm2mPath.of(9));
    expect(ask('POST', '/9', { contentFormat: 11_542, payload })).toMatchObject({ locationPath: ['9', '4'] });
    expect(said('POST', '/9', { contentFormat: 11_542, payload })).toBe(
      '4.00 instance /9/4 is there already',
    );
    expect(ask('POST', '/9')).toMatchObject({ locationPath: ['9', '1'] });
    expect(said('GET', '/9/4/8')).toBe('2.05 1');
    expect(said('DELETE', '/9/4')).toBe('2.02');
    expect(said('GET', '/9/4/8')).toBe('4.04 there is no instance /9/4');
  });

  it('replaces an instance, and updates one', () => {
    const at = (id: number) => Lwm2mPath.of(1, 0, id);
    const write = (method: 'PUT' | 'POST', id: number, value: number) => {
      const records = [{ path: at(id), value: integer(value) }];
      const payload = encodeContent('TLV', { records, empty: [] }, Lwm2mPath.of(1, 0));
      return said(method, '/1/0', { contentFormat: 11_542, payload });
    };
    expect(write('POST', 2, 5)).toBe('2.04');
    expect([said('GET', '/1/0/2'), said('GET', '/1/0/5')]).toEqual(['2.05 5', '2.05 86400']);
    expect(write('PUT', 1, 60)).toBe('2.04');
    // What could be left out is gone, what could not stays.
    expect([said('GET', '/1/0/2').slice(0, 4), said('GET', '/1/0/7')]).toEqual(['4.04', '2.05 U']);
  });

  it('reads and writes several paths at once in 1.1, and not in 1.0', () => {
    const payload = encodePaths([Lwm2mPath.parse('/3/0/0'), Lwm2mPath.parse('/99/0')], 'SENML_JSON');
    const asked = { contentFormat: 110, accept: 110, payload };
    expect(said('FETCH', '/', asked)).toBe('2.05 [{"n":"/3/0/0","vs":"Fleetbench"}]');
    const both = '[{"n":"/3/0/14","vs":"+05:00"},{"n":"/1/0/1","v":90}]';
    expect(said('iPATCH', '/', { contentFormat: 110, payload: both })).toBe('2.04');
    expect([said('GET', '/3/0/14'), said('GET', '/1/0/1')]).toEqual(['2.05 +05:00', '2.05 90']);
    const half = '[{"n":"/3/0/14","vs":"+09:00"},{"n":"/3/0/0","vs":"no"}]';
    expect(said('iPATCH', '/', { contentFormat: 110, payload: half })).toMatch(/^4\.05/);
    expect(said('GET', '/3/0/14')).toBe('2.05 +05:00');
    bench = new Lwm2mObjectsBench(models, { version: '1.0' });
    expect(said('FETCH', '/', asked)).toMatch(/^4\.05/);
    expect(said('GET', '/3/0/0', { accept: 110 })).toMatch(/^4\.06/);
  });

  it('lets Access Control decide when there are several servers', () => {
    bench.objects.addInstance(1, 1, { 0: integer(2) });
    expect(said('PUT', '/3/0/14', { contentFormat: 0, payload: '+01:00' })).toMatch(/^4\.01/);
    bench.objects.addInstance(2, 0, {
      0: integer(3),
      1: integer(0),
      2: new Map([[1, integer(3)]]),
      3: integer(2),
    });
    expect(said('PUT', '/3/0/14', { contentFormat: 0, payload: '+01:00' })).toBe('2.04');
    expect(said('POST', '/3/0/12')).toMatch(/^4\.01/);
    expect(said('GET', '/1/1')).toMatch(/^4\.01/);
  });
});

describe('notifications', () => {
  const path = '/3303/0/5700';
  const observe = (at = path): void => bench.observe(at);
  const set = (value: number): void => bench.objects.set(bench.objects.instance(3303, 0), 5700, float(value));
  const attributes = (query: string[], at = path): string => said('PUT', at, { query });

  it('come at each change without attributes, and only for what is observed', () => {
    observe();
    set(30);
    bench.objects.set(bench.objects.instance(3, 0), 6, instancesOf(integer(1)));
    expect(bench.notified).toEqual(['30']);
  });

  it('come no more often than pmin, and no more seldom than pmax', () => {
    expect(attributes(['pmin=10', 'pmax=60'], '/3303')).toBe('2.04');
    observe();
    set(30);
    set(31);
    expect(bench.notified).toEqual([]);
    bench.clock.advance(10_010);
    expect(bench.notified).toEqual(['31']);
    bench.clock.advance(60_010);
    expect(bench.notified).toEqual(['31', '31']);
  });

  it('come when a threshold is crossed, or after a step', () => {
    set(20);
    observe();
    expect(attributes(['gt=50', 'lt=10', 'st=15'])).toBe('2.04');
    for (const value of [30, 36, 51, 49, 40, 33, 9]) set(value);
    expect(bench.notified).toEqual(['36', '51', '49', '33', '9']);
    expect(attributes(['gt=5'])).toMatch(/^4\.00/);
    expect(attributes(['st=1'], '/3/0/0')).toMatch(/^4\.00/);
    expect(said('GET', path, { accept: 40 })).toBe(`2.05 <${path}>;gt=50;lt=10;st=15`);
  });

  it('are looked for no more often than epmin, and values are measured as often as epmax', () => {
    expect(attributes(['epmin=5', 'epmax=20'])).toBe('2.04');
    observe();
    set(30);
    expect(bench.notified).toEqual([]);
    bench.clock.advance(5010);
    expect(bench.notified).toEqual(['30']);
    bench.clock.advance(20_010);
    expect(bench.measured).toContain(path);
  });

  it('wait while the device sleeps, and the last one comes when it wakes', () => {
    observe();
    bench.isAwake = false;
    set(30);
    set(31);
    expect(bench.notified).toEqual([]);
    bench.wake();
    expect(bench.notified).toEqual(['31']);
  });
});
