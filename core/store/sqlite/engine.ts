import init, { type Sqlite3Static } from '@sqlite.org/sqlite-wasm';
import { addFunctions } from './functions.ts';
import type { PageFile } from './page-file.ts';
import { PageVfs, vfsName } from './page-vfs.ts';

/** The functions of SQLite's C interface that are used here, as WebAssembly has them: pointers are numbers. */
interface Functions {
  sqlite3_open_v2(name: number, connection: number, flags: number, vfs: number): number;
  sqlite3_close_v2(connection: number): number;
  sqlite3_errmsg(connection: number): number;
  sqlite3_extended_result_codes(connection: number, on: number): number;
  sqlite3_prepare_v3(
    c: number,
    sql: number,
    n: number,
    flags: number,
    statement: number,
    tail: number,
  ): number;
  sqlite3_bind_parameter_count(statement: number): number;
  sqlite3_bind_null(statement: number, index: number): number;
  sqlite3_bind_int(statement: number, index: number, value: number): number;
  sqlite3_bind_int64(statement: number, index: number, value: bigint): number;
  sqlite3_bind_double(statement: number, index: number, value: number): number;
  sqlite3_bind_text(s: number, index: number, from: number, length: number, destructor: number): number;
  sqlite3_bind_blob(s: number, index: number, from: number, length: number, destructor: number): number;
  sqlite3_step(statement: number): number;
  sqlite3_reset(statement: number): number;
  sqlite3_finalize(statement: number): number;
  sqlite3_column_count(statement: number): number;
  sqlite3_column_name(statement: number, column: number): number;
  sqlite3_column_type(statement: number, column: number): number;
  sqlite3_column_double(statement: number, column: number): number;
  sqlite3_column_text(statement: number, column: number): number;
  sqlite3_column_blob(statement: number, column: number): number;
  sqlite3_column_bytes(statement: number, column: number): number;
  sqlite3_malloc(bytes: number): number;
  sqlite3_free(pointer: number): void;
}

/** Result codes (https://sqlite.org/rescode.html). */
export const result = { ok: 0, row: 100, done: 101 } as const;

/** An error code that SQLite returned, with its own text. */
export class SqliteError extends Error {
  /** With the extended part. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'SqliteError';
    this.code = code;
  }

  /** True when SQLite, and not the statement, is the trouble: no memory, or a broken image. */
  get fatal(): boolean {
    return fatalCodes.has(this.code & 0xff);
  }
}

/** INTERNAL, NOMEM, IOERR, CORRUPT, FULL, CANTOPEN, MISUSE, NOTADB. */
const fatalCodes = new Set([2, 7, 10, 11, 13, 14, 21, 26]);

/** READWRITE and CREATE. */
const openFlags = 0x2 | 0x4;
const pointerBytes = 4;

/** SQLite in WebAssembly, loaded once a thread, with its memory. */
export class Engine {
  readonly functions: Functions;
  private readonly sqlite: Sqlite3Static;
  private readonly wasm: Sqlite3Static['wasm'];
  private readonly vfs: PageVfs;
  private view: Buffer = Buffer.alloc(0);
  private readonly scratchPointer: number;

  private constructor(sqlite: Sqlite3Static) {
    this.functions = sqlite.wasm.exports as Functions;
    this.sqlite = sqlite;
    this.wasm = sqlite.wasm;
    this.vfs = new PageVfs(sqlite);
    this.vfs.install();
    this.scratchPointer = this.allocate(pointerBytes);
  }

  static async load(): Promise<Engine> {
    return new Engine(await init());
  }

  /** The memory; to be asked for again after anything that may have made it grow. */
  get heap(): Buffer {
    const bytes = this.wasm.heap8u();
    if (this.view.buffer !== bytes.buffer) this.view = Buffer.from(bytes.buffer);
    return this.view;
  }

  /** @throws SqliteError when the memory is full. */
  allocate(bytes: number): number {
    const pointer = this.functions.sqlite3_malloc(bytes);
    if (pointer === 0) throw new SqliteError(7, 'out of memory');
    return pointer;
  }

  free(pointer: number): void {
    this.functions.sqlite3_free(pointer);
  }

  /** Opens a connection to this file; the caller ends it with {@link close}. */
  open(file: PageFile): Connection {
    const name = this.vfs.add(file);
    const connection = this.withText(name, (pointer) =>
      this.withText(vfsName, (vfs) => {
        const code = this.functions.sqlite3_open_v2(pointer, this.scratchPointer, openFlags, vfs);
        const opened = this.heap.readUInt32LE(this.scratchPointer);
        if (code !== result.ok) throw this.error(code, opened);
        return opened;
      }),
    );
    this.functions.sqlite3_extended_result_codes(connection, 1);
    addFunctions(this.sqlite, connection);
    return { pointer: connection, name };
  }

  close({ pointer, name }: Connection): void {
    this.functions.sqlite3_close_v2(pointer);
    this.vfs.remove(name);
  }

  /** @throws SqliteError */
  prepare({ pointer: connection }: Connection, sql: string): number {
    return this.withText(sql, (text, bytes) => {
      const into = this.scratchPointer;
      const persistent = 1;
      const code = this.functions.sqlite3_prepare_v3(connection, text, bytes, persistent, into, 0);
      if (code !== result.ok) throw this.error(code, connection);
      const statement = this.heap.readUInt32LE(into);
      if (statement === 0) throw new SqliteError(1, 'no statement');
      return statement;
    });
  }

  error(code: number, connection: number): SqliteError {
    const text = connection === 0 ? 'out of memory' : this.textAt(this.functions.sqlite3_errmsg(connection));
    return new SqliteError(code, text);
  }

  textAt(pointer: number): string {
    return this.wasm.cstrToJs(pointer) ?? '';
  }

  private withText<T>(text: string, use: (pointer: number, bytes: number) => T): T {
    const bytes = Buffer.byteLength(text);
    const pointer = this.allocate(bytes + 1);
    try {
      const { heap } = this;
      heap.write(text, pointer);
      heap[pointer + bytes] = 0;
      return use(pointer, bytes);
    } finally {
      this.free(pointer);
    }
  }
}

export interface Connection {
  readonly pointer: number;
  readonly name: string;
}
