import { describe, expect, it } from 'vitest';
import { type Role, roles } from '../contract/roles.ts';
import fc from '../testing/properties.ts';
import { hashKey, type KeyDocument, type KeyRecord, recordOf } from './key-record.ts';
import { KeyRegistry } from './key-registry.ts';
import { excess, isNarrower } from './key-rights.ts';

let count = 0;
function keyWith(document: Partial<KeyDocument>, tenantId = 't'): KeyRecord {
  const id = `k${++count}`;
  return recordOf({
    ...{ id, tenantId, createdMs: count, hash: hashKey(`${count}`.padStart(32, '0')) },
    document: { label: id, roles: [...roles], active: true, fifos: [], ...document },
  });
}

function registryOf(...keys: KeyRecord[]): KeyRegistry {
  const registry = new KeyRegistry();
  for (const key of keys) registry.add(key);
  for (const key of keys) if (key.document.parentId === undefined) registry.refreshRights(key);
  return registry;
}

const someRoles = fc.subarray<Role>(['DEVICE_R', 'DEVICE_W', 'DATA_R', 'BUS_R']);
const rights = fc.record({
  roles: someRoles,
  active: fc.boolean(),
  fifos: fc.subarray(['a', 'b', 'c']),
  fromMs: fc.nat(10),
  toMs: fc.integer({ min: 10, max: 20 }),
  clientCert: fc.record({ required: fc.boolean(), caCertIds: fc.subarray(['ca1', 'ca2']) }),
});
/** Keys, each below one that stands before it; the first is the master key. */
const trees = fc.array(fc.tuple(rights, fc.nat()), { minLength: 1, maxLength: 12 });

function grow(tree: readonly (readonly [Partial<KeyDocument>, number])[]): KeyRecord[] {
  const keys: KeyRecord[] = [];
  for (const [document, above] of tree) {
    const parent = keys.length > 0 ? keys[above % keys.length] : undefined;
    keys.push(keyWith({ ...document, ...(parent && { parentId: parent.id }) }));
  }
  return keys;
}

describe('the rights of keys', () => {
  it('are never more than those of any key above, whatever the keys are given', () => {
    fc.assert(
      fc.property(trees, fc.nat(), rights, (tree, which, changed) => {
        const keys = grow(tree);
        const registry = registryOf(...keys);
        const target = keys[which % keys.length]!;
        target.document = { ...target.document, ...changed };
        const before = new Map(keys.map((key) => [key, key.rights]));
        const narrower = registry.refreshRights(target);
        for (const key of keys) {
          const parent = registry.find(key.document.parentId ?? '');
          if (parent) {
            expect(excess(key.rights, parent.rights)).toEqual([]);
            expect(key.rights.active && !parent.rights.active).toBe(false);
          }
          // The grant is what is looked at with each use, so it must be of the same rights.
          expect(key.grant.roles).toBe(key.rights.roles);
          expect(narrower.includes(key)).toBe(isNarrower(key.rights, before.get(key)!));
        }
      }),
    );
  });

  it('reach the whole tree below, parents before their children, and nobody else', () => {
    const [master, one, two, deep, other] = [
      ...grow([
        [{}, 0],
        [{}, 0],
        [{}, 0],
        [{}, 1],
      ] as const),
      keyWith({}, 'another tenant'),
    ] as [KeyRecord, KeyRecord, KeyRecord, KeyRecord, KeyRecord];
    const registry = registryOf(master, one, two, deep, other);
    expect([...registry.below(master)]).toEqual([one, deep, two]);
    expect([...registry.below(one)]).toEqual([deep]);
    registry.remove(deep);
    expect([...registry.below(one)]).toEqual([]);
    expect(registry.ofTenant('t')).toEqual([master, one, two]);
    registry.clear();
    expect([...registry.below(master)]).toEqual([]);
  });

  it('of ten thousand keys below one are worked out by looking at each once', () => {
    const master = keyWith({});
    const children = Array.from({ length: 10_000 }, () => keyWith({ parentId: master.id }));
    const registry = registryOf(master, ...children);
    let looked = 0;
    for (const child of children) {
      const { document } = child;
      Object.defineProperty(child, 'document', {
        get: () => {
          looked++;
          return document;
        },
      });
    }
    expect([...registry.below(master)]).toHaveLength(10_000);
    expect(looked).toBeLessThan(50_000);
  });
});

describe('a key is found', () => {
  it('by its id in its tenant, and by the hash of its text until it has another', () => {
    const key = keyWith({});
    const registry = registryOf(key);
    const { hash } = key;
    expect(registry.get('t', key.id)).toBe(key);
    expect(() => registry.get('other', key.id)).toThrow('There is no API key of this id.');
    expect(registry.findByHash(hash)).toBe(key);
    registry.changeHash(key, hashKey('f'.repeat(32)));
    expect(registry.findByHash(hash)).toBeUndefined();
    expect(registry.findByHash(hashKey('F'.repeat(32)))).toBe(key);
    registry.remove(key);
    expect([registry.has(key), registry.find(key.id), registry.findByHash(key.hash)]).toEqual([
      false,
      undefined,
      undefined,
    ]);
  });
});
