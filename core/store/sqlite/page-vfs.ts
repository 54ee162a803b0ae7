import type { Sqlite3Result, Sqlite3Static, WasmPointer } from '@sqlite.org/sqlite-wasm';
import type { PageFile } from './page-file.ts';

export const vfsName = 'fleetbench-pages';
const longestName = 64;
const daysToMs = 86_400_000;
/** Julian day of 1970-01-01, in which SQLite counts time. */
const julianEpochDays = 2_440_587.5;

/**
 * SQLite's way to its files (https://sqlite.org/vfs.html) over {@link PageFile}s, known by name while they are open.
 * One connection uses a file, and its journal is in memory, so locks and syncs have nothing to do.
 */
export class PageVfs {
  private readonly sqlite: Sqlite3Static;
  private readonly named = new Map<string, PageFile>();
  private readonly open = new Map<WasmPointer, PageFile>();
  private nextName = 1;

  constructor(sqlite: Sqlite3Static) {
    this.sqlite = sqlite;
  }

  /** Makes it known to SQLite; once a thread. */
  install(): void {
    const { capi, vfs } = this.sqlite;
    const io = new capi.sqlite3_io_methods();
    io.iVersion = 1;
    const struct = new capi.sqlite3_vfs();
    struct.$iVersion = 2;
    struct.$szOsFile = sizeOfFile(capi);
    struct.$mxPathname = longestName;
    vfs.installVfs({
      io: { struct: io, methods: this.ioMethods() },
      vfs: { struct, name: vfsName, methods: this.vfsMethods(io.pointer as WasmPointer) },
    });
  }

  /** The name under which a connection opens this file. */
  add(file: PageFile): string {
    const name = `/${this.nextName++}`;
    this.named.set(name, file);
    return name;
  }

  remove(name: string): void {
    this.named.delete(name);
  }

  private ioMethods() {
    const { capi, wasm } = this.sqlite;
    const ok = (): Sqlite3Result => capi.SQLITE_OK;
    const heap = (pointer: WasmPointer, length: number): Uint8Array =>
      wasm.heap8u().subarray(Number(pointer), Number(pointer) + length);
    return {
      xRead: (
        file: WasmPointer,
        into: WasmPointer,
        length: number,
        offset: number | bigint,
      ): Sqlite3Result =>
        this.fileAt(file).read(heap(into, length), Number(offset))
          ? capi.SQLITE_OK
          : capi.SQLITE_IOERR_SHORT_READ,
      xWrite: (
        file: WasmPointer,
        from: WasmPointer,
        length: number,
        offset: number | bigint,
      ): Sqlite3Result => {
        try {
          this.fileAt(file).write(heap(from, length), Number(offset));
          return capi.SQLITE_OK;
        } catch {
          return capi.SQLITE_FULL;
        }
      },
      xTruncate: (file: WasmPointer, size: number | bigint): Sqlite3Result => {
        this.fileAt(file).truncate(Number(size));
        return capi.SQLITE_OK;
      },
      xFileSize: (file: WasmPointer, into: WasmPointer): Sqlite3Result => {
        wasm.poke(into, this.fileAt(file).size, 'i64');
        return capi.SQLITE_OK;
      },
      xCheckReservedLock: (_file: WasmPointer, into: WasmPointer): Sqlite3Result => {
        wasm.poke(into, 0, 'i32');
        return capi.SQLITE_OK;
      },
      xClose: (file: WasmPointer): Sqlite3Result => {
        this.open.delete(file);
        return capi.SQLITE_OK;
      },
      xSync: ok,
      xLock: ok,
      xUnlock: ok,
      xFileControl: (): Sqlite3Result => capi.SQLITE_NOTFOUND,
      xDeviceCharacteristics: (): Sqlite3Result => 0,
    };
  }

  private vfsMethods(ioMethods: WasmPointer) {
    const { capi, wasm } = this.sqlite;
    return {
      xOpen: (
        _vfs: WasmPointer,
        name: WasmPointer,
        file: WasmPointer,
        flags: number,
        outFlags: WasmPointer,
      ): Sqlite3Result => {
        // Temporary files and journals stay in memory, so no other name is ever asked for.
        const found = this.named.get(wasm.cstrToJs(name) ?? '');
        if (!found) return capi.SQLITE_CANTOPEN;
        const struct = new capi.sqlite3_file(file);
        struct.$pMethods = ioMethods;
        struct.dispose();
        this.open.set(file, found);
        if (outFlags) wasm.poke(outFlags, flags, 'i32');
        return capi.SQLITE_OK;
      },
      xAccess: (_vfs: WasmPointer, _name: WasmPointer, _flags: number, into: WasmPointer): Sqlite3Result => {
        wasm.poke(into, 0, 'i32');
        return capi.SQLITE_OK;
      },
      xFullPathname: (
        _vfs: WasmPointer,
        name: WasmPointer,
        room: number,
        into: WasmPointer,
      ): Sqlite3Result => (wasm.cstrncpy(into, name, room) < room ? capi.SQLITE_OK : capi.SQLITE_CANTOPEN),
      xDelete: (): Sqlite3Result => capi.SQLITE_OK,
      xGetLastError: (): void => {},
      // Statements are deterministic and take time and random values as parameters; so these are constants.
      xRandomness: (_vfs: WasmPointer, count: number, into: WasmPointer): Sqlite3Result => {
        wasm.heap8u().fill(0, Number(into), Number(into) + count);
        return capi.SQLITE_OK;
      },
      xCurrentTime: (_vfs: WasmPointer, into: WasmPointer): Sqlite3Result => {
        wasm.poke(into, julianEpochDays, 'double');
        return capi.SQLITE_OK;
      },
      xCurrentTimeInt64: (_vfs: WasmPointer, into: WasmPointer): Sqlite3Result => {
        wasm.poke(into, julianEpochDays * daysToMs, 'i64');
        return capi.SQLITE_OK;
      },
    };
  }

  private fileAt(pointer: WasmPointer): PageFile {
    return this.open.get(pointer) as PageFile;
  }
}

function sizeOfFile(capi: Sqlite3Static['capi']): number {
  const sample = new capi.sqlite3_file();
  const { sizeof } = sample.structInfo;
  sample.dispose();
  return sizeof;
}
