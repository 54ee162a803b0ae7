import { z } from 'zod';
import type { InterfaceKind } from '../../../../core/contract/interface-kinds/interface-kind.ts';
import type { InterfaceOffers } from '../../../../core/contract/interface-kinds/offers.ts';
import { type Problems, problemsOf } from '../../../ui/form-problems.ts';

/** A value of a definition, as a form shows it. */
export interface DefinitionField {
  /** `security.pskInfo.identity` */
  readonly path: string;
  readonly kind: 'text' | 'flag' | 'choice';
  /** What a choice can be. */
  readonly choices: readonly string[];
  readonly required: boolean;
  /** What is meant where nothing is given. */
  readonly initial: string | undefined;
  /** Can be written and never read. */
  readonly secret: boolean;
}

/** By the path of the field; an absent one is not given. */
export type DefinitionValues = Readonly<Record<string, string | boolean>>;
type Tree = { [name: string]: unknown };

/** The part of a JSON Schema that definitions have. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
}

/**
 * The fields of a connector's definition, as its schema has them. The one that is the node id comes first.
 * @param offers what some of them can be, as far as that is known
 */
export function fieldsOf(kind: InterfaceKind, offers: Partial<InterfaceOffers> = {}): DefinitionField[] {
  const fields: DefinitionField[] = [];
  const walk = ({ properties = {}, required = [] }: Shape, above: string, needed: boolean): void => {
    for (const [name, shape] of Object.entries(properties)) {
      const path = `${above}${name}`;
      const isNeeded = needed && required.includes(name);
      if (shape.properties) walk(shape, `${path}.`, isNeeded);
      else {
        const offer = kind.offered?.[path];
        const choices = shape.enum ?? (offer && offers[offer]);
        fields.push({
          path,
          kind: choices ? 'choice' : shape.type === 'boolean' ? 'flag' : 'text',
          choices: choices ?? [],
          required: isNeeded,
          initial: typeof shape.default === 'string' ? shape.default : undefined,
          secret: kind.secrets.includes(path),
        });
      }
    }
  };
  walk(z.toJSONSchema(kind.definition, { io: 'input' }) as Shape, '', true);
  const isNodeId = ({ path }: DefinitionField): number => Number(path !== kind.nodeIdField);
  return fields.sort((a, b) => isNodeId(a) - isNodeId(b));
}

/** What a new interface begins with. */
export const initialValues = (fields: readonly DefinitionField[]): DefinitionValues =>
  Object.fromEntries(fields.flatMap(({ path, initial }) => (initial === undefined ? [] : [[path, initial]])));

/** What an existing definition fills in. */
export function toValues(
  fields: readonly DefinitionField[],
  definition: Readonly<Record<string, unknown>>,
): DefinitionValues {
  const values: Record<string, string | boolean> = {};
  for (const { path } of fields) {
    const value = path.split('.').reduce<unknown>((at, name) => (at as Tree | undefined)?.[name], definition);
    if (typeof value === 'string' || typeof value === 'boolean') values[path] = value;
  }
  return values;
}

/** The definition that the form says. */
export function toDefinition(values: DefinitionValues): Tree {
  const tree: Tree = {};
  for (const [path, value] of Object.entries(values)) {
    if (value === '') continue;
    const names = path.split('.');
    const last = names.pop() ?? '';
    let at = tree;
    for (const name of names) {
      at[name] ??= {};
      at = at[name] as Tree;
    }
    at[last] = value;
  }
  return tree;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/**
 * The change that makes one definition of the other, as a merge patch (RFC 7396). A secret that is not given anew is
 * in neither, and stays.
 */
export function patchOf(before: Readonly<Tree>, after: Readonly<Tree>): Tree {
  const patch: Tree = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    patch[name] = isTree(was) && isTree(is) ? patchOf(was, is) : (is ?? null);
  }
  return patch;
}

/** @param kept true for an interface that exists: its secrets need not be given */
export function definitionProblems(
  kind: InterfaceKind,
  values: DefinitionValues,
  { kept, needed }: { kept: boolean; needed: string },
): Problems {
  const problems = problemsOf(kind.definition, toDefinition(values), needed);
  if (kept) for (const path of kind.secrets) if (!values[path]) problems.delete(path);
  return problems;
}
