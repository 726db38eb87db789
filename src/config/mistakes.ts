import type { z } from '../model/zod.ts';
import { type Explained, explain, type NameOf, pathText, valueAt } from './explain.ts';
import type { YamlPath } from './yaml.ts';

/** A value with mistakes: all of them, and the value with those put right that are surely slips of the pen. */
export interface Examined {
  readonly mistakes: readonly Explained[];
  readonly corrected: unknown;
  /** The path in the file of a path in the corrected value: they differ below a key that was put right. */
  readonly asWritten: (path: YamlPath) => YamlPath;
}

interface Renamed {
  readonly path: YamlPath;
  readonly from: string;
  readonly to: string;
}

/**
 * Everything in which a value differs from its schema. A misspelt key or word is told once and then taken for what it
 * was meant to be, so that what stands below it is checked as well, and what it hides is not told to be missing.
 * @param nameOf What a path of the corrected value is called, given also as it was written.
 */
export function examine(
  given: unknown,
  schema: z.ZodType,
  nameOf: (corrected: YamlPath, written: YamlPath) => string = pathText,
): Examined {
  const corrected = structuredClone(given);
  const mistakes: Explained[] = [];
  const renames: Renamed[] = [];
  const name: NameOf = (path) => nameOf(path, asWritten(path, renames));
  for (;;) {
    const { error } = schema.safeParse(corrected);
    const found = error?.issues.flatMap((issue) => explain(issue, schema, corrected, name)) ?? [];
    const slips = found.filter((mistake) => putRight(corrected, mistake));
    // Each round puts something right for good, so there is a last one.
    mistakes.push(...(slips.length > 0 ? slips : found));
    if (slips.length === 0) break;
    for (const { path, key, meant } of slips)
      if (key !== undefined && meant !== undefined) renames.push({ path, from: key, to: meant });
  }
  return { mistakes, corrected, asWritten: (path) => asWritten(path, renames) };
}

/** Whether there was something to put right. */
function putRight(root: unknown, { path, key, meant }: Explained): boolean {
  if (meant === undefined) return false;
  const parent = valueAt(root, key === undefined ? path.slice(0, -1) : path);
  const place = key === undefined ? path.at(-1) : meant;
  if (parent === null || typeof parent !== 'object' || place === undefined) return false;
  if (key === undefined) return Reflect.set(parent, place, meant);
  // Of two keys that were meant to be the same, the first is taken.
  if (!Object.hasOwn(parent, key) || Object.hasOwn(parent, meant)) return false;
  const given: unknown = Reflect.get(parent, key);
  // At the top, an empty section is as good as none.
  if (given !== null || path.length > 0) Reflect.set(parent, meant, given);
  return Reflect.deleteProperty(parent, key);
}

function asWritten(path: YamlPath, renames: readonly Renamed[]): YamlPath {
  return path.map((part, depth) => {
    const renamed = renames.find(
      ({ path: parent, to }) =>
        to === part && parent.length === depth && parent.every((one, index) => one === path[index]),
    );
    return renamed?.from ?? part;
  });
}
