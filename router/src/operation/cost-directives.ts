import {
  type DirectiveNode,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLSchema,
  isCompositeType,
  isInputObjectType,
  isListType,
  valueFromASTUntyped,
} from 'graphql';

export type OutputField = GraphQLField<unknown, unknown>;
/** An argument of a field, or a field of an input object. */
export type InputDefinition = GraphQLArgument | GraphQLInputField;

/** What @listSize says of a field. */
export interface ListSize {
  assumedSize?: number;
  slicingArguments?: readonly string[];
  sizedFields?: readonly string[];
  requireOneSlicingArgument?: boolean;
}

const SPECIFICATION = 'https://specs.apollo.dev/cost/';

/** Reads @cost and @listSize in the schema of a supergraph, under whatever names its subgraphs import them. */
export class CostDirectives {
  /** Whether the supergraph uses them. */
  readonly present: boolean;
  readonly #schema: GraphQLSchema;
  readonly #cost: string;
  readonly #listSize: string;
  readonly #inputs = new Map<InputDefinition, number | undefined>();

  constructor(schema: GraphQLSchema) {
    const names = importedNames(schema);
    this.present = names !== null;
    this.#schema = schema;
    this.#cost = names?.get('@cost') ?? 'cost';
    this.#listSize = names?.get('@listSize') ?? 'cost__listSize';
  }

  /** What one element of a field costs by itself: what @cost says, of the field or of its type; else 1 for an object. */
  fieldWeight(field: OutputField): number {
    const type = getNamedType(field.type);
    return this.#weight(field) ?? this.#weight(type) ?? (isCompositeType(type) ? 1 : 0);
  }

  listSize(field: OutputField): ListSize | undefined {
    return this.#read(field, this.#listSize);
  }

  /** What a value costs that is given for an argument or an input field: @cost, else 1 for each input object. */
  inputCost(definition: InputDefinition, value: unknown): number {
    if (value === null || value === undefined) return 0;
    const weight = this.inputWeight(definition);
    if (Array.isArray(value)) {
      return value.reduce<number>((sum, item) => sum + this.inputCost(definition, item), weight ?? 0);
    }
    const type = getNamedType(definition.type);
    if (!isInputObjectType(type) || typeof value !== 'object') return weight ?? 0;
    const fields = type.getFields();
    return Object.entries(value).reduce((sum, [name, item]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return field === undefined ? sum : sum + this.inputCost(field, item);
    }, weight ?? 1);
  }

  /** What @cost says of an argument or an input field, or of its type. */
  inputWeight(definition: InputDefinition): number | undefined {
    if (!this.#inputs.has(definition)) {
      this.#inputs.set(definition, this.#weight(definition) ?? this.#weight(getNamedType(definition.type)));
    }
    return this.#inputs.get(definition);
  }

  #weight(element: Annotated): number | undefined {
    return this.#read(element, this.#cost)?.['weight'] as number | undefined;
  }

  #read({ astNode }: Annotated, name: string): Record<string, unknown> | undefined {
    const directive = this.present ? this.#schema.getDirective(name) : null;
    return directive && astNode ? getDirectiveValues(directive, astNode) : undefined;
  }
}

/** Whatever a directive can be at. */
interface Annotated {
  astNode?: { readonly directives?: readonly DirectiveNode[] } | null | undefined;
}

/** Whether a field is a list, perhaps one that may not be null. */
export const isList = ({ type }: OutputField): boolean => isListType(getNullableType(type));

/** What `@link` imports of the cost specification: its names, by those that they have there; null when it does not. */
function importedNames({ astNode, extensionASTNodes }: GraphQLSchema): Map<string, string> | null {
  const links = [astNode, ...extensionASTNodes].flatMap((node) => node?.directives ?? []);
  for (const link of links) {
    const values = new Map(link.arguments?.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
    if (link.name.value !== 'link' || !String(values.get('url')).startsWith(SPECIFICATION)) continue;
    const imports = (values.get('import') ?? []) as (string | { name: string; as?: string })[];
    const names = imports.map((item): [string, string] =>
      typeof item === 'string' ? [item, item.slice(1)] : [item.name, (item.as ?? item.name).slice(1)],
    );
    return new Map(names);
  }
  return null;
}
