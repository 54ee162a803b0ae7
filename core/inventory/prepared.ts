import type { Insertable, Updateable } from 'kysely';
import { sqlBuilder } from '../store/builder.ts';
import type { Schema } from '../store/schema.ts';
import type { Statement } from '../store/types.ts';

/**
 * Insertion of rows that always name the same columns in the same order: its text is compiled once. Compiling
 * it for each of ten thousand devices that connect at a time would hold up everything else.
 */
export function preparedInsert<Table extends 'devices' | 'device_labels' | 'interfaces'>(
  table: Table,
): (row: Insertable<Schema[Table]>) => Statement {
  let sql: string | undefined;
  return (row) => {
    sql ??= sqlBuilder.insertInto(table).values(row).compile().sql;
    return { sql, parameters: Object.values(row) };
  };
}

/** Update of one device, with the same condition on the columns it changes as {@link preparedInsert}. */
export function preparedDeviceUpdate(): (
  key: { readonly tenantId: string; readonly id: string },
  change: Updateable<Schema['devices']>,
) => Statement {
  let sql: string | undefined;
  return ({ tenantId, id }, change) => {
    sql ??= sqlBuilder
      .updateTable('devices')
      .set(change)
      .where('tenant_id', '=', tenantId)
      .where('id', '=', id)
      .compile().sql;
    return { sql, parameters: [...Object.values(change), tenantId, id] };
  };
}

/** Update of one interface, with the same condition on the columns it changes as {@link preparedInsert}. */
export function preparedInterfaceUpdate(): (
  key: { readonly tenantId: string; readonly connector: string; readonly nodeId: string },
  change: Updateable<Schema['interfaces']>,
) => Statement {
  let sql: string | undefined;
  return ({ tenantId, connector, nodeId }, change) => {
    sql ??= sqlBuilder
      .updateTable('interfaces')
      .set(change)
      .where('tenant_id', '=', tenantId)
      .where('connector', '=', connector)
      .where('node_id', '=', nodeId)
      .compile().sql;
    return { sql, parameters: [...Object.values(change), tenantId, connector, nodeId] };
  };
}
