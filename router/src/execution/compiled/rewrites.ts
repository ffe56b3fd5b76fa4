import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isData, type Data } from './merge.ts';
import { typeApplies } from './type-conditions.ts';

const FRAGMENT = '... on ';

/**
 * Changes an object in place as the planner says.
 *
 *     KeyRenamer ['... on Book', 'size__alias_0'] to size:   { size__alias_0: 3 }  ->  { size: 3 }
 *     ValueSetter ['... on Book', '__typename'] to Product:  { __typename: 'Book' }  ->  { __typename: 'Product' }
 */
export function applyRewrites(schema: GraphQLSchema, rewrites: readonly FetchDataRewrite[], value: unknown): void {
  for (const rewrite of rewrites) {
    const last = rewrite.path.at(-1);
    if (last === undefined) continue;
    visit(schema, rewrite.path.slice(0, -1), value, (object) => {
      if (rewrite.kind === 'ValueSetter') {
        object[last] = rewrite.setValueTo;
      } else if (Object.hasOwn(object, last)) {
        object[rewrite.renameKeyTo] = object[last];
        delete object[last];
      }
    });
  }
}

function visit(schema: GraphQLSchema, path: readonly string[], value: unknown, change: (object: Data) => void): void {
  if (Array.isArray(value)) {
    for (const element of value) visit(schema, path, element, change);
    return;
  }
  if (!isData(value)) return;
  const [first, ...rest] = path;
  if (first === undefined) {
    change(value);
  } else if (first.startsWith(FRAGMENT)) {
    const typename = value['__typename'];
    if (typeof typename !== 'string' || typeApplies(schema, first.slice(FRAGMENT.length), typename)) {
      visit(schema, rest, value, change);
    }
  } else if (Object.hasOwn(value, first)) {
    visit(schema, rest, value[first], change);
  }
}
