import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  GraphQLError,
  Kind,
  buildASTSchema,
  execute,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  printSchema,
  validate,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { Random, hash } from './random.ts';
import type { SupergraphSource } from './supergraphs.ts';

/** How often things go wrong in the made-up data. */
export interface Weather {
  readonly seed: number;
  /** Probabilities of a null, of a null where none may be, of a thrown error, of an entity its subgraph denies. */
  readonly nulls: number;
  readonly wrongNulls: number;
  readonly errors: number;
  readonly missing: number;
  /** Whether values depend on type, number, name and arguments alone, so that no subgraphs are needed to know them. */
  readonly plain: boolean;
  /** Subgraphs of which every call fails. */
  readonly down: readonly string[];
}

/** Objects of each type. */
const POPULATION = 6;
export const DOWN = 'connect ECONNREFUSED subgraph.internal:4001';

/** One object: its type, its number, and the representation by which a router asked for it, if one did. */
interface Node {
  readonly __typename: string;
  readonly index: number;
  readonly representation?: Readonly<Record<string, unknown>>;
}

/**
 * Subgraphs in memory whose data is made up from a seed: the value of a field depends on type, number, name and
 * arguments alone, so that two subgraphs that hold the same field agree, and two executors see the same world.
 * A field with @requires also depends on what it was given, so that a wrong representation shows in the answer.
 */
export class World {
  readonly #schemas = new Map<string, GraphQLSchema>();
  readonly #documents = new Map<string, DocumentNode>();
  readonly #families: ReadonlyMap<string, { owner: string; position: number; size: number }>;
  /** Type -> names of the fields that are part of a key. */
  readonly #keys = new Map<string, Set<string>>();
  /** `Type.field` -> what it @requires. */
  readonly #requires = new Map<string, SelectionSetNode>();
  readonly #source: SupergraphSource;
  readonly #whole: GraphQLSchema;

  constructor(source: SupergraphSource, api: GraphQLSchema) {
    this.#source = source;
    this.#whole = buildASTSchema(parse(printSchema(api)));
    addResolvers(this.#whole);
    this.#families = new Map(
      Object.entries(source.families ?? {}).flatMap(([owner, members]) =>
        members.map((member, position) => [member, { owner, position, size: members.length }] as const),
      ),
    );
    for (const [service, sdl] of Object.entries(source.subgraphs)) this.#add(service, parse(sdl));
  }

  /**
   * What the whole graph would answer were it one schema: graphql-js over the schema that clients see. In plain weather
   * that is what any executor has to answer.
   */
  async whole(
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    weather: Weather,
  ): Promise<unknown> {
    const result = await execute({
      schema: this.#whole,
      document,
      variableValues: variables,
      contextValue: this.run(weather),
    });
    return JSON.parse(JSON.stringify(result));
  }

  /** A fresh run of the world: mutations count from zero. */
  run(weather: Weather): WorldRun {
    return new WorldRun(this, weather);
  }

  /** The parsed and validated document; validation proves that routers send valid operations only. */
  document(service: string, query: string): { schema: GraphQLSchema; document: DocumentNode } {
    const schema = this.#schemas.get(service);
    if (schema === undefined) throw new Error(`No subgraph ${service}.`);
    const id = `${service} ${query}`;
    let document = this.#documents.get(id);
    if (document === undefined) {
      document = parse(query);
      const [error] = validate(schema, document);
      if (error) throw new Error(`Invalid operation for ${service}: ${error.message}\n${query}`);
      if (this.#documents.size > 2_000) this.#documents.clear();
      this.#documents.set(id, document);
    }
    return { schema, document };
  }

  /** The name under which a type's objects are known: that of the interface whose keys it shares, or its own. */
  family(type: string): string {
    return this.#families.get(type)?.owner ?? type;
  }

  isKey(type: string, field: string): boolean {
    return this.#keys.get(type)?.has(field) ?? false;
  }

  /** The part of a representation that a field with @requires was promised, as text. */
  given(type: string, field: string, representation: unknown): string {
    const required = this.#requires.get(`${type}.${field}`);
    return required ? JSON.stringify(pick(representation, required)) : '';
  }

  /** A key value: the same for an interface and the types that share its keys. */
  keyValue(type: string, field: string, index: number): string {
    const name = field === 'nodeId' || field === 'ref' ? 'id' : field;
    return `${this.family(type)}-${name}-${index}`;
  }

  node(schema: GraphQLSchema, type: GraphQLOutputType, choice: number): Node {
    const index = choice % POPULATION;
    if (isInterfaceType(type) && this.#source.families?.[type.name]) {
      const members = this.#source.families[type.name] ?? [];
      return { __typename: members[index % members.length] ?? '', index };
    }
    if (isAbstractType(type)) {
      const possible = schema.getPossibleTypes(type).toSorted((a, b) => a.name.localeCompare(b.name));
      const chosen = possible[choice % possible.length];
      if (chosen === undefined) throw new Error(`${type.name} has no types.`);
      return this.node(schema, chosen, Math.floor(choice / 7));
    }
    if (!isObjectType(type)) throw new Error(`${String(type)} is no object.`);
    const family = this.#families.get(type.name);
    if (family === undefined) return { __typename: type.name, index };
    const same = index - (index % family.size) + family.position;
    return { __typename: type.name, index: same % POPULATION };
  }

  /** Finds the object that a representation means; an interface's name stands for whichever of its types has the key. */
  resolve(service: string, representation: Readonly<Record<string, unknown>>): Node | null {
    const type = String(representation['__typename']);
    const isInterface = isInterfaceType(this.#schemas.get(service)?.getType(type));
    const members = (isInterface && this.#source.families?.[type]) || [type];
    const fits = (type: string, index: number, value: Readonly<Record<string, unknown>>): boolean =>
      Object.entries(value).every(([field, given]) => {
        if (!this.isKey(type, field)) return true;
        if (typeof given === 'object' && given !== null) {
          return fits(this.#keyObject(type, field), index, given as Record<string, unknown>);
        }
        return typeof given === 'number' ? given === index : given === this.keyValue(type, field, index);
      });
    for (let index = 0; index < POPULATION; index++) {
      if (!fits(type, index, representation)) continue;
      return { __typename: members[index % members.length] ?? type, index, representation };
    }
    return null;
  }

  #keyObject(type: string, field: string): string {
    for (const schema of this.#schemas.values()) {
      const object = schema.getType(type);
      const found = isObjectType(object) ? object.getFields()[field] : undefined;
      if (found) return String(getNullableType(found.type));
    }
    return '';
  }

  #add(service: string, typeDefs: DocumentNode): void {
    for (const definition of typeDefs.definitions) {
      if (!('fields' in definition) || !('directives' in definition) || !definition.name) continue;
      for (const directive of definition.directives ?? []) {
        const fields = directive.name.value === 'key' ? fieldSet(directive) : undefined;
        if (fields) this.#addKeys(typeDefs, definition.name.value, fields);
      }
      for (const field of definition.fields ?? []) {
        const required = fieldSet(field.directives?.find(({ name }) => name.value === 'requires'));
        if (required) this.#requires.set(`${definition.name.value}.${field.name.value}`, required);
      }
    }
    const schema = buildSubgraphSchema([{ typeDefs, resolvers: {} }]);
    for (const type of Object.values(schema.getTypeMap())) {
      if (isObjectType(type)) this.#entities(service, type);
    }
    addResolvers(schema);
    this.#schemas.set(service, schema);
  }

  #addKeys(typeDefs: DocumentNode, type: string, { selections }: SelectionSetNode): void {
    const names = this.#keys.get(type) ?? new Set();
    this.#keys.set(type, names);
    for (const field of selections.filter((selection): selection is FieldNode => selection.kind === Kind.FIELD)) {
      names.add(field.name.value);
      if (!field.selectionSet) continue;
      const nested = field.selectionSet;
      visit(typeDefs, {
        FieldDefinition: (definition) => {
          if (definition.name.value !== field.name.value) return;
          const named = definition.type.kind === Kind.NON_NULL_TYPE ? definition.type.type : definition.type;
          if (named.kind === Kind.NAMED_TYPE) this.#addKeys(typeDefs, named.name.value, nested);
        },
      });
    }
  }

  #entities(service: string, type: GraphQLObjectType): void {
    const field = type.getFields()['_entities'];
    if (field === undefined) return;
    field.resolve = (_source, { representations }: { representations: Record<string, unknown>[] }, run: WorldRun) =>
      representations.map((representation) => run.entity(service, representation));
  }
}

/** Lets the world answer every field of a schema. */
function addResolvers(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = (value: Node) => value.__typename;
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.name.startsWith('_')) continue;
      field.resolve = (
        source: Node | undefined,
        args: Record<string, unknown>,
        run: WorldRun,
        { schema, parentType },
      ) => run.value(schema, parentType, source ?? { __typename: parentType.name, index: 0 }, field, args);
    }
  }
}

export class WorldRun {
  readonly #world: World;
  readonly #weather: Weather;
  /** Calls in the order in which they came, to see that mutations keep theirs. */
  readonly calls: string[] = [];
  /** Entities that a subgraph said it does not know. */
  denied = 0;
  #mutations = 0;

  constructor(world: World, weather: Weather) {
    this.#world = world;
    this.#weather = weather;
  }

  /** Answers an operation as a subgraph does over HTTP: as plain data. */
  async call(
    service: string,
    request: { query: string; variables?: Record<string, unknown> | null; operationName?: string | undefined },
  ): Promise<{ data?: Record<string, unknown> | null; errors?: Record<string, unknown>[] }> {
    const { schema, document } = this.#world.document(service, request.query);
    this.calls.push(service);
    if (this.#weather.down.includes(service)) throw new Error(DOWN);
    const result = await execute({
      schema,
      document,
      variableValues: request.variables ?? {},
      operationName: request.operationName,
      contextValue: this,
    });
    return JSON.parse(JSON.stringify(result)) as Awaited<ReturnType<WorldRun['call']>>;
  }

  entity(service: string, representation: Record<string, unknown>): Node | null {
    const node = this.#world.resolve(service, representation);
    if (node === null) return null;
    const random = this.#random('missing', service, node.__typename, node.index);
    if (!random.chance(this.#weather.missing)) return node;
    this.denied++;
    return null;
  }

  value(
    schema: GraphQLSchema,
    parent: GraphQLObjectType,
    source: Node,
    field: { name: string; type: GraphQLOutputType },
    args: Readonly<Record<string, unknown>>,
  ): unknown {
    const { name, type } = field;
    if (parent === schema.getMutationType()) this.#mutations++;
    const isKey = this.#world.isKey(parent.name, name);
    const { plain } = this.#weather;
    const given = plain ? '' : this.#world.given(parent.name, name, source.representation);
    const counts = !plain && (parent === schema.getMutationType() || parent.name === 'Counter');
    const state = counts ? this.#mutations : 0;
    const index = parent === schema.getQueryType() ? 0 : source.index;
    const random = this.#random(
      this.#world.family(parent.name),
      index,
      name,
      JSON.stringify(sorted(args)),
      given,
      state,
    );
    if (isKey) return this.#key(parent.name, name, source.index, type);
    if (random.chance(this.#weather.errors)) {
      const message = `${parent.name}.${name} of ${source.index} fails`;
      throw random.chance(0.5) ? new Error(message) : new GraphQLError(message, { extensions: { code: 'NOT_FOUND' } });
    }
    return this.#make(schema, type, random);
  }

  #random(...parts: readonly (string | number)[]): Random {
    return new Random(hash(this.#weather.seed, ...parts));
  }

  #key(parent: string, name: string, index: number, type: GraphQLOutputType): unknown {
    const nullable = getNullableType(type);
    if (isObjectType(nullable)) return { __typename: nullable.name, index };
    return String(nullable) === 'Int' ? index : this.#world.keyValue(parent, name, index);
  }

  #make(schema: GraphQLSchema, type: GraphQLOutputType, random: Random): unknown {
    if (random.chance(isNonNullType(type) ? this.#weather.wrongNulls : this.#weather.nulls)) return null;
    const nullable = isNonNullType(type) ? type.ofType : type;
    if (isListType(nullable)) {
      return Array.from({ length: random.int(4) }, () => this.#make(schema, nullable.ofType, random));
    }
    if (isEnumType(nullable)) {
      const values = nullable.getValues().map(({ value }) => value as string);
      return random.pick(this.#weather.plain ? values.filter((value) => value !== 'OLD') : values);
    }
    switch (String(nullable)) {
      case 'Int':
        return random.pick([0, 1, -7, 42, 2_147_483_647, random.int(1_000)]);
      case 'Float':
        return random.pick([0, 0.5, -1.25, 1e21, random.int(1_000) / 8]);
      case 'Boolean':
        return random.chance(0.5);
      default:
        if (isObjectType(nullable) || isAbstractType(nullable)) {
          return this.#world.node(schema, nullable, random.int(1_000));
        }
        return random.pick([
          '',
          'plain',
          'with "quotes" and \\',
          'lines\nand\ttabs',
          'ünï\u2028cödé 🙂',
          `n${random.int(50)}`,
        ]);
    }
  }
}

/** The `fields` of @key or @requires. */
function fieldSet(directive: ConstDirectiveNode | undefined): SelectionSetNode | undefined {
  const fields = directive?.arguments?.find(({ name }) => name.value === 'fields')?.value;
  if (fields?.kind !== Kind.STRING) return undefined;
  const [definition] = parse(`{${fields.value}}`).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined;
}

function pick(value: unknown, { selections }: SelectionSetNode): unknown {
  if (Array.isArray(value)) return value.map((element) => pick(element, { kind: Kind.SELECTION_SET, selections }));
  if (typeof value !== 'object' || value === null) return value ?? null;
  const fields = selections.filter((selection): selection is FieldNode => selection.kind === Kind.FIELD);
  return fields.map(({ name, selectionSet }) => {
    const part = (value as Record<string, unknown>)[name.value];
    return selectionSet ? pick(part, selectionSet) : part;
  });
}

/** The same JSON for the same content. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
