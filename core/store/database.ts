import { createRequire } from 'node:module';
import initSqlJs from 'sql.js';
import { usedBytesSql } from './database-space.ts';
import { type GroupReader, readGroup } from './group-reader.ts';
import type { SqlValue, Statement } from './types.ts';

type SqlDatabase = initSqlJs.Database;
type SqlStatement = initSqlJs.Statement;

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
 * A statement that says this of a parameter gets it as bytes: sql.js turns a text into UTF-8 one character at a
 * time, which costs more than the rest of the insert.
 */
const textAsBytes = 'CAST(? AS TEXT)';

/**
 * Measured on a pair of rows (message and FIFO entry, 300 bytes each, 100 pairs a transaction): these settings
 * halve the time against SQLite's own. Larger pages and a larger page cache are slower here, since the file is
 * memory anyway. The rollback journal stays (in memory): without it a failed group could not be undone.
 */
const pragmas = [
  'PRAGMA journal_mode = MEMORY',
  'PRAGMA synchronous = OFF',
  'PRAGMA temp_store = MEMORY',
  'PRAGMA locking_mode = EXCLUSIVE',
];

/** What SQLite says when it, and not the statement, is the trouble; sql.js gives the text and no code. */
const brokenMessages = new Set([
  'out of memory',
  'disk I/O error',
  'database or disk is full',
  'database disk image is malformed',
  'file is not a database',
]);

/** Compiled once a thread. */
let loading: Promise<initSqlJs.SqlJsStatic> | undefined;

function loadSqlJs(): Promise<initSqlJs.SqlJsStatic> {
  const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
  const options = { locateFile: () => wasm, useOldExtensionFunctions: false };
  return initSqlJs(options);
}

/** SQLite in memory, fed with groups of transactions. Synchronous: it belongs in a worker thread. */
export class Database {
  private readonly database: SqlDatabase;
  /** In order of last use, so the first one is the next to go. */
  private readonly prepared = new Map<string, SqlStatement>();

  private constructor(database: SqlDatabase) {
    this.database = database;
  }

  /**
   * Opens an empty database, or one with the content that {@link export} gave.
   * @throws DatabaseBroken when the content is no database.
   */
  static async open(content?: Uint8Array): Promise<Database> {
    loading ??= loadSqlJs();
    const sqlJs = await loading;
    const database = new Database(new sqlJs.Database(content));
    try {
      for (const pragma of pragmas) database.database.exec(pragma);
      database.database.exec('SELECT count(*) FROM sqlite_schema');
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

  /** Hands over the rows of a SELECT one by one and returns the names of their columns. */
  each(sql: string, parameters: readonly SqlValue[], onRow: (row: SqlValue[]) => void): string[] {
    const statement = this.prepare(sql);
    try {
      statement.bind([...parameters]);
      while (statement.step()) onRow(statement.get());
      return statement.getColumnNames();
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
  export(): Uint8Array {
    return this.database.export();
  }

  close(): void {
    for (const statement of this.prepared.values()) statement.free();
    this.prepared.clear();
    this.database.close();
  }

  private applyTogether(groups: readonly Group[]): number {
    let statements = 0;
    this.run('BEGIN');
    for (const { payload } of groups) {
      const texts: string[] = [];
      readGroup(payload, {
        define: (sql) => {
          texts.push(sql);
          return sql.includes(textAsBytes);
        },
        execute: (statement, parameters) => {
          this.run(texts[statement] as string, parameters);
          statements += 1;
        },
        endTransaction: () => {},
      });
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

  private run(sql: string, parameters?: SqlValue[]): void {
    this.prepare(sql).run(parameters);
  }

  private prepare(sql: string): SqlStatement {
    const known = this.prepared.get(sql);
    if (known) return known;
    const statement = this.database.prepare(sql);
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

  private throwIfBroken(error: unknown): void {
    // What SQLite refuses comes as a plain Error; a trap of WebAssembly and the like have names of their own.
    const ofSqlite = error instanceof Error && error.name === 'Error';
    if (!ofSqlite || brokenMessages.has(error.message)) {
      throw new DatabaseBroken(messageOf(error), { cause: error });
    }
  }
}

/** Hands over the transactions of a payload one by one. */
export function readTransactions(
  payload: Uint8Array,
  receive: (transaction: readonly Statement[], position: number) => void,
): void {
  const texts: string[] = [];
  let statements: Statement[] = [];
  let position = 0;
  const reader: GroupReader = {
    define: (sql) => {
      texts.push(sql);
      return false;
    },
    execute: (statement, parameters) => void statements.push({ sql: texts[statement] as string, parameters }),
    endTransaction: () => {
      receive(statements, position);
      statements = [];
      position += 1;
    },
  };
  readGroup(payload, reader);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
