import { usedBytesSql } from './database-space.ts';
import { type GroupReader, readGroup } from './group-reader.ts';
import { bindParameters, checkCount, ParameterCountError } from './sqlite/bind-parameters.ts';
import { type Connection, Engine, SqliteError } from './sqlite/engine.ts';
import { type FrozenFile, PageFile } from './sqlite/page-file.ts';
import { ParameterMemory } from './sqlite/parameter-memory.ts';
import { SqlStatement } from './sqlite/sql-statement.ts';
import { readTransactions } from './transaction-reader.ts';
import type { SqlValue, Statement } from './types.ts';

/** One group as it came from the journal. */
export interface Group {
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** A transaction that the database refused. It was acknowledged before, so this is a defect of the writer. */
export interface RefusedTransaction {
  readonly group: number;
  /** Position in the group, counted from 0. */
  readonly transaction: number;
  readonly sql: string;
  readonly reason: string;
  readonly statements: readonly Statement[];
}

export interface ApplyResult {
  readonly statements: number;
  readonly refused: readonly RefusedTransaction[];
}

/** Values by row, with the column names once. */
export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** The database is unusable from here on: out of memory, or its image is broken. */
export class DatabaseBroken extends Error {}

const preparedLimit = 500;

/**
 * Measured on a pair of rows (message and FIFO entry, 380 bytes each, 100 pairs a transaction): larger pages cost
 * more, since whole pages are copied, and a larger page cache gains nothing. The rollback journal stays (in
 * memory): without it a failed group could not be undone.
 */
const pragmas = [
  'PRAGMA page_size = 4096',
  'PRAGMA journal_mode = MEMORY',
  'PRAGMA synchronous = OFF',
  'PRAGMA temp_store = MEMORY',
  'PRAGMA locking_mode = EXCLUSIVE',
];

/** Compiled once a thread. */
let loading: Promise<Engine> | undefined;

/** SQLite in memory, fed with groups of transactions. Synchronous: it belongs in a worker thread. */
export class Database {
  private readonly engine: Engine;
  private readonly file: PageFile;
  private readonly connection: Connection;
  private readonly memory: ParameterMemory;
  /** In order of first use, so the first one is the next to go. */
  private readonly prepared = new Map<string, SqlStatement>();

  private constructor(engine: Engine, file: PageFile) {
    this.engine = engine;
    this.file = file;
    this.connection = engine.open(file);
    this.memory = new ParameterMemory(engine);
  }

  /**
   * Opens an empty database, or one with the content that {@link image} or {@link freeze} gave.
   * @throws DatabaseBroken when the content is no database.
   */
  static async open(content?: Uint8Array): Promise<Database> {
    loading ??= Engine.load();
    const database = new Database(await loading, new PageFile(content));
    try {
      for (const pragma of pragmas) database.run(pragma);
      database.run('SELECT count(*) FROM sqlite_schema');
    } catch (error) {
      database.close();
      throw new DatabaseBroken(messageOf(error), { cause: error });
    }
    return database;
  }

  /**
   * Applies the groups in one database transaction. When a statement is refused they are applied again one
   * transaction at a time, and those that are refused are left out and reported.
   * @throws DatabaseBroken
   */
  apply(groups: readonly Group[]): ApplyResult {
    try {
      return { statements: this.applyTogether(groups), refused: [] };
    } catch (error) {
      this.throwIfBroken(error);
      this.rollback();
      return this.applyEach(groups);
    } finally {
      this.freeOldest();
    }
  }

  /** Runs one reading statement; a writing one is refused, since only the journal's writes would last. */
  query({ sql, parameters }: Statement): QueryResult {
    const guarded = !/^\s*(select|values)\b/i.test(sql);
    if (guarded) this.run('PRAGMA query_only = 1');
    try {
      return this.read(sql, parameters as SqlValue[]);
    } catch (error) {
      this.throwIfBroken(error);
      throw new Error(`${messageOf(error)}. Statement: ${sql}`, { cause: error });
    } finally {
      if (guarded) this.run('PRAGMA query_only = 0');
      this.freeOldest();
    }
  }

  /**
   * Hands over the rows of a SELECT one by one and returns the names of their columns. `onRow` must not use the
   * database.
   */
  each(sql: string, parameters: readonly SqlValue[], onRow: (row: SqlValue[]) => void): string[] {
    const statement = this.prepare(sql);
    bindParameters(this.engine, this.memory, statement, parameters);
    try {
      while (statement.step()) onRow(statement.row());
      return statement.columns();
    } finally {
      statement.reset();
    }
  }

  /** Bytes that hold something. */
  usedBytes(): number {
    let bytes = 0;
    this.each(usedBytesSql, [], ([measured]) => {
      bytes = Number(measured);
    });
    return bytes;
  }

  /** The whole database as one file image. */
  image(): Uint8Array {
    const frozen = this.freeze();
    const image = new Uint8Array(frozen.size);
    frozen.readNext(image);
    this.thaw();
    return image;
  }

  /** The file as it is now, to be read while more is applied, until {@link thaw}. */
  freeze(): FrozenFile {
    return this.file.freeze();
  }

  thaw(): void {
    this.file.thaw();
  }

  close(): void {
    for (const statement of this.prepared.values()) statement.free();
    this.prepared.clear();
    this.memory.release();
    this.engine.close(this.connection);
  }

  private applyTogether(groups: readonly Group[]): number {
    let statements = 0;
    this.run('BEGIN');
    for (const { payload } of groups) {
      // Copied once as a whole, so that texts are bound where they are in it and never decoded.
      const base = this.memory.take(payload.byteLength);
      this.engine.heap.set(payload, base);
      const defined: SqlStatement[] = [];
      let current: SqlStatement | undefined;
      const reader: GroupReader = {
        define: (sql) => void defined.push(this.prepare(sql)),
        begin: (statement, count) => {
          current = defined[statement] as SqlStatement;
          checkCount(current, count);
        },
        null: (index) => current?.bindNull(index),
        number: (index, value) => current?.bindNumber(index, value),
        text: (index, start, length) => current?.bindText(index, base + start, length),
        bytes: (index, start, length) => current?.bindBytes(index, base + start, length),
        execute: () => {
          current?.run();
          statements += 1;
        },
        endTransaction: () => {},
      };
      readGroup(payload, reader);
    }
    this.run('COMMIT');
    return statements;
  }

  private applyEach(groups: readonly Group[]): ApplyResult {
    const refused: RefusedTransaction[] = [];
    let statements = 0;
    for (const group of groups) {
      readTransactions(group.payload, (transaction, position) => {
        const refusal = this.applyOne(transaction);
        if (refusal)
          refused.push({ group: group.sequence, transaction: position, statements: transaction, ...refusal });
        else statements += transaction.length;
      });
    }
    return { statements, refused };
  }

  private applyOne(transaction: readonly Statement[]): { sql: string; reason: string } | undefined {
    let sql = 'BEGIN';
    try {
      this.run(sql);
      for (const statement of transaction) {
        sql = statement.sql;
        this.run(sql, statement.parameters as SqlValue[]);
      }
      this.run('COMMIT');
      return undefined;
    } catch (error) {
      this.throwIfBroken(error);
      this.rollback();
      return { sql, reason: messageOf(error) };
    }
  }

  private read(sql: string, parameters: SqlValue[]): QueryResult {
    const rows: SqlValue[][] = [];
    return { columns: this.each(sql, parameters, (row) => rows.push(row)), rows };
  }

  private run(sql: string, parameters: readonly SqlValue[] = []): void {
    const statement = this.prepare(sql);
    bindParameters(this.engine, this.memory, statement, parameters);
    statement.run();
  }

  private prepare(sql: string): SqlStatement {
    const known = this.prepared.get(sql);
    if (known) return known;
    const statement = new SqlStatement(this.engine, this.connection, sql);
    this.prepared.set(sql, statement);
    return statement;
  }

  private rollback(): void {
    try {
      this.run('ROLLBACK');
    } catch {
      // SQLite has already rolled back by itself after some errors; nothing is open then.
    }
  }

  private freeOldest(): void {
    for (const [sql, statement] of this.prepared) {
      if (this.prepared.size <= preparedLimit) return;
      statement.free();
      this.prepared.delete(sql);
    }
  }

  /** Anything that is not SQLite's refusal of a statement or ours: a trap of WebAssembly, and the like. */
  private throwIfBroken(error: unknown): void {
    const refusal = error instanceof SqliteError ? !error.fatal : error instanceof ParameterCountError;
    if (!refusal) throw new DatabaseBroken(messageOf(error), { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
