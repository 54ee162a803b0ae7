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

  it('keeps short and long texts and bytes as what they are', () => {
    const long = 'ä€😀'.repeat(50);
    const bytes = new Uint8Array(300).fill(0xc3);
    database.apply([group(2, [insert(1, long)], [insert(2, 'short')], [insert(3, bytes)])]);
    const { rows } = database.query(sql('SELECT value, typeof(value) FROM t ORDER BY id'));
    expect(rows).toEqual([
      [long, 'text'],
      ['short', 'text'],
      [bytes, 'blob'],
    ]);
  });

  it('binds the parameters of a query as what they are', () => {
    const values: SqlValue[] = ['', 'ä€😀'.repeat(50), 7, -1.5, 2 ** 51, null, new Uint8Array([0, 255])];
    const { rows } = database.query(sql(`SELECT ${values.map(() => '?').join(', ')}`, ...values));
    expect(rows).toEqual([values]);
    const types = sql('SELECT typeof(?), typeof(?), typeof(?)', 2 ** 51, 0.5, new Uint8Array(1));
    expect(database.query(types).rows).toEqual([['integer', 'real', 'blob']]);
  });

  it('knows an empty text and empty bytes from nothing, also as the first that it is given', async () => {
    const fresh = await Database.open();
    const statement = sql('SELECT ?, typeof(?), ?, typeof(?)', '', '', new Uint8Array(), new Uint8Array());
    expect(fresh.query(statement).rows).toEqual([['', 'text', new Uint8Array(), 'blob']]);
    fresh.close();
  });

  it('takes a group that is larger than the room kept for parameters, and small ones behind it', () => {
    const large = 'x'.repeat(3_000_000);
    database.apply([group(2, [insert(1, large)]), group(3, [insert(2, 'small')])]);
    const { rows } = database.query(sql('SELECT length(value) FROM t WHERE value <> ? ORDER BY id', large));
    expect(rows).toEqual([[5]]);
    expect(database.query(sql('SELECT value FROM t WHERE id = 1')).rows).toEqual([[large]]);
  });

  it('refuses a statement with too few or too many parameters instead of taking old ones', () => {
    const statement = insert(1).sql;
    const result = database.apply([
      group(2, [sql(statement, 1)], [sql(statement, 2, 'b')], [sql(statement, 3, 'c', 4)]),
    ]);
    expect(ids()).toEqual([2]);
    expect(result.refused.map(({ reason }) => reason)).toEqual([
      '2 parameters are needed, and 1 are given',
      '2 parameters are needed, and 3 are given',
    ]);
    expect(() => database.query(sql('SELECT ?'))).toThrow('1 parameters are needed, and 0 are given');
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

  it('goes on while it is frozen, and what was frozen opens as it was', async () => {
    for (let id = 1; id <= 300; id++) database.apply([group(id + 1, [insert(id, `${id}`.repeat(1000))])]);
    const frozen = database.freeze();
    const image = new Uint8Array(frozen.size);
    const partBytes = 70_000;
    for (let offset = 0, id = 301; offset < image.byteLength; offset += partBytes, id++) {
      database.apply([group(id + 1, [insert(id, 'later')], [sql('DELETE FROM t WHERE id = ?', id - 300)])]);
      frozen.readNext(image.subarray(offset, offset + partBytes));
    }
    expect(frozen.readNext(new Uint8Array(10))).toBe(0);
    database.thaw();
    expect(ids()).not.toContain(1);
    const copy = await Database.open(image);
    expect(copy.query(sql('PRAGMA integrity_check')).rows).toEqual([['ok']]);
    expect(copy.query(sql('SELECT count(*), max(id), sum(length(value)) FROM t')).rows).toEqual([
      [300, 300, 1000 * (9 + 90 * 2 + 201 * 3)],
    ]);
    copy.apply([group(400, [insert(1000)])]);
    expect(copy.query(sql('SELECT max(id) FROM t')).rows).toEqual([[1000]]);
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
