import {
  type FieldNode,
  getArgumentValues,
  getVariableValues,
  type GraphQLError,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
} from 'graphql';

/**
 * Variables and arguments as graphql-js coerces them, for less: what is simple and right (scalars, enums and lists of them;
 * arguments that are a variable or a plain constant) is prepared once. graphql-js does the rest, and says what is wrong.
 */

export type Variables = GraphQLResolveInfo['variableValues'];
export type Coerced = { variableValues: Variables } | { errors: readonly GraphQLError[] };
export type CoerceVariables = (values: Readonly<Record<string, unknown>>) => Coerced;
/** @throws GraphQLError for a value that does not fit */
export type Arguments = (variables: Variables) => Record<string, unknown>;

/** A value that is wrong, or none that is known to be right. */
const MISFIT = Symbol('misfit');

export function prepareVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): CoerceVariables {
  const prepared = variableDefinitions.map(({ variable, type: node, defaultValue }) => {
    const type = typeFromAST(schema, node);
    return { name: variable.name.value, type, coerce: isInputType(type) ? coercion(type) : () => MISFIT, defaultValue };
  });
  const thorough: CoerceVariables = (values) => {
    const { coerced, errors } = getVariableValues(schema, variableDefinitions, values, { maxErrors: 50 });
    return errors === undefined ? { variableValues: coerced } : { errors };
  };
  // Assigned to, it would be no property like others.
  if (prepared.some(({ name }) => name === '__proto__')) return thorough;
  return (values) => {
    const variableValues: Record<string, unknown> = {};
    for (const { name, type, coerce, defaultValue } of prepared) {
      if (Object.hasOwn(values, name)) {
        const value = coerce(values[name]);
        if (value === MISFIT) return thorough(values);
        variableValues[name] = value;
      } else if (defaultValue !== undefined && isInputType(type)) {
        variableValues[name] = valueFromAST(defaultValue, type);
      } else if (isNonNullType(type)) {
        return thorough(values);
      }
    }
    return { variableValues };
  };
}

function coercion(type: GraphQLInputType): (value: unknown) => unknown {
  if (isNonNullType(type)) {
    const inner = coercion(type.ofType);
    return (value) => (value == null ? MISFIT : inner(value));
  }
  if (isListType(type)) {
    const inner = coercion(type.ofType);
    return (value) => {
      if (value == null) return null;
      if (!Array.isArray(value)) return MISFIT;
      const items = value.map(inner);
      return items.includes(MISFIT) ? MISFIT : items;
    };
  }
  if (!isLeafType(type)) return (value) => (value == null ? null : MISFIT);
  return (value) => {
    if (value == null) return null;
    try {
      const parsed: unknown = type.parseValue(value);
      return parsed === undefined ? MISFIT : parsed;
    } catch {
      return MISFIT; // graphql-js meets it again, and tells
    }
  };
}

export function prepareArguments(field: GraphQLField<unknown, unknown>, node: FieldNode): Arguments {
  const parts: Part[] = [];
  for (const { name, type, defaultValue } of field.args) {
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    const required = isNonNullType(type);
    if (given === undefined) {
      if (defaultValue === undefined && required) return thorough(field, node);
      if (defaultValue !== undefined) parts.push({ name, variable: null, required, constant: defaultValue });
    } else if (given.kind === Kind.VARIABLE) {
      parts.push({ name, variable: given.name.value, required, constant: defaultValue });
    } else {
      const constant: unknown = isNonNullType(type) || isLeafType(type) ? plainConstant(given, type) : undefined;
      if (constant === undefined) return thorough(field, node);
      parts.push({ name, variable: null, required, constant });
    }
  }
  return (variables) => {
    const values: Record<string, unknown> = {};
    for (const { name, variable, required, constant } of parts) {
      const isGiven = variable !== null && Object.hasOwn(variables, variable);
      const value = isGiven ? variables[variable] : constant;
      if (value === undefined && !isGiven && !required) continue;
      if (value === undefined || (value === null && required)) return getArgumentValues(field, node, variables);
      values[name] = value;
    }
    return values;
  };
}

interface Part {
  name: string;
  /** Its name; null: the argument is the constant. */
  variable: string | null;
  required: boolean;
  /** With a variable: the argument's default, undefined without. */
  constant: unknown;
}

const thorough =
  (field: GraphQLField<unknown, unknown>, node: FieldNode): Arguments =>
  (variables) =>
    getArgumentValues(field, node, variables);

/** The value of a literal that nobody can change afterwards; undefined if it is another. */
function plainConstant(node: Parameters<typeof valueFromAST>[0], type: GraphQLInputType): unknown {
  if (node == null || node.kind === Kind.LIST || node.kind === Kind.OBJECT) return undefined;
  const value: unknown = valueFromAST(node, type);
  return typeof value === 'object' ? undefined : value;
}
