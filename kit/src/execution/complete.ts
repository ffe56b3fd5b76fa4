/** What generated code calls where a value is not simply what it should be. @see compile.ts */
import { inspect } from 'node:util';
import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  isObjectType,
  locatedError,
} from 'graphql';
import { Piece } from './piece.ts';
import type { Complete, Path, Run, Selected, Text } from './run.ts';

/** Completes an object of this type whose position has this path. */
export type CompleteObject = (object: unknown, run: Run, path: Path | undefined) => Text;
/** The same by the name of the type; undefined: there is no such type among the possible ones. */
export type Dispatch = (typename: string) => CompleteObject | undefined;

/** A string as JSON. Most are short and need no escapes, which this expression finds out sooner than JSON.stringify. */
export const quote = (text: string): string =>
  text.length < LONG && plain.test(text) ? `"${text}"` : JSON.stringify(text);
const plain = /^[ !#-[\]-~]*$/;
/** Measured: from here on both take the same. */
const LONG = 150;

export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Completes what a resolver or a list holds, when there or when it comes. */
export function completeLater(
  value: unknown,
  run: Run,
  prev: Path | undefined,
  key: string | number,
  selected: Selected,
  nullable: boolean,
  complete: Complete,
): Text {
  if (!isThenable(value)) return complete(value, run, prev, key);
  return run.wait(
    value,
    nullable,
    (value) => complete(value, run, prev, key),
    (error) => run.refuse(selected, nullable, prev, key, error),
  );
}

/** A value that may be a property's own function, as graphql-js's default resolver treats it. */
export function callProperty(
  source: object,
  value: unknown,
  run: Run,
  prev: Path | undefined,
  key: string,
  selected: Selected,
  nullable: boolean,
  complete: Complete,
): Text {
  let called = value;
  if (typeof value === 'function') {
    try {
      const info = run.info(selected, { prev, key, typename: selected.parentType.name });
      called = Reflect.apply(value, source, [selected.arguments(run.variables), run.context, info]);
    } catch (error) {
      return run.refuse(selected, nullable, prev, key, error);
    }
  }
  return completeLater(called, run, prev, key, selected, nullable, complete);
}

/** What reading a property threw, as the value of a field: an Error. */
export const thrown = (error: unknown): Error =>
  error instanceof Error ? error : (locatedError(error, []).originalError ?? new Error(String(error)));

/** What has no properties to read has none. */
export const NOTHING: object = Object.freeze(Object.create(null) as object);

/** What null, undefined or an Error comes to. */
export function completeNone(
  value: unknown,
  run: Run,
  prev: Path | undefined,
  key: string | number,
  selected: Selected,
  nullable: boolean,
): Text {
  if (value instanceof Error) return run.refuse(selected, nullable, prev, key, value);
  if (nullable) return 'null';
  const { parentType, field } = selected;
  const error = new Error(`Cannot return null for non-nullable field ${parentType.name}.${field.name}.`);
  return run.refuse(selected, nullable, prev, key, error);
}

/** A scalar or enum value other than those that generated code knows to be right. */
export function completeLeaf(
  value: unknown,
  run: Run,
  prev: Path | undefined,
  key: string | number,
  selected: Selected,
  nullable: boolean,
  type: GraphQLLeafType,
): Text {
  if (value == null || value instanceof Error) return completeNone(value, run, prev, key, selected, nullable);
  try {
    const serialized: unknown = type.serialize(value);
    if (serialized == null) {
      throw new Error(
        `Expected \`${type.name}.serialize(${describe(value)})\` to return non-nullable value, returned: ${serialized}`,
      );
    }
    return JSON.stringify(serialized) ?? 'null';
  } catch (error) {
    return run.refuse(selected, nullable, prev, key, error);
  }
}

/** The same for one position. */
export const leafCompletion =
  (selected: Selected, nullable: boolean, type: GraphQLLeafType): Complete =>
  (value, run, prev, key) =>
    completeLeaf(value, run, prev, key, selected, nullable, type);

/** A list's elements; null when it is no list, which is recorded. */
export function elements(
  value: unknown,
  run: Run,
  prev: Path | undefined,
  key: string | number,
  selected: Selected,
): unknown[] | null {
  try {
    if (typeof value === 'object' && value !== null && Symbol.iterator in value) {
      if (typeof value[Symbol.iterator] === 'function') return Array.from(value as Iterable<unknown>);
    }
    const { parentType, field } = selected;
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${parentType.name}.${field.name}".`);
  } catch (error) {
    run.refuse(selected, true, prev, key, error);
    return null;
  }
}

/** What an object's text comes to at its position. */
export function settle(text: Text, nullable: boolean): Text {
  if (text === null) return nullable ? 'null' : null;
  if (typeof text !== 'string') text.nullable = nullable;
  return text;
}

/** An object or list of parts of which some are waited for. */
export const piece = (parts: (string | Piece)[]): Piece => new Piece(parts, false);

/** An object of a type that says itself what belongs to it. */
export function completeChecked(
  value: unknown,
  run: Run,
  path: Path,
  selected: Selected,
  nullable: boolean,
  type: GraphQLObjectType,
  complete: CompleteObject,
): Text {
  const { prev, key } = path;
  const refuse = (error: unknown) => run.refuse(selected, nullable, prev, key, error);
  const decide = (belongs: unknown) =>
    belongs
      ? settle(complete(value, run, path), nullable)
      : refuse(
          new GraphQLError(`Expected value of type "${type.name}" but got: ${describe(value)}.`, {
            nodes: selected.nodes,
          }),
        );
  try {
    const belongs = type.isTypeOf?.(value, run.context, run.info(selected, path)) ?? true;
    return isThenable(belongs) ? run.wait(belongs, nullable, decide, refuse) : decide(belongs);
  } catch (error) {
    return refuse(error);
  }
}

/** An object of which only an interface or union is known. */
export function completeAbstract(
  value: unknown,
  run: Run,
  path: Path,
  selected: Selected,
  nullable: boolean,
  type: GraphQLAbstractType,
  dispatch: Dispatch,
): Text {
  const { prev, key } = path;
  const refuse = (error: unknown) => run.refuse(selected, nullable, prev, key, error);
  const decide = (name: unknown): Text => {
    const complete = typeof name === 'string' ? dispatch(name) : undefined;
    if (complete === undefined) return refuse(wrongType(type, name, value, run, selected));
    return settle(complete(value, run, path), nullable);
  };
  try {
    if (type.resolveType == null && hasTypename(value)) return decide(value.__typename);
    const name = (type.resolveType ?? defaultTypeResolver)(value, run.context, run.info(selected, path), type);
    return isThenable(name) ? run.wait(name, nullable, decide, refuse) : decide(name);
  } catch (error) {
    return refuse(error);
  }
}

const hasTypename = (value: unknown): value is { __typename: string } =>
  typeof value === 'object' && value !== null && '__typename' in value && typeof value.__typename === 'string';

/** In the words of graphql-js. */
function wrongType(type: GraphQLAbstractType, name: unknown, value: unknown, run: Run, selected: Selected): Error {
  const { parentType, field, nodes } = selected;
  const place = `for field "${parentType.name}.${field.name}"`;
  if (name == null) {
    return new GraphQLError(
      `Abstract type "${type.name}" must resolve to an Object type at runtime ${place}. Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes },
    );
  }
  if (typeof name !== 'string') {
    return new GraphQLError(
      `Abstract type "${type.name}" must resolve to an Object type at runtime ${place} with value ${describe(value)}, received "${describe(name)}".`,
    );
  }
  const found = run.fixed.schema.getType(name);
  if (found === undefined) {
    return new GraphQLError(
      `Abstract type "${type.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
      { nodes },
    );
  }
  return new GraphQLError(
    isObjectType(found)
      ? `Runtime Object type "${name}" is not a possible type for "${type.name}".`
      : `Abstract type "${type.name}" was resolved to a non-object type "${name}".`,
    { nodes },
  );
}

/** For the log: clients do not see it. */
const describe = (value: unknown): string => inspect(value, { depth: 0 });
