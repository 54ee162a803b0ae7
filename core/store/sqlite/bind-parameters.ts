import type { SqlValue } from '../types.ts';
import type { Engine } from './engine.ts';
import type { ParameterMemory } from './parameter-memory.ts';
import type { SqlStatement } from './sql-statement.ts';

/** A statement came with more or fewer parameters than it has. */
export class ParameterCountError extends Error {}

/** @throws ParameterCountError */
export function checkCount(statement: SqlStatement, count: number): void {
  if (count === statement.parameterCount) return;
  throw new ParameterCountError(`${statement.parameterCount} parameters are needed, and ${count} are given`);
}

/**
 * Gives a statement its parameters. Texts and bytes are copied into the engine's memory, which holds them until it
 * is taken for the next statement.
 * @throws ParameterCountError
 */
export function bindParameters(
  engine: Engine,
  memory: ParameterMemory,
  statement: SqlStatement,
  parameters: readonly SqlValue[],
): void {
  checkCount(statement, parameters.length);
  const encoded = parameters.map((value) => (typeof value === 'string' ? Buffer.from(value) : value));
  const bytes = encoded.reduce<number>((sum, value) => sum + (isBytes(value) ? value.byteLength : 0), 0);
  let pointer = memory.take(bytes);
  for (const [index, value] of encoded.entries()) {
    if (value === null) statement.bindNull(index);
    else if (!isBytes(value)) statement.bindNumber(index, value as number);
    else {
      engine.heap.set(value, pointer);
      if (typeof parameters[index] === 'string') statement.bindText(index, pointer, value.byteLength);
      else statement.bindBytes(index, pointer, value.byteLength);
      pointer += value.byteLength;
    }
  }
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}
