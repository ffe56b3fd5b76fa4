import {
  assertScalarType,
  buildSchema,
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import { type Random, randomOf } from './random.ts';

/** Every kind of output, input and nullability. */
const sdl = /* GraphQL */ `
  scalar Instant
  scalar Picky
  enum Colour {
    RED
    GREEN
    BLUE
  }
  input Box {
    width: Int!
    height: Int = 7
    colour: Colour
    inner: Box
    names: [String!]
    when: Instant
  }

  interface Node {
    id: ID!
    name: String
    node: Node
    strictNode: Node!
  }
  interface Named implements Node {
    id: ID!
    name: String
    node: Node
    strictNode: Node!
    title(long: Boolean = false): String!
  }

  type Apple implements Node & Named {
    id: ID!
    name: String
    node: Node
    strictNode: Node!
    title(long: Boolean = false): String!
    weight: Float
    count: Int
    ripe: Boolean!
    colour: Colour
    colours: [Colour!]!
    seeds: [Int!]!
    matrix: [[Int]!]
    friends(first: Int = 2, after: ID): [Apple]
    strictFriends: [Apple!]!
  }
  type Bee implements Node {
    id: ID!
    name: String
    node: Node
    strictNode: Node!
    at: Instant!
    maybeAt: Instant
    picky: Picky
    hive: Hive
    strictHive: Hive!
    seen: [Thing]
    strictSeen: [Thing!]
  }
  type Hive implements Node & Named {
    id: ID!
    name: String
    node: Node
    strictNode: Node!
    title(long: Boolean = false): String!
    bees: [Bee!]
    grid: [[Bee!]!]!
    looseGrid: [[Bee]]
    queen: Bee!
    box(box: Box, boxes: [Box!]): String
  }
  union Thing = Apple | Bee | Hive

  type Query {
    apple: Apple
    bee: Bee!
    hive(id: ID, colour: Colour = RED): Hive
    things: [Thing]
    strictThings: [Thing!]!
    nodes(ids: [ID!]): [Node]!
    named: Named
    thing: Thing
    echo(box: Box, at: Instant): String
  }
  type Mutation {
    first: Apple
    second(box: Box): Bee
    third: Hive!
    fourth: [Named!]
  }
  type Subscription {
    event: Bee
  }
`;

const instant = {
  serialize: (value: unknown) => {
    if (value instanceof Date) return value.toISOString();
    throw new Error(`no instant: ${String(value)}`);
  },
  parseValue: (value: unknown) => new Date(String(value)),
};
/** Serializes to objects, to text with things to escape, and now and then to nothing. */
const picky = {
  serialize: (value: unknown) =>
    value === 1 ? { deep: [1, '"', null] } : value === 2 ? undefined : `a "quoted"\n\u2028 ${String(value)}`,
};

/**
 * A schema whose resolvers answer by chance, always the same for the same place, arguments and seed: right and wrong
 * values, nulls, errors thrown, returned and rejected, sooner and later.
 * @param strict false: the same schema in which everything may be null
 */
export function createRandomSchema({ strict }: { strict: boolean }): GraphQLSchema {
  const schema = buildSchema(strict ? sdl : sdl.replaceAll('!', ''));
  Object.assign(assertScalarType(schema.getType('Instant')), instant);
  Object.assign(assertScalarType(schema.getType('Picky')), picky);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type)) {
      const root = ['Query', 'Mutation', 'Subscription'].includes(type.name);
      for (const field of Object.values(type.getFields())) {
        const leaf = isLeafType(getNamedType(field.type));
        // Leaves by property as well as by resolver; what is deep by resolver, or by a function in its property.
        if (!root && (leaf ? field.name.length % 2 === 0 : field.name === 'hive')) field.resolve = undefined;
        else field.resolve = resolve;
        if (field.name === 'node') field.resolve = defaultFieldResolver;
      }
    }
  }
  const thing = schema.getType('Thing');
  if (isAbstractType(thing)) {
    thing.resolveType = (value: unknown, context, info) => {
      const random = randomOf(`${(context as Context).seed} type ${keyOf(value)} ${pathOf(info)}`);
      if (random.chance(0.02)) throw new Error(`no type for ${keyOf(value)}`);
      const name = random.chance(0.02) ? random.pick([undefined, 'Nobody', 'Query', 'Colour']) : typeOf(value);
      return random.chance(0.2) ? Promise.resolve(name) : name;
    };
  }
  const bee = schema.getType('Bee');
  if (isObjectType(bee)) {
    bee.isTypeOf = (value, context: Context) => {
      const random = randomOf(`${context.seed} is ${keyOf(value)}`);
      if (random.chance(0.02)) throw new Error(`cannot say of ${keyOf(value)}`);
      const is = typeOf(value) === 'Bee';
      return random.chance(0.2) ? Promise.resolve(is) : is;
    };
  }
  return schema;
}

export interface Context {
  seed: string;
}

const resolve = (source: unknown, args: object, context: Context, info: GraphQLResolveInfo): unknown => {
  const key = `${context.seed} ${pathOf(info)}(${JSON.stringify(args)}) of ${keyOf(source)}`;
  const random = randomOf(key);
  if (random.chance(0.03)) throw random.chance(0.1) ? key : new Error(`thrown at ${key}`);
  if (info.fieldName === 'echo' || info.fieldName === 'box') return key;
  return value(info.returnType, key, info.schema, context);
};

/** A value for a type, as a resolver, a property or an element of a list may hold it. */
function value(type: GraphQLOutputType, key: string, schema: GraphQLSchema, context: Context): unknown {
  const random = randomOf(key);
  if (random.chance(0.06)) return random.pick([null, undefined]);
  if (random.chance(0.03)) return new Error(`returned at ${key}`);
  if (random.chance(0.03)) return later(random, () => Promise.reject(new Error(`rejected at ${key}`)));
  if (random.chance(0.25)) return later(random, () => plain(type, `${key}~`, schema, context));
  return plain(type, `${key}~`, schema, context);
}

/** Some steps of the microtask queue later, or a turn of the event loop, or by a promise that is none of the language. */
function later(random: Random, make: () => unknown): unknown {
  const steps = random.below(4);
  const wait = async () => {
    for (let i = 0; i < steps; i++) await Promise.resolve();
    if (random.chance(0.2)) await new Promise((resolve) => setImmediate(resolve));
    return make();
  };
  const promise = wait();
  promise.catch(() => 'whoever executes may have stopped listening');
  // oxlint-disable-next-line unicorn/no-thenable -- what a library may return
  return random.chance(0.1) ? { then: promise.then.bind(promise) } : promise;
}

function plain(type: GraphQLOutputType, key: string, schema: GraphQLSchema, context: Context): unknown {
  const random = randomOf(key);
  const inner = getNullableType(type);
  if (random.chance(0.02)) return random.pick(['a string', 17, true, () => 'called', Number.NaN]);
  if (isListType(inner)) {
    const items = Array.from({ length: random.below(4) }, (_, i) =>
      value(inner.ofType, `${key}.${i}`, schema, context),
    );
    return random.chance(0.1) ? new Set(items) : items;
  }
  if (isEnumType(inner)) return random.pick(['RED', 'GREEN', 'BLUE', 'MAUVE']);
  if (isAbstractType(inner)) return object(random.pick(schema.getPossibleTypes(inner)), key, schema, context);
  if (isObjectType(inner)) return object(inner, key, schema, context);
  switch (inner.name) {
    case 'Int':
      return random.pick([0, -3, 42, '7', 2 ** 31, 1.5, true]);
    case 'Float':
      return random.pick([0, -0.5, 1e21, 3, '2.5', Number.POSITIVE_INFINITY]);
    case 'Boolean':
      return random.pick([true, false, 1, 0, 'yes']);
    case 'ID':
      return random.pick(['id_1', 'an "id"', 5, 1.5]);
    case 'Instant':
      return random.pick([new Date(0), new Date(1e12), 'never']);
    case 'Picky':
      return random.pick([1, 2, 3, 'x']);
    default:
      return random.pick([
        'text',
        '',
        'with "quotes" \\ and \u0007',
        '\ud800 alone',
        'ü€😀',
        12,
        false,
        { no: 'text' },
      ]);
  }
}

function object(type: GraphQLObjectType, key: string, schema: GraphQLSchema, context: Context): object {
  const random = randomOf(`${key} object`);
  const made: Record<string, unknown> = { $key: key, $type: type.name };
  if (type.name !== 'Bee' || random.chance(0.7)) made['__typename'] = random.chance(0.01) ? 'Nobody' : type.name;
  for (const field of Object.values(type.getFields())) {
    if (field.resolve !== undefined && field.resolve !== defaultFieldResolver) continue;
    const own = `${key}.${field.name}`;
    if (random.chance(0.02)) {
      Object.defineProperty(made, field.name, {
        get() {
          throw new Error(`read at ${own}`);
        },
      });
    } else if (random.chance(0.1) || !isLeafType(getNamedType(field.type))) {
      made[field.name] = (args: object, context: Context, info: GraphQLResolveInfo) =>
        resolve(made, args, context, info);
    } else {
      made[field.name] = value(field.type, own, schema, context);
    }
  }
  return made;
}

const property = (value: unknown, name: string): string =>
  String(typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : value);
const keyOf = (value: unknown): string => property(value, '$key');
const typeOf = (value: unknown): string => property(value, '$type');

function pathOf({ path, parentType, fieldName, fieldNodes }: GraphQLResolveInfo): string {
  let text = `${parentType.name}.${fieldName}*${fieldNodes.length}`;
  for (let at: GraphQLResolveInfo['path'] | undefined = path; at !== undefined; at = at.prev) {
    text += `/${at.key}:${at.typename ?? ''}`;
  }
  return text;
}
