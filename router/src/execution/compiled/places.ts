import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';
import { isIncluded, type Assignment } from './conditions.ts';
import { MAX_ERRORS, type AnswerError, type Reason, type ResponsePath } from './errors.ts';
import type { Data } from './merge.ts';
import type { Shape } from './selection.ts';

/** A key that a fetch fills in the objects it was made for; on some types only, if a type condition stands around it. */
export interface FilledKey {
  readonly key: string;
  readonly types: readonly string[] | undefined;
}

/** What a fetch fills at its place: the first level of its selection, without what only routers ask for. */
export function filledKeys(
  document: DocumentNode,
  selectionSet: SelectionSetNode,
  assignment: Assignment,
  renamed: ReadonlyMap<string, string>,
  possibleTypes: (condition: string) => readonly string[],
): FilledKey[] {
  const keys: FilledKey[] = [];
  const visit = (set: SelectionSetNode, types: readonly string[] | undefined): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection.directives, assignment)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        if (selection.name.value !== '__typename') keys.push({ key: renamed.get(key) ?? key, types });
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions
              .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
              .find(({ name }) => name.value === selection.name.value);
      if (fragment === undefined) continue;
      const narrowed = fragment.typeCondition && possibleTypes(fragment.typeCondition.name.value);
      visit(fragment.selectionSet, narrowed ?? types);
    }
  };
  visit(selectionSet, undefined);
  return keys;
}

/** Says where in the client's answer something is. */
export class Places {
  readonly #shape: () => Shape;
  readonly #clientKeys: ReadonlyMap<string, string>;

  constructor(shape: () => Shape, clientKeys: ReadonlyMap<string, string>) {
    this.#shape = shape;
    this.#clientKeys = clientKeys;
  }

  /**
   * A path of the data as a path of the answer: in the client's words, and cut off where the data goes on with what
   * the router asked for on its own (keys and required fields), whose names may not even be public.
   */
  toClient(path: ResponsePath): ResponsePath | undefined {
    const result: (string | number)[] = [];
    let shape: Shape | undefined = this.#shape();
    for (const part of path) {
      if (typeof part === 'string') {
        shape = shape?.get(part);
        if (shape === undefined) break;
        result.push(this.#clientKeys.get(part) ?? part);
      } else {
        result.push(part);
      }
    }
    return result.length === 0 ? undefined : result;
  }

  /** The errors of a fetch that failed: one for each place that the client asked for and that it would have filled. */
  unfilled(
    reason: Reason,
    objects: readonly { readonly object: Data; readonly path: ResponsePath }[],
    keys: readonly FilledKey[],
  ): AnswerError[] {
    const errors = new Map<string, AnswerError>();
    for (const { object, path } of objects) {
      const shape = path.reduce<Shape | undefined>(
        (shape, part) => (typeof part === 'number' ? shape : shape?.get(part)),
        this.#shape(),
      );
      const typename = object['__typename'];
      const asked = keys.filter(
        ({ key, types }) =>
          shape?.has(key) && (types === undefined || typeof typename !== 'string' || types.includes(typename)),
      );
      const paths = asked.length === 0 ? [path] : asked.map(({ key }) => [...path, key]);
      for (const at of paths) {
        if (errors.size >= MAX_ERRORS) break;
        const client = this.toClient(at);
        errors.set(JSON.stringify(client ?? null), { ...reason, ...(client && { path: client }) });
      }
    }
    return [...errors.values()];
  }
}
