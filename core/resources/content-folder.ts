import { join } from 'node:path';
import type { Database } from '../store/database.ts';
import { readColumns } from '../store/export-format.ts';

/** Where the contents of resources are in a data folder. */
export const contentFolder = (dataDir: string): string => join(dataDir, 'resources');

/** A content as the row of its version names it. */
export interface StoredContent {
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly resourceId: string;
  readonly versionId: string;
}

/** The contents that a database names; for the commands that work on a folder that nobody uses. */
export function contentOf(database: Database): StoredContent[] {
  // A folder of an earlier version has none.
  if (!readColumns(database).has('resource_versions')) return [];
  const found: StoredContent[] = [];
  const sql = `SELECT content, json_extract(document, '$.size'), resource_id, id FROM resource_versions ORDER BY content`;
  database.each(sql, [], ([file, size, resourceId, versionId]) => {
    found.push({
      ...{ file: String(file), size: Number(size) },
      ...{ resourceId: String(resourceId), versionId: String(versionId) },
    });
  });
  return found;
}
