import type { TwinObject } from './twin-model.ts';

/** A line of the tree of objects. */
export interface ObjectLine {
  readonly object: TwinObject;
  /** Of the object, or of the instance. */
  readonly path: string;
  /** Objects are at 1. */
  readonly level: number;
  readonly children: number;
  readonly open: boolean;
}

/** Objects, and the instances of those that are opened. */
export const objectLines = (objects: readonly TwinObject[], opened: ReadonlySet<string>): ObjectLine[] =>
  objects.flatMap((object) => {
    const path = `/${object.objectId}`;
    const open = opened.has(path);
    const line = { object, path, level: 1, children: object.instanceIds.length, open };
    if (!open) return [line];
    const instances = object.instanceIds.map((id) => ({
      ...{ object, path: `${path}/${id}`, level: 2, children: 0, open: false },
    }));
    return [line, ...instances];
  });
