import type { ResponsePath } from './errors.ts';
import { generate } from '@chorus/kit/generate';
import { isData, type Data } from './merge.ts';

/** One step of a walk into the data: into a key, into each element of a list, or only on if the object's type fits. */
export type PathPart = { readonly key: string } | { readonly types: readonly string[] } | 'each';

/**
 * Reads a path of the query planner.
 *
 *     ['products', '@', 'brand|[Maker,Shop]']  ->  products, each, brand, only if it is a Maker or a Shop
 */
export function parsePath(path: readonly (string | number)[]): PathPart[] {
  return path.flatMap((element): PathPart[] => {
    const [name = '', types] = String(element).split('|[', 2);
    const parts: PathPart[] = name === '' ? [] : [name === '@' ? 'each' : { key: name }];
    if (types !== undefined) parts.push({ types: types.replace(/\]$/, '').split(',') });
    return parts;
  });
}

/** The keys of a path: what it is called in the answer when list indices are left out. */
export const keysOf = (path: readonly PathPart[]): string[] =>
  path.flatMap((part) => (typeof part === 'object' && 'key' in part ? [part.key] : []));

/** Finds the objects at a path, in the order of the answer; nulls and what is no object are passed over. */
export type Finder = (root: Data) => Data[];

/**
 * Compiles a path to nested loops.
 *
 *     products, each, brand  ->  const v0 = root["products"]; if (isArray(v0)) for (const v1 of v0) { if (v1 != null) {
 *                                const v2 = v1["brand"]; if (isObject(v2)) out.push(v2); } }
 */
export function compileFinder(path: readonly PathPart[]): Finder {
  let code = '';
  let close = '';
  let at = 'root';
  path.forEach((part, i) => {
    const next = `v${i}`;
    if (part === 'each') code += `if(isArray(${at}))for(const ${next} of ${at}){if(${next}!=null){`;
    else if ('key' in part) code += `{const ${next}=${at}[${JSON.stringify(part.key)}];if(${next}!=null){`;
    else code += `{const ${next}=${at};if(${JSON.stringify(part.types)}.includes(${next}.__typename)){`;
    close += '}}';
    at = next;
  });
  const body = `const out=[];${code}if(typeof ${at}==="object"&&!isArray(${at}))out.push(${at});${close}return out;`;
  return generate({ isArray: Array.isArray }, `return (root)=>{${body}}`) as Finder;
}

/** The same walk, slower, which also says where each object stands. Used only when there is an error to place. */
export function findWithPaths(root: Data, path: readonly PathPart[]): { object: Data; path: ResponsePath }[] {
  const found: { object: Data; path: ResponsePath }[] = [];
  const walk = (value: unknown, part: number, at: (string | number)[]): void => {
    const next = path[part];
    if (next === undefined) {
      if (isData(value)) found.push({ object: value, path: at });
    } else if (next === 'each') {
      if (Array.isArray(value)) value.forEach((element, i) => walk(element, part + 1, [...at, i]));
    } else if ('key' in next) {
      if (isData(value) && Object.hasOwn(value, next.key)) walk(value[next.key], part + 1, [...at, next.key]);
    } else if (isData(value) && next.types.includes(String(value['__typename']))) {
      walk(value, part + 1, at);
    }
  };
  walk(root, 0, []);
  return found;
}
