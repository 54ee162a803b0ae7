import type { CsvCells, CsvForm } from '../inventory/bulk/csv-records.ts';

/** Columns of a file of bootstrap entries, by the names of the manual (7.7.4.1.2). */
export const entryColumns = [
  'endpointName',
  'pskInfo.identity',
  'pskInfo.secret',
  'bootstrapConfigId',
  'runServers.id',
  'runServers.security.pskInfo.identity',
  'runServers.security.pskInfo.secret',
] as const;
type EntryColumn = (typeof entryColumns)[number];

/** A CSV file of bootstrap entries. */
export const entryCsv: CsvForm<EntryColumn> = {
  makes: 'a bootstrap entry',
  columns: entryColumns.join(', '),
  needed: ['endpointName', 'pskInfo.identity', 'pskInfo.secret'],
  mayEndEarly: true,
  columnOf: (cell) => entryColumns.find((known) => known === cell.trim()),
  toRecord: toEntry,
};

/** The body of the call that makes the entry (7.7.4.1.3). What an empty cell would fill is left out. */
function toEntry(columns: readonly EntryColumn[], cells: CsvCells): unknown {
  const cell = (column: EntryColumn): string | undefined =>
    cells[columns.indexOf(column)]?.trim() || undefined;
  const bootstrapConfigId = cell('bootstrapConfigId');
  const runServerId = cell('runServers.id');
  const identity = cell('runServers.security.pskInfo.identity');
  const secret = cell('runServers.security.pskInfo.secret');
  const ofRunServer = runServerId !== undefined || identity !== undefined || secret !== undefined;
  const hasCredentials = identity !== undefined || secret !== undefined;
  const runServer = {
    id: runServerId,
    ...(hasCredentials && { security: { pskInfo: { identity, secret } } }),
  };
  return {
    endpointName: cell('endpointName'),
    security: {
      mode: 'PSK',
      pskInfo: { identity: cell('pskInfo.identity'), secret: cell('pskInfo.secret') },
    },
    ...((bootstrapConfigId !== undefined || ofRunServer) && {
      definition: { bootstrapConfigId, ...(ofRunServer && { runServers: [runServer] }) },
    }),
  };
}
