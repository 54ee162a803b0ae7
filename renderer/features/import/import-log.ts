import type { ImportError, ImportReport } from '../../../core/contract/imports.ts';

const cell = (value: string | number | undefined): string => {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** How an import ended and why lines were refused, to keep or to send on: CSV (RFC 4180) with the report above it. */
export function importLog(report: ImportReport, errors: readonly ImportError[]): string {
  const rows = [
    ...Object.entries(report).map(([name, value]) => [name, value]),
    [],
    ['line', 'deviceId', 'code', 'message', 'details'],
    ...errors.map(({ line, deviceId, code, message, details }) => [line, deviceId, code, message, details]),
  ];
  return rows.map((row) => `${row.map((value) => cell(value as string)).join(',')}\r\n`).join('');
}
