import { badInput, fault } from '@chorus/kit/errors';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  GraphQLError,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  isInputObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { CostDirectives, type InputDefinition, isList, type ListSize, type OutputField } from './cost-directives.ts';

type Variables = Readonly<Record<string, unknown>>;
/** A number, or what of it depends on variables. */
type Cost = number | ((variables: Variables) => number);

/** How many elements the parent's @listSize says that these fields have. */
interface Sized {
  fields: readonly string[];
  size: Cost;
}

/** What a mutation costs beside its fields, as in Apollo's router. */
const MUTATION_COST = 10;
/** Annotated supergraphs are bounded unless told otherwise; what the others' lists hold, nobody knows. */
export const DEFAULT_MAX_COST = 10_000;

export interface CostOptions {
  /**
   * The most that an operation may cost; undefined: DEFAULT_MAX_COST where the supergraph uses directives of cost, else
   * no bound.
   */
  maximum: number | undefined;
  /** Elements assumed of a list of which @listSize says nothing. */
  listSize: number;
}

/** Refuses operations that could make too much work, before anything of them is done. */
export interface CostLimit {
  /** @returns what is wrong with the operation with these variables; null: nothing */
  check(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): GraphQLError | null;
}

/**
 * The static cost of operations by the cost specification of federation: the objects that an answer can hold at most,
 * each weighed by @cost, lists counted as @listSize says. Compiled once for each operation; a request then computes
 * what depends on its variables, and in most operations that is nothing.
 * @param schema the supergraph's, with its directives
 */
export function createCostLimit(schema: GraphQLSchema, { maximum: configured, listSize }: CostOptions): CostLimit {
  const directives = new CostDirectives(schema);
  const maximum = configured ?? (directives.present ? DEFAULT_MAX_COST : Infinity);
  const costs = new WeakMap<OperationDefinitionNode, Cost>();
  return {
    check(document, operation, variables) {
      if (maximum === Infinity) return null;
      try {
        let cost = costs.get(operation);
        if (cost === undefined) {
          cost = new CostCompiler(schema, directives, document, listSize).operation(operation);
          costs.set(operation, cost);
        }
        const estimated = valueOf(cost, variables);
        return estimated <= maximum ? null : tooComplex(estimated, maximum);
      } catch (error) {
        if (error instanceof GraphQLError) return error;
        throw error;
      }
    },
  };
}

const tooComplex = (estimated: number, maximum: number) =>
  fault(
    'OPERATION_TOO_COMPLEX',
    `The operation could cost ${estimated}, and the most that one may is ${maximum}. Ask for fewer elements, or split it.`,
    { cost: { estimated, maximum } },
  );

/** Compiles the cost of one operation of a valid document. */
class CostCompiler {
  readonly #schema: GraphQLSchema;
  readonly #directives: CostDirectives;
  readonly #listSize: number;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #defaults = new Map<string, unknown>();

  constructor(schema: GraphQLSchema, directives: CostDirectives, document: DocumentNode, listSize: number) {
    this.#schema = schema;
    this.#directives = directives;
    this.#listSize = listSize;
    const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((node) => [node.name.value, node]));
  }

  operation({ operation, selectionSet, variableDefinitions = [] }: OperationDefinitionNode): Cost {
    for (const { variable, defaultValue } of variableDefinitions) {
      if (defaultValue !== undefined) this.#defaults.set(variable.name.value, valueFromASTUntyped(defaultValue));
    }
    const root = this.#schema.getRootType(operation);
    if (!root) return 0;
    return sum([operation === OperationTypeNode.MUTATION ? MUTATION_COST : 0, this.#selections(selectionSet, root)]);
  }

  #selections({ selections }: SelectionSetNode, parent: GraphQLCompositeType, sized?: Sized): Cost {
    return sum(selections.map((selection) => this.#when(selection, this.#selection(selection, parent, sized))));
  }

  #selection(selection: SelectionNode, parent: GraphQLCompositeType, sized: Sized | undefined): Cost {
    if (selection.kind === Kind.FIELD) return this.#field(selection, parent, sized);
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
    if (fragment === undefined) return 0;
    const type = fragment.typeCondition && this.#schema.getType(fragment.typeCondition.name.value);
    return this.#selections(fragment.selectionSet, isCompositeType(type) ? type : parent, sized);
  }

  #field(node: FieldNode, parent: GraphQLCompositeType, sized: Sized | undefined): Cost {
    const name = node.name.value;
    const field = isUnionType(parent) ? undefined : parent.getFields()[name];
    if (field === undefined) return 0; // of introspection
    const listSize = this.#directives.listSize(field);
    const size = listSize && this.#size(node, field, listSize);
    const count: Cost = !isList(field)
      ? 1
      : sized?.fields.includes(name)
        ? sized.size
        : size !== undefined && listSize?.sizedFields === undefined
          ? size
          : this.#listSize;
    const inner =
      size !== undefined && listSize?.sizedFields !== undefined ? { fields: listSize.sizedFields, size } : undefined;
    const type = getNamedType(field.type);
    const selected =
      node.selectionSet !== undefined && isCompositeType(type) ? this.#selections(node.selectionSet, type, inner) : 0;
    const element = sum([this.#directives.fieldWeight(field), selected]);
    return atLeastZero(sum([product(count, element), this.#arguments(node, field)]));
  }

  /** How many elements a field's @listSize makes of its slicing arguments. */
  #size(node: FieldNode, field: OutputField, listSize: ListSize): Cost {
    const { slicingArguments = [], assumedSize = this.#listSize, requireOneSlicingArgument = true } = listSize;
    const reads = slicingArguments.map((name) => {
      const definition = field.args.find((arg) => arg.name === name);
      return definition === undefined ? () => undefined : this.#argument(node, definition);
    });
    const size = (variables: Variables): number => {
      const given = reads.map((read) => read(variables)).filter((value) => typeof value === 'number');
      if (requireOneSlicingArgument && reads.length > 0 && given.length !== 1) {
        throw badInput(field.name, `Give ${field.name} exactly one of ${slicingArguments.join(', ')}.`);
      }
      return given.length === 0 ? assumedSize : Math.max(0, ...given);
    };
    const values = node.arguments?.filter(({ name }) => slicingArguments.includes(name.value)) ?? [];
    return values.some(({ value }) => value.kind === Kind.VARIABLE) ? size : size({});
  }

  /** The value of an argument, its default where none is given. */
  #argument(node: FieldNode, { name, defaultValue }: GraphQLArgument): (variables: Variables) => unknown {
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (given === undefined) return () => defaultValue;
    if (given.kind !== Kind.VARIABLE) {
      const value = valueFromASTUntyped(given);
      return () => value;
    }
    const read = this.#variable(given.name.value);
    return (variables) => {
      const value = read(variables);
      return value === undefined ? defaultValue : value;
    };
  }

  #variable(name: string): (variables: Variables) => unknown {
    const preset = this.#defaults.get(name);
    return (variables) => {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return value === undefined ? preset : value;
    };
  }

  #arguments(node: FieldNode, field: OutputField): Cost {
    return sum(
      (node.arguments ?? []).map(({ name, value }) => {
        const definition = field.args.find((arg) => arg.name === name.value);
        return definition === undefined ? 0 : this.#input(definition, value);
      }),
    );
  }

  #input(definition: InputDefinition, value: ValueNode): Cost {
    const weight = this.#directives.inputWeight(definition);
    const type = getNamedType(definition.type);
    switch (value.kind) {
      case Kind.NULL:
        return 0;
      case Kind.VARIABLE: {
        if (weight === undefined && !isInputObjectType(type)) return 0;
        const read = this.#variable(value.name.value);
        return (variables) => this.#directives.inputCost(definition, read(variables));
      }
      case Kind.LIST:
        return sum([weight ?? 0, ...value.values.map((item) => this.#input(definition, item))]);
      case Kind.OBJECT: {
        if (!isInputObjectType(type)) return weight ?? 0;
        const fields = type.getFields();
        const costs = value.fields.map((node) => {
          const field = fields[node.name.value];
          return field === undefined ? 0 : this.#input(field, node.value);
        });
        return sum([weight ?? 1, ...costs]);
      }
      default:
        return weight ?? 0;
    }
  }

  /** The cost of what @skip and @include leave. */
  #when({ directives = [] }: SelectionNode, cost: Cost): Cost {
    if (cost === 0) return 0;
    return directives.reduce<Cost>((left, { name: { value: name }, arguments: args }) => {
      const condition = args?.find((argument) => argument.name.value === 'if')?.value;
      if ((name !== 'skip' && name !== 'include') || condition === undefined) return left;
      const wanted = name === 'include';
      if (condition.kind === Kind.BOOLEAN) return condition.value === wanted ? left : 0;
      if (condition.kind !== Kind.VARIABLE) return left;
      const read = this.#variable(condition.name.value);
      return (variables) => (read(variables) === wanted ? valueOf(left, variables) : 0);
    }, cost);
  }
}

const valueOf = (cost: Cost, variables: Variables): number => (typeof cost === 'number' ? cost : cost(variables));

function sum(costs: readonly Cost[]): Cost {
  let fixed = 0;
  const open: ((variables: Variables) => number)[] = [];
  for (const cost of costs) {
    if (typeof cost === 'number') fixed += cost;
    else open.push(cost);
  }
  const [first] = open;
  if (first === undefined) return fixed;
  if (open.length === 1 && fixed === 0) return first;
  return (variables) => open.reduce((total, cost) => total + cost(variables), fixed);
}

function product(count: Cost, cost: Cost): Cost {
  if (typeof count === 'number' && typeof cost === 'number') return count * cost;
  if (count === 1) return cost;
  return (variables) => valueOf(count, variables) * valueOf(cost, variables);
}

/** A negative weight takes away from what stands beside it, and never from the rest of the operation. */
function atLeastZero(cost: Cost): Cost {
  return typeof cost === 'number' ? Math.max(0, cost) : (variables) => Math.max(0, cost(variables));
}
