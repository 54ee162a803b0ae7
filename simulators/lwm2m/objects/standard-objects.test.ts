import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeContent } from '../../../core/protocols/lwm2m/codec.ts';
import type { ObjectModels } from '../../../core/protocols/lwm2m/models/object-models.ts';
import { publicModels } from '../../../core/protocols/lwm2m/models/public-models.ts';
import { Lwm2mPath } from '../../../core/protocols/lwm2m/path.ts';
import { Lwm2mObjectsBench } from '../../testing/lwm2m-objects-bench.ts';
import { float, instancesOf, integer, type ResourceValue, recordsOf, string } from '../resource-value.ts';
import { utcOffset } from './time-zone.ts';

let models: ObjectModels;
let bench: Lwm2mObjectsBench;

beforeAll(async () => {
  models = await publicModels();
});
beforeEach(() => {
  bench = new Lwm2mObjectsBench(models, { firmware: { installMs: 5000 } });
});

const put = (path: string, payload: string): string =>
  bench.said('PUT', path, { contentFormat: 0, payload }).slice(0, 4);
const putBytes = (path: string, payload: Uint8Array): string =>
  bench.said('PUT', path, { contentFormat: 42, payload }).slice(0, 4);
const run = (path: string, payload = ''): string => bench.said('POST', path, { payload }).slice(0, 4);
const get = (path: string): string => bench.said('GET', path).slice(5);
/** Writes several resources of an instance in one request. */
function update(instance: string, values: Readonly<Record<number, ResourceValue>>): string {
  const path = Lwm2mPath.parse(instance);
  const records = Object.entries(values).flatMap(([id, value]) => recordsOf(path.child(Number(id)), value));
  const payload = encodeContent('TLV', { records, empty: [] }, path);
  return bench.said('POST', instance, { contentFormat: 11_542, payload }).slice(0, 4);
}
/** As the device itself measures it. */
const set = (objectId: number, resourceId: number, value: ResourceValue): void =>
  bench.objects.set(bench.objects.instance(objectId, 0), resourceId, value);
const errors = (): string[] =>
  recordsOf(Lwm2mPath.parse('/3/0/11'), bench.objects.valueAt(3, 0, 11) as ResourceValue).map(
    ({ path, value }) => `${path.ids[3]}=${value.value}`,
  );

describe('Device', () => {
  it('says what is wrong with it as long as it is, and looks again when its errors are reset', () => {
    expect(errors()).toEqual(['0=0']);
    bench.observe('/3/0/20');
    set(3, 9, integer(12));
    expect([errors(), get('/3/0/20'), bench.notified]).toEqual([['0=1'], '4', ['4']]);
    set(3, 7, instancesOf(integer(3800), integer(0)));
    set(4, 2, integer(-118));
    set(3, 10, integer(3));
    expect(errors()).toEqual(['0=1', '1=2', '2=4', '3=5']);
    expect(run('/3/0/12')).toBe('2.04');
    expect(errors()).toHaveLength(4);
    set(3, 9, integer(80));
    set(3, 10, integer(100));
    expect([errors(), get('/3/0/20')]).toEqual([['0=2', '1=4'], '0']);
    set(3, 7, instancesOf(integer(3800), integer(5000)));
    set(4, 2, integer(-70));
    expect(errors()).toEqual(['0=0']);
  });

  it('leaves a battery status that was set by hand', () => {
    set(3, 20, integer(1));
    set(3, 9, integer(3));
    expect(get('/3/0/20')).toBe('1');
  });

  it('has the offset of the time zone that it is given, and takes no zone or offset that there is not', () => {
    expect(put('/3/0/15', 'Asia/Kolkata')).toBe('2.04');
    expect(get('/3/0/14')).toBe('+05:30');
    expect([put('/3/0/15', 'Mars/Olympus'), put('/3/0/14', 'two hours')]).toEqual(['4.00', '4.00']);
    expect([get('/3/0/14'), get('/3/0/15')]).toEqual(['+05:30', 'Asia/Kolkata']);
    expect(update('/3/0', { 14: string('+01:00'), 15: string('Asia/Tokyo') })).toBe('2.04');
    expect(get('/3/0/14')).toBe('+01:00');
    // All of a request or nothing.
    expect(update('/3/0', { 14: string('-08:00'), 15: string('nowhere') })).toBe('4.00');
    expect(get('/3/0/14')).toBe('+01:00');
  });

  it('knows summer time', () => {
    const july = Date.UTC(2030, 6, 1);
    const january = Date.UTC(2030, 0, 1);
    expect([utcOffset('Europe/Paris', july), utcOffset('Europe/Paris', january)]).toEqual([
      '+02:00',
      '+01:00',
    ]);
    expect([utcOffset('Etc/UTC', july), utcOffset('+02:00', july)]).toEqual(['+00:00', undefined]);
  });
});

describe('Access Control, with several servers', () => {
  beforeEach(() => {
    bench.objects.addInstance(1, 1, { 0: integer(2) });
    bench.objects.addInstance(2, 0, { 0: integer(9), 1: integer(65_535), 2: new Map([[1, integer(16)]]) });
  });

  it('makes who creates an instance its owner, and forgets that with the instance', () => {
    expect(bench.said('POST', '/9')).toBe('2.01');
    expect([get('/2/1/0'), get('/2/1/1'), get('/2/1/3')]).toEqual(['9', '1', '1']);
    expect(put('/9/1/8', '1')).toBe('2.04');
    expect(bench.said('DELETE', '/9/1')).toBe('2.02');
    expect(bench.said('GET', '/2/1')).toMatch(/^4\.04/);
  });

  it('lets its owner change it, and others read it', () => {
    bench.objects.addInstance(2, 5, { 0: integer(3), 1: integer(0), 3: integer(2) });
    const right = new Map([[1, integer(31)]]);
    expect(update('/2/5', { 2: right })).toBe('4.01');
    expect(get('/2/5/3')).toBe('2');
    expect(bench.said('POST', '/2')).toMatch(/^4\.01/);
    expect(bench.said('POST', '/9')).toBe('2.01');
    expect(update('/2/1', { 2: new Map([[2, integer(1)]]) })).toBe('2.04');
  });
});

describe('Connectivity Statistics', () => {
  it('collect from Start to the end of the period, and tell who observes them', () => {
    expect(put('/7/0/8', '60')).toBe('2.04');
    bench.observe('/7/0/2');
    expect(run('/7/0/6')).toBe('2.04');
    bench.traffic = { sentBytes: 3000, receivedBytes: 9000, messages: 10, largestBytes: 1100 };
    bench.built.generated.next();
    expect(bench.notified).toEqual(['3']);
    bench.traffic = { ...bench.traffic, sentBytes: 7000 };
    clockTo(60_000);
    bench.traffic = { ...bench.traffic, sentBytes: 50_000 };
    bench.built.generated.next();
    expect([get('/7/0/2'), get('/7/0/3'), get('/7/0/4'), get('/7/0/5')]).toEqual(['7', '9', '1100', '1600']);
    expect(run('/7/0/6')).toBe('2.04');
    expect(get('/7/0/2')).toBe('0');
  });
});

const clockTo = (ms: number): void => void bench.clock.advance(ms);

describe('Lock and Wipe', () => {
  const targets = (...names: string[]) => instancesOf(...names.map(string));
  const changes = (): boolean => {
    const before = get('/3303/0/5700');
    for (let turn = 0; turn < 20; turn++) bench.built.generated.next();
    return get('/3303/0/5700') !== before;
  };

  it('lets sensors stand still while they are locked', () => {
    expect(changes()).toBe(true);
    expect(update('/8/0', { 0: integer(1), 1: targets('sensors') })).toBe('2.04');
    expect([get('/8/0/0'), get('/8/0/5'), changes()]).toEqual(['1', '1', false]);
    expect(put('/8/0/0', '0')).toBe('2.04');
    expect([get('/8/0/5'), changes()]).toEqual(['3', true]);
    expect(put('/8/0/0', '2')).toBe('2.04');
    expect([get('/8/0/5'), changes()]).toEqual(['2', false]);
  });

  it('stays as it is when it has no such part', () => {
    expect(update('/8/0', { 0: integer(1), 1: targets('sensors', 'wings') })).toBe('2.04');
    expect([get('/8/0/0'), get('/8/0/5'), changes()]).toEqual(['0', '5', true]);
  });

  it('leaves software alone that is locked', () => {
    expect(put('/8/0/0', '2')).toBe('2.04');
    expect([putBytes('/9/0/2', Buffer.from('x')), run('/9/0/4')]).toEqual(['4.05', '4.05']);
  });

  it('wipes what it is told to, and nothing when a name is unknown', () => {
    set(3303, 5700, float(99));
    putBytes('/9/0/2', Buffer.from('firmware app 1\nx'));
    putBytes('/5/0/0', Buffer.from('firmware pump 2\nx'));
    expect([get('/3303/0/5602'), get('/9/0/7'), get('/5/0/3')]).toEqual(['99', '3', '2']);
    set(3303, 5700, float(20));
    expect(update('/8/0', { 4: targets('software', 'nothing') })).toBe('2.04');
    expect([run('/8/0/3'), get('/8/0/5'), get('/9/0/7')]).toEqual(['2.04', '8', '3']);
    expect(bench.said('GET', '/8/0/2', { accept: 110 })).toContain('sensor data');
    expect(update('/8/0', { 4: targets('software', 'sensor data', 'firmware') })).toBe('2.04');
    expect([run('/8/0/3'), get('/8/0/5')]).toEqual(['2.04', '4']);
    expect([get('/3303/0/5602'), get('/9/0/7'), get('/5/0/3')]).toEqual(['20', '0', '0']);
  });
});

describe('Software Management', () => {
  const image = Buffer.from('firmware app 1.2\nbytes');
  const state = (): string => `${get('/9/0/7')}/${get('/9/0/9')}`;
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('delivers, installs, activates and removes a package', () => {
    bench.observe('/9/0/7');
    expect(putBytes('/9/0/2', image)).toBe('2.04');
    expect([state(), get('/9/0/0'), get('/9/0/1')]).toEqual(['3/3', 'app', '1.2']);
    expect([run('/9/0/10'), putBytes('/9/0/2', image)]).toEqual(['4.05', '4.05']);
    expect(run('/9/0/4')).toBe('2.04');
    expect([state(), run('/9/0/4'), run('/9/0/6')]).toEqual(['3/3', '4.05', '4.05']);
    clockTo(5000);
    expect([state(), get('/9/0/12'), run('/9/0/10'), get('/9/0/12')]).toEqual(['4/2', '0', '2.04', '1']);
    expect([run('/9/0/11'), get('/9/0/12')]).toEqual(['2.04', '0']);
    expect([run('/9/0/6'), state(), get('/9/0/0')]).toEqual(['2.04', '0/0', '']);
    expect(bench.notified).toEqual(['1', '2', '3', '4', '0']);
    expect(run('/9/0/6')).toBe('4.05');
  });

  it('keeps what is installed until its successor is there, where it is removed for an update', () => {
    putBytes('/9/0/2', image);
    run('/9/0/4');
    clockTo(5000);
    run('/9/0/10');
    expect([run('/9/0/6', '7'), run('/9/0/6', '1'), state()]).toEqual(['4.00', '2.04', '0/0']);
    expect([get('/9/0/1'), get('/9/0/12')]).toEqual(['1.2', '0']);
    putBytes('/9/0/2', Buffer.from('firmware app 1.3\nbytes'));
    expect([state(), get('/9/0/1')]).toEqual(['3/3', '1.3']);
  });

  it('tells the server at once that there is something else, where that is wanted', () => {
    putBytes('/9/0/2', image);
    run('/9/0/4');
    clockTo(5000);
    expect(bench.effects).toEqual([]);
    expect(put('/9/0/8', '1')).toBe('2.04');
    run('/9/0/6');
    expect(bench.effects).toEqual(['update']);
  });

  it('fetches a package with the name and password that it was given', async () => {
    bench.download = () => Promise.resolve(image);
    put('/9/0/14', 'me');
    put('/9/0/15', 'p@ss');
    expect(put('/9/0/3', 'http://host/app')).toBe('2.04');
    expect(state()).toBe('1/1');
    await settled();
    expect([state(), bench.fetched]).toEqual(['3/3', ['http://me:p%40ss@host/app']]);
  });

  it('says what became of a download or installation that failed', async () => {
    const sum = createHash('sha256').update('other').digest('hex');
    expect(putBytes('/9/0/2', Buffer.from(`firmware app 1 sha256:${sum}\nbytes`))).toBe('2.04');
    expect(state()).toBe('0/53');
    put('/9/0/3', 'coap://host/app');
    await settled();
    expect(state()).toBe('0/52');
    bench = new Lwm2mObjectsBench(models, { firmware: { storageBytes: 10, installMs: 5 } });
    expect([putBytes('/9/0/2', image), state()]).toEqual(['4.13', '0/50']);
    bench = new Lwm2mObjectsBench(models, { firmware: { fault: 'updateFailed', installMs: 5 } });
    putBytes('/9/0/2', image);
    run('/9/0/4');
    clockTo(5);
    expect(state()).toBe('3/58');
  });

  it('gives a package up of which nothing more comes, and one whose instance is deleted', async () => {
    const instance = bench.objects.instance(9, 0);
    instance.object.behaviour.begins?.(instance, 2);
    expect(state()).toBe('1/1');
    clockTo(247_000);
    expect(state()).toBe('0/52');
    bench.download = (_uri, _most, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));
    put('/9/0/3', 'coap://host/app');
    expect(bench.said('DELETE', '/9/0')).toBe('2.02');
    await settled();
    expect(bench.said('GET', '/9/0/7')).toMatch(/^4\.04/);
  });
});
