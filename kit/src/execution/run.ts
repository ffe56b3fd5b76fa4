import { locatedError } from 'graphql';
import type {
  FieldNode,
  GraphQLError,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLResolveInfo,
} from 'graphql';
import type { Arguments, Variables } from './input.ts';
import { Piece } from './piece.ts';

export type Resolver = GraphQLFieldResolver<unknown, unknown>;
/** Where a value stands in the answer, as graphql-js tells it to resolvers: innermost part first. */
export type Path = GraphQLResolveInfo['path'];

/** One field of the compiled operation on one object type. */
export interface Selected {
  readonly parentType: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  /** One array for each selection, as in graphql-js: what it is told apart by. */
  readonly nodes: readonly FieldNode[];
  readonly arguments: Arguments;
}

/** JSON text, or a piece that waits for some; null: an error is recorded, and what is around has to be null. */
export type Text = string | Piece | null;
/** Completes a value of one type at one position: the specification's CompleteValue. */
export type Complete = (value: unknown, run: Run, prev: Path | undefined, key: string | number) => Text;

/** What is the same in every run of an operation. */
export type Fixed = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation'>;

/** What one execution is given. */
export interface Given {
  rootValue: unknown;
  contextValue: unknown;
  /** Coerced. */
  variableValues: Variables;
}

/** What an execution came to: `data` as JSON text, and the errors as graphql-js makes them. */
export interface Executed {
  data: string;
  errors: readonly GraphQLError[];
}

/** One execution under way. Generated code and complete.ts work on it. */
export class Run {
  readonly rootValue: unknown;
  readonly context: unknown;
  readonly variables: Variables;
  readonly resolvers: readonly Resolver[];
  readonly fixed: Fixed;
  readonly errors: GraphQLError[] = [];
  /** The whole answer, where it waits for something; a piece that is not in it is of a part that has become null. */
  root: Piece | null = null;
  #pending = 0;
  #idle: PromiseWithResolvers<void> | null = null;

  constructor(fixed: Fixed, resolvers: readonly Resolver[], given: Given) {
    this.fixed = fixed;
    this.resolvers = resolvers;
    this.rootValue = given.rootValue;
    this.context = given.contextValue;
    this.variables = given.variableValues;
  }

  /** Resolves when no promise is waited for; at once (undefined) when none is. */
  settled(): Promise<void> | undefined {
    if (this.#pending === 0) return undefined;
    this.#idle = Promise.withResolvers();
    return this.#idle.promise;
  }

  /** @param path of the field; that of a value in a list of the field will do */
  info({ parentType, field, nodes }: Selected, path: Path): GraphQLResolveInfo {
    let own = path;
    while (typeof own.key === 'number' && own.prev !== undefined) own = own.prev;
    const { schema, fragments, operation } = this.fixed;
    return {
      fieldName: field.name,
      fieldNodes: nodes,
      returnType: field.type,
      parentType,
      path: own,
      schema,
      fragments,
      rootValue: this.rootValue,
      operation,
      variableValues: this.variables,
    };
  }

  /**
   * Records why there is no value at a position.
   * @returns what stands there: `null`, or null where the type allows none
   */
  refuse(selected: Selected, nullable: boolean, prev: Path | undefined, key: string | number, error: unknown): Text {
    const path = [key];
    for (let at = prev; at !== undefined; at = at.prev) path.push(at.key);
    this.errors.push(locatedError(error, [...selected.nodes], path.toReversed()));
    return nullable ? 'null' : null;
  }

  /** A piece for what a promise will give. A part of the answer that has become null meanwhile is not executed. */
  wait(
    promise: PromiseLike<unknown>,
    nullable: boolean,
    complete: (value: unknown) => Text,
    fail: (error: unknown) => Text,
  ): Piece {
    const piece = new Piece([], nullable);
    const settle = (make: (value: unknown) => Text, value: unknown) => {
      try {
        if (this.root !== null && piece.isPartOf(this.root)) piece.fill(make(value));
        if (--this.#pending === 0) this.#idle?.resolve();
      } catch (error) {
        this.#idle?.reject(error); // no error of a resolver, but one of ours
      }
    };
    this.#pending++;
    // Another library's may call back at once, or never return a promise.
    const native = promise instanceof Promise ? promise : Promise.resolve(promise);
    native.then(
      (value) => settle(complete, value),
      (error: unknown) => settle(fail, error),
    );
    return piece;
  }
}
