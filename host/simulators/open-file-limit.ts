interface Report {
  readonly userLimits?: { readonly open_files?: { readonly soft: number | string } };
}

/** How many files and sockets this process may have open; undefined where the system sets no limit. */
export function openFileLimit(): number | undefined {
  const report = process.report?.getReport() as Report | undefined;
  const limit = Number(report?.userLimits?.open_files?.soft);
  return Number.isFinite(limit) ? limit : undefined;
}
