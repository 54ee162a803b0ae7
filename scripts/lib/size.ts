export const noteOver = 300;
export const failOver = 500;

export interface SizeReport {
  notes: string[];
  problems: string[];
}

export function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** @param files path and text of each */
export function checkSizes(files: readonly (readonly [path: string, text: string])[]): SizeReport {
  const sized = files.map(([path, text]) => ({ path, lines: countLines(text) }));
  return {
    notes: sized
      .filter(({ lines }) => lines > noteOver && lines <= failOver)
      .map(({ path, lines }) => `note: ${path} has ${lines} lines; the target is ${noteOver}`),
    problems: sized
      .filter(({ lines }) => lines > failOver)
      .map(({ path, lines }) => `${path} has ${lines} lines; ${failOver} is the limit: split it by concept`),
  };
}
