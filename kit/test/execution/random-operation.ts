import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Random } from './random.ts';

export interface RandomOperation {
  source: string;
  variables: Record<string, unknown>;
}

/** An operation with aliases, fragments, merged fields, arguments, variables and conditions; it may not be valid. */
export function createRandomOperation(schema: GraphQLSchema, random: Random): RandomOperation {
  return new Generator(schema, random).operation();
}

class Generator {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #fragments: string[] = [];
  readonly #declared: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  #names = 0;

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema;
    this.#random = random;
  }

  operation(): RandomOperation {
    const kind = this.#random.pick(['query', 'query', 'query', 'query', 'mutation', 'subscription'] as const);
    const { query, mutation, subscription } = {
      query: this.#schema.getQueryType(),
      mutation: this.#schema.getMutationType(),
      subscription: this.#schema.getSubscriptionType(),
    };
    const root = { query, mutation, subscription }[kind];
    if (root == null) throw new Error(`no ${kind}`);
    const selections = kind === 'subscription' ? this.#subscription(root) : this.#selections(root, 4);
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(' ')})` : '';
    return {
      source: [`${kind} Random${declared} ${selections}`, ...this.#fragments].join('\n'),
      variables: this.#variables,
    };
  }

  #subscription(root: GraphQLObjectType): string {
    const field = Object.values(root.getFields())[0];
    const type = field && getNamedType(field.type);
    return isCompositeType(type) ? `{ ${field?.name} ${this.#selections(type, 4)} }` : '{ __typename }';
  }

  #selections(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.#random.below(5);
    return `{ ${Array.from({ length: count }, () => this.#selection(type, depth)).join(' ')} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    if (depth > 0 && this.#random.chance(0.25)) return this.#fragment(type, depth - 1);
    if (isUnionType(type) || this.#random.chance(0.08)) return this.#aliased('__typename', this.#condition());
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || !isCompositeType(getNamedType(field.type)),
    );
    if (fields.length === 0) return '__typename';
    const field = this.#random.pick(fields);
    const inner = getNamedType(field.type);
    const args = this.#arguments(field.args);
    const rest = `${args}${this.#condition()}${isCompositeType(inner) ? ` ${this.#selections(inner, depth - 1)}` : ''}`;
    // Without an alias it may be merged with another; with arguments it would conflict.
    return args === '' && this.#random.chance(0.6) ? `${field.name}${rest}` : `a${this.#names++}: ${field.name}${rest}`;
  }

  #aliased(name: string, rest: string): string {
    return this.#random.chance(0.5) ? `${name}${rest}` : `a${this.#names++}: ${name}${rest}`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const possible = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    const around = Object.values(this.#schema.getTypeMap()).filter(
      (one) => isAbstractType(one) && possible.some((type) => isObjectType(type) && this.#schema.isSubType(one, type)),
    );
    const on = this.#random.pick([type, ...possible, ...around]);
    if (!isCompositeType(on)) throw new Error('not composite');
    const condition = this.#condition();
    if (this.#random.chance(0.6))
      return `...${this.#random.chance(0.8) ? ` on ${on.name}` : ''}${condition} ${this.#selections(this.#same(on, type), depth)}`;
    const name = `F${this.#names++}`;
    this.#fragments.push(`fragment ${name} on ${on.name} ${this.#selections(on, depth)}`);
    // Spread again on the same type it is merged with itself.
    return this.#random.chance(0.2) ? `...${name}${condition} ...${name}` : `...${name}${condition}`;
  }

  /** A fragment without a condition may get fields that its type lacks: such an operation is not valid, and left out. */
  #same(on: GraphQLCompositeType, type: GraphQLCompositeType): GraphQLCompositeType {
    return this.#random.chance(0.9) ? on : type;
  }

  #condition(): string {
    if (!this.#random.chance(0.12)) return '';
    const directive = this.#random.pick(['skip', 'include']);
    const value = this.#random.chance(0.4)
      ? String(this.#random.chance(0.5))
      : this.#variable('Boolean!', this.#random.chance(0.5));
    return ` @${directive}(if: ${value})`;
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    const given = args.flatMap(({ name, type }) => {
      if (!isNonNullType(type) && this.#random.chance(0.4)) return [];
      const text = this.#random.chance(0.5) ? this.#literal(type, 2) : this.#input(type);
      return [`${name}: ${text}`];
    });
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  /** A variable of the type, which may be left out. */
  #input(type: GraphQLInputType): string {
    const mode = this.#random.below(4);
    if (mode === 0 && !isNonNullType(type)) return this.#variable(String(type), undefined);
    if (mode === 1 && !isNonNullType(type)) return this.#variable(String(type), null);
    return this.#variable(String(type), this.#value(type, 2));
  }

  #variable(type: string, value: unknown): string {
    const name = `v${this.#names++}`;
    this.#declared.push(`$${name}: ${type}`);
    if (value !== undefined) this.#variables[name] = value;
    return `$${name}`;
  }

  #literal(type: GraphQLInputType, depth: number): string {
    if (isNonNullType(type)) return this.#literal(type.ofType, depth);
    if (isListType(type))
      return `[${Array.from({ length: this.#random.below(3) }, () => this.#literal(type.ofType, depth)).join(', ')}]`;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || (depth > 0 && this.#random.chance(0.5)),
      );
      // Variables inside, given or not: what is not given is not there.
      const text = fields.map(
        ({ name, type }) => `${name}: ${this.#random.chance(0.3) ? this.#input(type) : this.#literal(type, depth - 1)}`,
      );
      return `{${text.join(', ')}}`;
    }
    return isEnumType(type) ? String(this.#value(type, depth)) : JSON.stringify(this.#value(type, depth));
  }

  #value(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType, depth);
    if (isListType(type)) return Array.from({ length: this.#random.below(3) }, () => this.#value(type.ofType, depth));
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || (depth > 0 && this.#random.chance(0.5)),
      );
      return Object.fromEntries(fields.map(({ name, type }) => [name, this.#value(type, depth - 1)]));
    }
    if (isEnumType(type)) return this.#random.pick(type.getValues()).name;
    const values: Record<string, readonly unknown[]> = {
      Int: [0, 3, -1],
      Boolean: [true, false],
      Instant: ['2026-01-01T00:00:00.000Z'],
    };
    return this.#random.pick(values[type.name] ?? ['x', 'id_1']);
  }
}
