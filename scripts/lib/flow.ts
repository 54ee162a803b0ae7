import ts from 'typescript';

/** Looks at one node with the compiler's types. */
export type Inspection = (node: ts.Node, checker: ts.TypeChecker) => { node: ts.Node; what: string }[];

export interface Finding {
  file: string;
  line: number;
  what: string;
}

export function inspect(
  program: ts.Program,
  files: readonly string[],
  inspections: readonly Inspection[],
): Finding[] {
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`${file} is not part of the program`);
    const findings: Finding[] = [];
    const visit = (node: ts.Node): void => {
      for (const { node: place, what } of inspections.flatMap((inspection) => inspection(node, checker))) {
        const { line } = source.getLineAndCharacterOfPosition(place.getStart());
        findings.push({ file, line: line + 1, what });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return findings;
  });
}
