import type { GraphQLLeafType } from 'graphql';
import type { RunState } from './call.ts';
import type { AnswerError } from './errors.ts';
import type { Data } from './merge.ts';

/** What one projection gathers beside its text. */
export class ProjectionRun {
  /** Number of errors so far; generated code compares it to see whether a part recorded any. */
  count = 0;
  /** JSON texts of `__schema` and `__type`, by key. */
  readonly introspection: Readonly<Record<string, string>>;
  /** Objects that stand at several places. */
  readonly repeated: ReadonlySet<Data>;
  /** Objects whose subgraph said, without an error, that there is no such entity. */
  readonly #absent: ReadonlySet<Data>;
  /** For each function of the generated code: what it printed of repeated objects. */
  readonly #printed: Map<Data, string>[] = [];
  /** Paths are kept innermost part first until they are complete. */
  readonly #errors: { message: string; path: (string | number)[] }[] = [];

  constructor(
    { absent, repeated }: Pick<RunState, 'absent' | 'repeated'>,
    introspection: Readonly<Record<string, string>> = {},
  ) {
    this.#absent = absent;
    this.repeated = repeated;
    this.introspection = introspection;
  }

  /** The errors found, with paths that begin with `prefix`. */
  errors(prefix: readonly (string | number)[] = []): AnswerError[] {
    return this.#errors.map(({ message, path }) => ({
      message,
      path: [...prefix, ...path.toReversed()],
      extensions: { code: 'INTERNAL' },
    }));
  }

  record(message: string, ...path: (string | number)[]): void {
    this.#errors.push({ message, path });
    this.count++;
  }

  enclose(from: number, part: string | number): void {
    for (let i = from; i < this.#errors.length; i++) this.#errors[i]?.path.push(part);
  }

  isAbsent(object: Data): boolean {
    return this.#absent.has(object);
  }

  /** @internal for `printOnce` */
  printed(place: number): Map<Data, string> {
    return (this.#printed[place] ??= new Map<Data, string>());
  }
}

/**
 * What a function prints of an object that stands at several places: the same everywhere, so it is printed once. Unless
 * there are errors in it, for each place has its own.
 */
export function printOnce(
  run: ProjectionRun,
  place: number,
  object: Data,
  print: (object: Data, run: ProjectionRun) => string | null,
): string | null {
  const printed = run.printed(place);
  const known = printed.get(object);
  if (known !== undefined) return known;
  const { count } = run;
  const text = print(object, run);
  // Looking at a character makes one piece of a text put together of many, once for all places where it is put in.
  if (text !== null && run.count === count && text.charCodeAt(0) === OPENING_BRACE) printed.set(object, text);
  return text;
}

const OPENING_BRACE = 123;

/** Puts a key or an index in front of the paths of the errors recorded since there were `from`. */
export function within(run: ProjectionRun, from: number, part: string | number): void {
  run.enclose(from, part);
}

/**
 * A field or element that may not be null has no value: an error, unless it is of an entity that its subgraph does not
 * know. Then nothing went wrong, and the entity is null as a whole. What `leaf` refused has its error already.
 */
export function nullValue(
  run: ProjectionRun,
  object: Data | undefined,
  value: unknown,
  place: string,
  part: string | number,
): null {
  const absent = value === undefined && object !== undefined && run.isAbsent(object);
  if ((value === null || value === undefined) && !absent) run.record(nullMessage(place), part);
  return null;
}

/** A value that may not be null became null from inside: an error, unless that recorded one (since there were `from`). */
export function nullInside(run: ProjectionRun, from: number, place: string, part: string | number): null {
  if (run.count === from) run.record(nullMessage(place), part);
  return null;
}

const nullMessage = (place: string): string => `Cannot return null for non-nullable field ${place}.`;

/** A value of an unusual kind: coerced as GraphQL's scalars are, or else an error. Custom scalars never come here. */
export function leaf(run: ProjectionRun, type: GraphQLLeafType, value: unknown, part: string | number): string | null {
  try {
    const serialized = type.serialize(value);
    if (serialized !== null && serialized !== undefined) return JSON.stringify(serialized);
  } catch {
    // Said below, without the value.
  }
  run.record(`The value of this field is no valid ${type.name}.`, part);
  return null;
}

/** A scalar where an object or a list should be, or an object of a type that cannot be there. */
export function wrongValue(run: ProjectionRun, expected: string): null {
  run.record(`The value of this field is no valid ${expected}.`);
  return null;
}

/** `__typename` of an object of which only an interface is known: its subgraph does not know it, or did not say. */
export function unknownType(run: ProjectionRun, object: Data, type: string, part: string): null {
  if (!run.isAbsent(object)) run.record(`The type of this ${type} is not known.`, part);
  return null;
}

/** A string as JSON. Most are short and have nothing to escape: those are looked through faster here. */
export function quote(value: string): string {
  const { length } = value;
  if (length > SHORT) return JSON.stringify(value);
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if (code < SPACE || code === QUOTE || code === BACKSLASH || code >= SURROGATES) return JSON.stringify(value);
  }
  return `"${value}"`;
}

/** Measured: from some 100 characters on JSON.stringify is as fast. */
const SHORT = 100;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SURROGATES = 0xd800;
