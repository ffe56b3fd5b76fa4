import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

/** Whether an object that calls itself `typename` is a `condition`. */
export function typeApplies(schema: GraphQLSchema, condition: string, typename: string): boolean {
  if (condition === typename) return true;
  const abstract = schema.getType(condition);
  const type = schema.getType(typename);
  return isAbstractType(abstract) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(abstract, type);
}
