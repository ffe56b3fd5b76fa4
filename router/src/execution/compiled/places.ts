import { MAX_ERRORS, type AnswerError, type Reason, type ResponsePath } from './errors.ts';
import type { FilledKey } from './filled-keys.ts';
import type { Data } from './merge.ts';
import type { Shape } from './selection.ts';

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
