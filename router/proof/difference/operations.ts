import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { Random } from './random.ts';

export interface RandomOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/**
 * Makes up an operation: fields with arguments, aliases, fragments of both kinds, conditions and variables. Nearly all
 * are valid; the few that are not (two fields that cannot be merged) are for the caller to throw away.
 */
export function randomOperation(
  schema: GraphQLSchema,
  seed: number,
  limits: { depth: number; fields: number } = { depth: 7, fields: 46 },
): RandomOperation {
  return new Generator(schema, new Random(seed), limits).operation();
}

class Generator {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #definitions: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: { name: string; type: GraphQLCompositeType; text: string }[] = [];
  /** Fields that may still be added. */
  #budget: number;

  readonly #depth: number;

  constructor(schema: GraphQLSchema, random: Random, { depth, fields }: { depth: number; fields: number }) {
    this.#schema = schema;
    this.#random = random;
    this.#depth = depth;
    this.#budget = Math.min(6, fields) + random.int(Math.max(1, fields - 6));
  }

  operation(): RandomOperation {
    const mutation = this.#schema.getMutationType();
    const root = mutation && this.#random.chance(0.3) ? mutation : this.#schema.getQueryType();
    if (!root) throw new Error('A schema without a query type.');
    const kind = root === mutation ? 'mutation' : 'query';
    const selection = this.#selection(root, 0);
    const variables = this.#definitions.length === 0 ? '' : `(${this.#definitions.join(', ')})`;
    const name = this.#random.chance(0.5) ? ' Op' : '';
    const fragments = this.#fragments.map(({ name, type, text }) => `fragment ${name} on ${type.name} ${text}`);
    const head = kind === 'query' && name === '' && variables === '' ? 'query' : `${kind}${name}${variables}`;
    return { query: [`${head} ${selection}`, ...fragments].join('\n'), variables: this.#variables };
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const parts: string[] = [];
    const count = 1 + this.#random.int(depth === 0 ? 4 : 5);
    for (let i = 0; i < count; i++) parts.push(this.#part(type, depth));
    return `{ ${parts.filter(Boolean).join(' ') || '__typename'} }`;
  }

  #part(type: GraphQLCompositeType, depth: number): string {
    const choice = this.#random.next();
    if (choice < 0.06) return this.#random.chance(0.3) ? `kind: __typename` : '__typename';
    if (depth < this.#depth - 1 && (choice < 0.16 || (isAbstractType(type) && choice < 0.45)))
      return this.#fragment(type, depth);
    const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
    return fields.length === 0 ? this.#fragment(type, depth) : this.#field(this.#random.pick(fields), fields, depth);
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    if (depth > this.#depth + 1) return '__typename';
    const condition = this.#condition(type);
    if (this.#random.chance(0.35)) {
      const known = this.#fragments.filter((fragment) => fragment.type === condition);
      if (known.length > 0 && this.#random.chance(0.4))
        return `...${this.#random.pick(known).name}${this.#directives()}`;
      const text = this.#selection(condition, depth + 1);
      const name = `F${this.#fragments.length}`;
      this.#fragments.push({ name, type: condition, text });
      return `...${name}${this.#directives()}`;
    }
    const on = condition === type && this.#random.chance(0.5) ? '' : ` on ${condition.name}`;
    return `...${on}${this.#directives()} ${this.#selection(condition, depth + 1)}`;
  }

  /**
   * The type itself, a part of it, or an interface that overlaps it. Not another union: inside of it the planner cannot
   * plan members that the type does not have (`... on Book { ... on BookOrFilm { ... on Film { … } } }`).
   */
  #condition(type: GraphQLCompositeType): GraphQLCompositeType {
    const possible = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    const overlapping = Object.values(this.#schema.getTypeMap()).filter(
      (other): other is GraphQLCompositeType =>
        isInterfaceType(other) && possible.some((object) => this.#schema.isSubType(other, object)),
    );
    return this.#random.pick([...possible, ...possible, type, ...overlapping]);
  }

  #field(
    field: GraphQLField<unknown, unknown>,
    siblings: readonly GraphQLField<unknown, unknown>[],
    depth: number,
  ): string {
    const type = getNamedType(field.type);
    if (isCompositeType(type) && (depth >= this.#depth || this.#budget <= 0)) return '';
    this.#budget--;
    const args = field.args.map((arg) => this.#argument(arg)).filter((arg) => arg !== '');
    const call = args.length === 0 ? '' : `(${args.join(', ')})`;
    const selection = isCompositeType(type) ? ` ${this.#selection(type, depth + 1)}` : '';
    return `${this.#alias(field, call, siblings)}${field.name}${call}${this.#directives()}${selection}`;
  }

  /** Most aliases say what they stand for, so that they merge; a few are the name of another field. */
  #alias(field: GraphQLField<unknown, unknown>, call: string, siblings: readonly { name: string }[]): string {
    if (this.#random.chance(0.03)) return `${this.#random.pick(siblings).name}: `;
    if (call === '' && !this.#random.chance(0.15)) return '';
    const label = call.replaceAll(/[^A-Za-z0-9]+/g, '_').slice(0, 40);
    return this.#random.chance(0.1) ? `x${this.#random.int(3)}: ` : `${field.name}_${label}${this.#random.int(2)}: `;
  }

  #directives(): string {
    if (this.#random.chance(0.86)) return '';
    const name = this.#random.pick(['skip', 'include']);
    const extra = this.#random.chance(0.1) ? ` @${name === 'skip' ? 'include' : 'skip'}(if: ${this.#flag()})` : '';
    return ` @${name}(if: ${this.#flag()})${extra}`;
  }

  #flag(): string {
    if (this.#random.chance(0.3)) return String(this.#random.chance(0.5));
    const name = `flag${this.#random.int(3)}`;
    if (!this.#definitions.some((definition) => definition.startsWith(`$${name}:`))) {
      const fallback = this.#random.chance(0.3);
      this.#definitions.push(`$${name}: Boolean!${fallback ? ` = ${this.#random.chance(0.5)}` : ''}`);
      if (!fallback || this.#random.chance(0.5)) this.#variables[name] = this.#random.chance(0.5);
    }
    return `$${name}`;
  }

  #argument({ name, type, defaultValue }: GraphQLArgument): string {
    const optional = !isNonNullType(type) || defaultValue !== undefined;
    if (optional && this.#random.chance(0.4)) return '';
    if (!this.#random.chance(0.5)) return `${name}: ${literal(this.#value(type))}`;
    const variable = `${this.#random.chance(0.05) ? 'representations' : 'v'}${this.#definitions.length}`.replace(
      /^representations\d+$/,
      'representations',
    );
    if (this.#definitions.some((definition) => definition.startsWith(`$${variable}:`))) return '';
    const fallback = this.#random.chance(0.3) ? ` = ${literal(this.#value(type, false))}` : '';
    this.#definitions.push(`$${variable}: ${String(type)}${fallback}`);
    if (fallback === '' ? isNonNullType(type) || this.#random.chance(0.7) : this.#random.chance(0.5)) {
      this.#variables[variable] = plain(this.#value(type));
    }
    return `${name}: $${variable}`;
  }

  #value(type: GraphQLInputType, nullable = true): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType, false);
    if (nullable && this.#random.chance(0.1)) return null;
    if (isListType(type)) return Array.from({ length: this.#random.int(3) }, () => this.#value(type.ofType));
    if (isEnumType(type)) return new EnumLiteral(this.#random.pick(type.getValues()).name);
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || this.#random.chance(0.5),
      );
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type)]));
    }
    switch (String(type)) {
      case 'Int':
        return this.#random.int(5);
      case 'Float':
        return this.#random.int(9) / 2;
      case 'Boolean':
        return this.#random.chance(0.5);
      default:
        return this.#random.pick(['', 'a', 'quote"d', 'User-id-1']);
    }
  }
}

class EnumLiteral {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

function literal(value: unknown): string {
  if (value instanceof EnumLiteral) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, part]) => `${key}: ${literal(part)}`)
    .join(', ')} }`;
}

function plain(value: unknown): unknown {
  if (value instanceof EnumLiteral) return value.name;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
