import type { SqlValue } from '../types.ts';
import { type Connection, type Engine, result } from './engine.ts';

/** The bound bytes stay where they are until the statement has run. */
const staticBytes = 0;
const columnType = { integer: 1, float: 2, text: 3, blob: 4 } as const;

/** A compiled statement. Parameters and columns are counted from 0. */
export class SqlStatement {
  private readonly engine: Engine;
  private readonly connection: Connection;
  private readonly pointer: number;
  readonly parameterCount: number;
  private readonly columnCount: number;

  /** @throws SqliteError when SQLite does not understand it. */
  constructor(engine: Engine, connection: Connection, sql: string) {
    this.engine = engine;
    this.connection = connection;
    this.pointer = engine.prepare(connection, sql);
    this.parameterCount = engine.functions.sqlite3_bind_parameter_count(this.pointer);
    this.columnCount = engine.functions.sqlite3_column_count(this.pointer);
  }

  bindNull(index: number): void {
    this.check(this.engine.functions.sqlite3_bind_null(this.pointer, index + 1));
  }

  bindNumber(index: number, value: number): void {
    const { functions } = this.engine;
    this.check(
      value === (value | 0) && !Object.is(value, -0)
        ? functions.sqlite3_bind_int(this.pointer, index + 1, value)
        : Number.isSafeInteger(value)
          ? functions.sqlite3_bind_int64(this.pointer, index + 1, BigInt(value))
          : functions.sqlite3_bind_double(this.pointer, index + 1, value),
    );
  }

  /** @param pointer where its UTF-8 is in the engine's memory, until the statement has run. */
  bindText(index: number, pointer: number, bytes: number): void {
    const { functions } = this.engine;
    this.check(functions.sqlite3_bind_text(this.pointer, index + 1, pointer, bytes, staticBytes));
  }

  /** @param pointer where they are in the engine's memory, until the statement has run. */
  bindBytes(index: number, pointer: number, bytes: number): void {
    const { functions } = this.engine;
    this.check(functions.sqlite3_bind_blob(this.pointer, index + 1, pointer, bytes, staticBytes));
  }

  /** Runs it to its end, without looking at rows. */
  run(): void {
    try {
      while (this.step());
    } finally {
      this.reset();
    }
  }

  /** Moves to the next row; false at the end. */
  step(): boolean {
    const code = this.engine.functions.sqlite3_step(this.pointer);
    if (code === result.row) return true;
    if (code === result.done) return false;
    throw this.engine.error(code, this.connection.pointer);
  }

  /** The values of the row that {@link step} moved to. */
  row(): SqlValue[] {
    const values: SqlValue[] = new Array(this.columnCount);
    for (let column = 0; column < this.columnCount; column++) values[column] = this.value(column);
    return values;
  }

  columns(): string[] {
    const { functions } = this.engine;
    return Array.from({ length: this.columnCount }, (_, column) =>
      this.engine.textAt(functions.sqlite3_column_name(this.pointer, column)),
    );
  }

  /** Its code is that of the last step, which has been thrown already. */
  reset(): void {
    this.engine.functions.sqlite3_reset(this.pointer);
  }

  free(): void {
    this.engine.functions.sqlite3_finalize(this.pointer);
  }

  private value(column: number): SqlValue {
    const { functions } = this.engine;
    switch (functions.sqlite3_column_type(this.pointer, column)) {
      case columnType.integer:
      case columnType.float:
        return functions.sqlite3_column_double(this.pointer, column);
      case columnType.text: {
        const start = functions.sqlite3_column_text(this.pointer, column);
        const end = start + functions.sqlite3_column_bytes(this.pointer, column);
        return this.engine.heap.toString('utf8', start, end);
      }
      case columnType.blob: {
        const start = functions.sqlite3_column_blob(this.pointer, column);
        const end = start + functions.sqlite3_column_bytes(this.pointer, column);
        return Uint8Array.from(this.engine.heap.subarray(start, end));
      }
      default:
        return null;
    }
  }

  private check(code: number): void {
    if (code !== result.ok) throw this.engine.error(code, this.connection.pointer);
  }
}
