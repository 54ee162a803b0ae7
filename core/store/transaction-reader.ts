import { type GroupReader, readGroup } from './group-reader.ts';
import type { SqlValue, Statement } from './types.ts';

/** Hands over the transactions of a payload one by one, as the statements they were made of. */
export function readTransactions(
  payload: Uint8Array,
  receive: (transaction: readonly Statement[], position: number) => void,
): void {
  const buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const texts: string[] = [];
  let statements: Statement[] = [];
  let parameters: SqlValue[] = [];
  let sql = '';
  let position = 0;
  const reader: GroupReader = {
    define: (text) => void texts.push(text),
    begin: (statement) => {
      sql = texts[statement] as string;
      parameters = [];
    },
    null: () => void parameters.push(null),
    number: (_index, value) => void parameters.push(value),
    text: (_index, start, length) => void parameters.push(buffer.toString('utf8', start, start + length)),
    bytes: (_index, start, length) =>
      void parameters.push(new Uint8Array(buffer.subarray(start, start + length))),
    execute: () => void statements.push({ sql, parameters }),
    endTransaction: () => {
      receive(statements, position);
      statements = [];
      position += 1;
    },
  };
  readGroup(payload, reader);
}
