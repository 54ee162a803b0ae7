import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database, DatabaseBroken, type Group } from './database.ts';
import { GroupEncoder } from './group-encoder.ts';
import type { SqlValue, Statement } from './types.ts';

const sql = (text: string, ...parameters: SqlValue[]): Statement => ({ sql: text, parameters });
const insert = (id: number | null, value: SqlValue = null): Statement =>
  sql('INSERT INTO t (id, value) VALUES (?, ?)', id, value);

function group(sequence: number, ...transactions: Statement[][]): Group {
  const encoder = new GroupEncoder(0);
  for (const transaction of transactions) encoder.add(transaction);
  return { sequence, payload: encoder.take().bytes };
}

describe('database', () => {
  let database: Database;

  beforeEach(async () => {
    database = await Database.open();
    database.apply([group(1, [sql('CREATE TABLE t (id INTEGER PRIMARY KEY, value UNIQUE)')])]);
  });

  afterEach(() => database.close());

  const ids = (): SqlValue[] =>
    database.query(sql('SELECT id FROM t ORDER BY id')).rows.map(([id]) => id ?? null);

  it('gives back every kind of value as it was', () => {
    const values: SqlValue[] = ['', 'ä€😀', 0, -1, 2 ** 31, 1_900_000_000_000, -(2 ** 52), 1.5, null];
    const bytes = new Uint8Array([0, 255, 7]);
    database.apply([group(2, ...values.map((value, index) => [insert(index, value)]), [insert(99, bytes)])]);
    const { columns, rows } = database.query(sql('SELECT value AS v FROM t ORDER BY id'));
    expect(columns).toEqual(['v']);
    expect(rows.map(([value]) => value)).toEqual([...values, bytes]);
  });

  it('stores a text that it was given as bytes as the text it is', () => {
    const long = 'ä€😀'.repeat(50);
    const cast = (id: number, value: string) =>
      sql('INSERT INTO t (id, value) VALUES (?, CAST(? AS TEXT))', id, value);
    database.apply([group(2, [cast(1, long)], [cast(2, 'short')])]);
    const { rows } = database.query(sql('SELECT value, typeof(value) FROM t ORDER BY id'));
    expect(rows).toEqual([
      [long, 'text'],
      ['short', 'text'],
    ]);
  });

  it('keeps times in milliseconds as whole numbers', () => {
    database.apply([group(2, [sql('CREATE TABLE times (at INTEGER)')])]);
    database.apply([group(3, [sql('INSERT INTO times VALUES (?)', 1_900_000_000_000)])]);
    expect(database.query(sql('SELECT typeof(at), CAST(at AS TEXT) FROM times')).rows).toEqual([
      ['integer', '1900000000000'],
    ]);
  });

  it('leaves out a transaction that is refused, whole, and applies the others', () => {
    const result = database.apply([
      group(2, [insert(1)], [insert(2), insert(1)], [insert(3)]),
      group(3, [insert(4)], [sql('INSERT INTO missing VALUES (1)')]),
    ]);
    expect(ids()).toEqual([1, 3, 4]);
    expect(result.statements).toBe(3);
    expect(result.refused).toMatchObject([
      { group: 2, transaction: 1, sql: insert(1).sql, reason: 'UNIQUE constraint failed: t.id' },
      { group: 3, transaction: 1, reason: 'no such table: missing' },
    ]);
    expect(result.refused[0]?.statements).toHaveLength(2);
  });

  it('goes on after an export, which opens as the same database', async () => {
    database.apply([group(2, [insert(1, 'x')])]);
    const image = database.export();
    database.apply([group(3, [insert(2)])]);
    expect(ids()).toEqual([1, 2]);
    const copy = await Database.open(image);
    expect(copy.query(sql('SELECT * FROM t')).rows).toEqual([[1, 'x']]);
    copy.close();
  });

  it('refuses to write in a query', () => {
    for (const text of [
      'INSERT INTO t (id) VALUES (1)',
      'WITH a AS (SELECT 1) INSERT INTO t (id) SELECT * FROM a',
      'DELETE FROM t',
      'PRAGMA user_version = 3',
    ]) {
      expect(() => database.query(sql(text)), text).toThrow(/Statement: /);
    }
    expect(database.query(sql('WITH a AS (SELECT 7 AS x) SELECT x FROM a')).rows).toEqual([[7]]);
    expect(database.apply([group(2, [insert(1)])]).refused).toEqual([]);
  });

  it('says what is wrong with a query', () => {
    expect(() => database.query(sql('SELECT absent FROM t'))).toThrow(
      'no such column: absent. Statement: SELECT',
    );
  });

  it('forgets the oldest of very many statements and still runs them', () => {
    for (let count = 0; count < 1200; count++) database.query(sql(`SELECT ${count}`));
    expect(database.query(sql('SELECT 0')).rows).toEqual([[0]]);
  });

  it('refuses an image that is no database', async () => {
    await expect(Database.open(new Uint8Array(5000).fill(7))).rejects.toThrow(DatabaseBroken);
  });
});
