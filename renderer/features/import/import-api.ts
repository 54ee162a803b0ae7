import { useQuery } from '@tanstack/react-query';
import type { ImportError, ImportReport } from '../../../core/contract/imports.ts';
import { ApiError, api } from '../../api/client.ts';

export const importsUrl = '/bench/v1/devices/imports';
export const importUrl = (id: string): string => `${importsUrl}/${encodeURIComponent(id)}`;

/** How often a running import is asked how far it is. */
const progressMs = 400;
/** The most errors of one answer; the platform keeps no more unless it is set to. */
const errorPage = 1000;

export interface ImportOptions {
  readonly dryRun: boolean;
  /** True: a device that exists already is no error. */
  readonly skipExisting: boolean;
  readonly createGroups: boolean;
}

/** A name for an import: of the file, so that a person knows it again, and of the moment, so that it is free. */
export function importName(fileName: string, nowMs: number, dryRun: boolean): string {
  const stem = fileName.replace(/[^\w.-]+/g, '-').slice(0, 36);
  return `${stem}-${nowMs.toString(36)}${dryRun ? '-check' : ''}`;
}

export const importQuery = ({ dryRun, skipExisting, createGroups }: ImportOptions) => ({
  dryRun,
  createGroups,
  onExisting: skipExisting ? 'skip' : 'fail',
});

/**
 * Sends the file and resolves when the import has ended, in whatever way. A file that cannot be read to its end
 * has a report that says so.
 * @throws ApiError when there is no import, and so no report
 */
export async function runImport(id: string, file: File, options: ImportOptions): Promise<ImportReport> {
  try {
    return await api.upload<ImportReport>(importUrl(id), file, importQuery(options));
  } catch (error) {
    // The connection of a refused upload may be cut before its answer is read.
    const report = await getImport(id).catch(() => undefined);
    if (report && report.state !== 'running') return report;
    throw error;
  }
}

export const getImport = (id: string): Promise<ImportReport> => api.get<ImportReport>(importUrl(id));

export const cancelImport = (id: string): Promise<ImportReport> =>
  api.post<ImportReport>(`${importUrl(id)}/cancel`);

export const forgetImport = (id: string): Promise<void> => api.delete(importUrl(id));

/** Every error that is kept of an import. */
export async function getImportErrors(id: string): Promise<ImportError[]> {
  const errors: ImportError[] = [];
  for (;;) {
    const query = { limit: errorPage, offset: errors.length };
    const page = await api.get<ImportError[]>(`${importUrl(id)}/errors`, { query });
    errors.push(...page);
    if (page.length < errorPage) return errors;
  }
}

export const useImports = () =>
  useQuery({
    queryKey: ['imports', 'list'],
    queryFn: ({ signal }) => api.get<ImportReport[]>(importsUrl, { query: { limit: 100 }, signal }),
  });

/** An import as it is now; asked again while it runs. Its first moments, in which there is none yet, are no error. */
export const useImport = (id: string, starting: boolean) =>
  useQuery({
    queryKey: ['imports', 'one', id],
    queryFn: async (): Promise<ImportReport | null> => {
      try {
        return await getImport(id);
      } catch (error) {
        if (starting && error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'running' || (starting && !data) ? progressMs : false,
  });

export const useImportErrors = (report: ImportReport) =>
  useQuery({
    queryKey: ['imports', 'errors', report.id, report.state, report.failed],
    queryFn: () => getImportErrors(report.id),
    enabled: report.failed > 0,
  });
