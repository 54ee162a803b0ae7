import { createHash } from 'node:crypto';
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
  /** 32 hexadecimal characters. */
  readonly md5: string;
  readonly resourceId: string;
  readonly versionId: string;
}

/** What is wrong with the file of a content; undefined: nothing. @param bytes undefined: there is none */
export function problemOfContent({ size, md5 }: StoredContent, bytes: Uint8Array | undefined) {
  if (!bytes) return 'no file';
  if (bytes.byteLength !== size) return `has ${bytes.byteLength} bytes`;
  const found = createHash('md5').update(bytes).digest('hex');
  return found === md5 ? undefined : `has the MD5 ${found}, not ${md5}`;
}

/** The contents that a database names; for the commands that work on a folder that nobody uses. */
export function contentOf(database: Database): StoredContent[] {
  // A folder of an earlier version has none.
  if (!readColumns(database).has('resource_versions')) return [];
  const found: StoredContent[] = [];
  const sql = `SELECT content, json_extract(document, '$.size'), json_extract(document, '$.md5'), resource_id, id FROM resource_versions ORDER BY content`;
  database.each(sql, [], ([file, size, md5, resourceId, versionId]) => {
    found.push({
      ...{ file: String(file), size: Number(size), md5: String(md5) },
      ...{ resourceId: String(resourceId), versionId: String(versionId) },
    });
  });
  return found;
}
