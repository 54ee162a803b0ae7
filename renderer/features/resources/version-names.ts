/** What looks like a version in the name of a file, for a start: `x11-1.2.0.bin` is 1.2.0. */
export function versionInName(fileName: string): string {
  const stem = fileName.replace(/\.[a-z]\w*$/i, '');
  return /\d+(?:\.[\w-]+)+/.exec(stem)?.[0] ?? '';
}

/** Versions as they are written in one line, with commas or spaces between. */
export function readVersions(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((version) => version !== ''))];
}
