/** An object of a subgraph's answer. */
export type Data = Record<string, unknown>;

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Merges what a subgraph answered into what is known of the same object.
 *
 * A value beats null, so that the result does not depend on which of two parallel calls answers first; objects are
 * merged key by key, lists of the same length element by element; a list of another length replaces.
 *
 *     merge({ id: 1, best: { a: 1 } }, { best: { b: 2 }, name: 'x' })  ->  { id: 1, best: { a: 1, b: 2 }, name: 'x' }
 *
 * The name of a type beats that of an interface in `interfaces`: a subgraph that holds the objects of an interface without
 * knowing their types (@interfaceObject) calls them all by its name.
 *
 * Sub-objects are taken over by reference. The key `__proto__`, which no compiled operation asks for, is left out.
 */
export function merge(target: Data, source: Data, interfaces: ReadonlySet<unknown> = none): void {
  for (const key in source) {
    const value = source[key];
    const current = target[key];
    if (current === undefined || current === null) {
      target[key] = value;
    } else if (value !== null && value !== undefined && value !== current && key !== '__proto__') {
      if (key !== '__typename' || interfaces.has(current)) target[key] = mergeValue(current, value, interfaces);
    }
  }
}

const none: ReadonlySet<unknown> = new Set();

function mergeValue(current: unknown, value: unknown, interfaces: ReadonlySet<unknown>): unknown {
  if (isData(current) && isData(value)) {
    merge(current, value, interfaces);
    return current;
  }
  if (Array.isArray(current) && Array.isArray(value) && current.length === value.length) {
    for (let i = 0; i < value.length; i++) {
      const before: unknown = current[i];
      const after: unknown = value[i];
      if (before === null) current[i] = after;
      else if (after !== null && after !== before) current[i] = mergeValue(before, after, interfaces);
    }
    return current;
  }
  return value;
}
