import { crc32 } from 'node:zlib';
import {
  type ApplyResult,
  Database,
  DatabaseBroken,
  type Group,
  type RefusedTransaction,
} from './database.ts';
import type { FrozenFile } from './sqlite/page-file.ts';
import type { Calls, FrozenImage, FrozenPart, Report, Request, Slice } from './worker-protocol.ts';

/** The worker's end of the connection to the main thread. */
export interface ServerPort {
  post(report: Report, transfer?: readonly ArrayBuffer[]): void;
  onMessage(receive: (request: Request) => void): void;
}

/** A replay is applied in database transactions of about this size, which is as fast as larger ones. */
const replayChunkBytes = 1024 * 1024;

/** Answers requests, in their order, with a {@link Database}. */
export class DatabaseServer {
  private readonly port: ServerPort;
  private database: Database | undefined;
  private lastGroup = 0;
  private failed = false;
  private frozen: FrozenFile | undefined;
  private frozenCrc = 0;

  constructor(port: ServerPort) {
    this.port = port;
  }

  start(): void {
    this.port.onMessage((request) => {
      if (request.kind === 'apply') this.apply(request);
      else this.answer(request);
    });
  }

  private apply({ sequence, payload }: Extract<Request, { kind: 'apply' }>): void {
    if (this.failed) return;
    try {
      const { refused } = this.opened().apply([{ sequence, payload: view(payload) }]);
      this.lastGroup = sequence;
      const [first] = refused;
      if (first) this.fail(describeRefusal(first, refused.length));
      else this.port.post({ kind: 'applied', sequence, usedBytes: this.opened().usedBytes() });
    } catch (error) {
      this.fail(`The database cannot apply group ${sequence}: ${messageOf(error)}`);
    }
  }

  private fail(reason: string): void {
    this.failed = true;
    this.port.post({ kind: 'failed', reason });
  }

  private answer(request: Exclude<Request, { kind: 'apply' }>): void {
    const { id } = request;
    const refuse = (error: unknown): void =>
      this.port.post({ kind: 'refused', id, reason: messageOf(error) });
    if (request.kind === 'open') {
      this.open(request.argument).then(
        () => this.port.post({ kind: 'answer', id, answer: undefined }),
        refuse,
      );
      return;
    }
    try {
      const transfer: ArrayBuffer[] = [];
      const answer = this.call(request, transfer);
      this.port.post({ kind: 'answer', id, answer }, transfer);
    } catch (error) {
      refuse(error);
      if (error instanceof DatabaseBroken && !this.failed)
        this.fail(`The database is broken: ${error.message}`);
    }
  }

  private call(request: Exclude<Request, { kind: 'apply' | 'open' }>, transfer: ArrayBuffer[]): unknown {
    switch (request.kind) {
      case 'replay':
        return this.replay(request.argument);
      case 'query':
        return this.opened().query(request.argument);
      case 'freeze':
        return this.freeze();
      case 'readFrozen':
        transfer.push(request.argument);
        return this.readFrozen(request.argument);
      case 'thaw':
        this.frozen = undefined;
        this.database?.thaw();
        return undefined;
      case 'close':
        this.database?.close();
        this.database = undefined;
        return undefined;
    }
  }

  private async open(content: Slice | undefined): Promise<void> {
    this.database = await Database.open(content && view(content));
  }

  private freeze(): FrozenImage {
    // A database that lost a transaction must not become the base of the next start.
    if (this.failed) throw new Error('the database has failed');
    this.frozen = this.opened().freeze();
    this.frozenCrc = 0;
    return { lastGroup: this.lastGroup, bytes: this.frozen.size };
  }

  private readFrozen(buffer: ArrayBuffer): FrozenPart {
    if (!this.frozen) throw new Error('the database is not frozen');
    const length = this.frozen.readNext(new Uint8Array(buffer));
    this.frozenCrc = crc32(new Uint8Array(buffer, 0, length), this.frozenCrc);
    return { buffer, length, crc: this.frozenCrc };
  }

  private replay({ segment, groups }: Calls['replay']['argument']): ApplyResult {
    const refused: RefusedTransaction[] = [];
    let statements = 0;
    for (let next = 0; next < groups.length; ) {
      const chunk: Group[] = [];
      for (let bytes = 0; next < groups.length && bytes < replayChunkBytes; next++) {
        const { sequence, offset, length } = groups[next] as (typeof groups)[number];
        chunk.push({ sequence, payload: new Uint8Array(segment, offset, length) });
        bytes += length;
        this.lastGroup = sequence;
      }
      const result = this.opened().apply(chunk);
      statements += result.statements;
      refused.push(...result.refused);
    }
    return { statements, refused };
  }

  private opened(): Database {
    if (!this.database) throw new Error('the database is not open');
    return this.database;
  }
}

function describeRefusal(first: RefusedTransaction, count: number): string {
  const others = count > 1 ? ` (and ${count - 1} more transactions of the group)` : '';
  return (
    `Transaction ${first.transaction} of group ${first.group} was acknowledged, but the database refuses it` +
    `${others}: ${first.reason}. Statement: ${first.sql}`
  );
}

function view({ buffer, offset, length }: Slice): Uint8Array {
  return new Uint8Array(buffer, offset, length);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
