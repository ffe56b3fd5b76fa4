import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { untraced } from '../telemetry/resolver-spans.ts';
import { type Sharing, sharingOf } from '../sharing.ts';
import { compile, type Compiled } from './compile.ts';
import { conditionsOf, type Fragments } from './fields.ts';
import { type Coerced, type CoerceVariables, prepareVariables, type Variables } from './input.ts';
import { Piece } from './piece.ts';
import { type Executed, type Given, type Resolver, Run } from './run.ts';

/** Combinations of what @skip and @include say for which one operation is kept compiled. */
const MAX_VARIANTS = 16;

interface Variant extends Compiled {
  /** The resolvers without the spans around them. */
  untraced: readonly Resolver[];
}

/**
 * An operation of a valid document, compiled when it is first executed: gives what graphql-js gives, but as JSON text.
 * @see compile
 */
export class Operation {
  readonly document: DocumentNode;
  readonly kind: OperationTypeNode;
  readonly name: string | null;
  /** Null: it reads the viewer, for all that the schema says. */
  readonly sharing: Sharing | null;
  readonly #schema: GraphQLSchema;
  readonly #definition: OperationDefinitionNode;
  readonly #fragments: Fragments;
  readonly #conditions: readonly string[];
  readonly #coerce: CoerceVariables;
  readonly #variants = new LRUCache<string, Variant>({ max: MAX_VARIANTS });

  constructor(schema: GraphQLSchema, document: DocumentNode, definition: OperationDefinitionNode) {
    this.document = document;
    this.kind = definition.operation;
    this.name = definition.name?.value ?? null;
    this.sharing = sharingOf(schema, document, definition);
    this.#schema = schema;
    this.#definition = definition;
    this.#fragments = Object.fromEntries(
      document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
    );
    this.#conditions = conditionsOf(definition, this.#fragments);
    this.#coerce = prepareVariables(schema, definition);
  }

  /** The variables' values as their types want them, or what is wrong with them. */
  coerce(values: Readonly<Record<string, unknown>>): Coerced {
    const coerced = this.#coerce(values);
    if ('errors' in coerced) return coerced;
    // A variable with a default may still be given as null.
    const undecided = this.#conditions.find((name) => coerced.variableValues[name] === null);
    if (undecided === undefined) return coerced;
    return { errors: [new GraphQLError(`Variable "$${undecided}" of @skip or @include must not be null.`)] };
  }

  /**
   * @param given.variableValues from `coerce`
   * @param traced whether resolvers that are wrapped in spans are called as such
   */
  execute(given: Given, { traced }: { traced: boolean }): Executed | Promise<Executed> {
    const variant = this.#variant(given.variableValues);
    const fixed = { schema: this.#schema, fragments: this.#fragments, operation: this.#definition };
    const run = new Run(fixed, traced ? variant.resolvers : variant.untraced, given);
    return this.kind === OperationTypeNode.MUTATION ? serially(run, variant) : atOnce(run, variant);
  }

  #variant(variables: Variables): Variant {
    const key = this.#conditions.map((name) => (variables[name] === true ? '1' : '0')).join('');
    let variant = this.#variants.get(key);
    if (variant === undefined) {
      const type = this.#schema.getRootType(this.kind);
      if (type == null) throw new Error(`The schema has no ${this.kind}.`);
      const scope = { schema: this.#schema, fragments: this.#fragments, variables };
      const serial = this.kind === OperationTypeNode.MUTATION;
      const compiled = compile(scope, type, this.#definition.selectionSet, { serial });
      variant = { ...compiled, untraced: compiled.resolvers.map(untraced) };
      this.#variants.set(key, variant);
    }
    return variant;
  }
}

/** The operation of that name, or the only one; null without. */
export function operationOf(schema: GraphQLSchema, document: DocumentNode, name: string | null): Operation | null {
  const definition = getOperationAST(document, name);
  return definition == null ? null : new Operation(schema, document, definition);
}

/** All fields of the root, then what they wait for. */
function atOnce(run: Run, { parts }: Compiled): Executed | Promise<Executed> {
  const text = parts[0]?.(run.rootValue, run, undefined) ?? null;
  if (text instanceof Piece) {
    text.nullable = true;
    run.root = text;
  }
  const executed = () => ({ data: text instanceof Piece ? text.text : (text ?? 'null'), errors: run.errors });
  return run.settled()?.then(executed) ?? executed();
}

/** Each field of the root with all that it waits for, then the next; none after one that makes the whole null. */
async function serially(run: Run, { parts }: Compiled): Promise<Executed> {
  const root = new Piece(['{'], true);
  run.root = root;
  for (const [i, part] of parts.entries()) {
    const text = part(run.rootValue, run, undefined);
    if (text === null) root.fill(null);
    else {
      if (i > 0) root.append(',');
      root.append(text);
    }
    await run.settled();
    if (root.isDead) return { data: 'null', errors: run.errors };
  }
  root.append('}');
  return { data: root.text, errors: run.errors };
}
