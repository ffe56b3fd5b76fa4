import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { limitRule, operationLimits } from './limits.ts';

const MAX_DOCUMENTS = 2000;
/** Characters of all documents kept. */
const MAX_DOCUMENTS_SIZE = 16 * 1024 * 1024;

/** The documents that clients send, each parsed and checked once. */
export interface Documents {
  /**
   * @returns the document, the same object for the same text; or what is wrong with it
   * @throws GraphQLError when it is no GraphQL
   */
  read(text: string): DocumentNode | GraphQLError[];
}

export function createDocuments(schema: GraphQLSchema, options: { introspection: boolean }): Documents {
  const documents = new LRUCache<string, DocumentNode>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_DOCUMENTS_SIZE,
    sizeCalculation: (_document, text) => text.length + 1,
  });
  const rules = [
    ...specifiedRules,
    limitRule(operationLimits),
    ...(options.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  return {
    read(text) {
      const known = documents.get(text);
      if (known !== undefined) return known;
      const document = parse(text, { maxTokens: operationLimits.tokens });
      const errors = validate(schema, document, rules);
      if (errors.length > 0) return errors.map(withCode);
      documents.set(text, document);
      return document;
    },
  };
}

/** As Apollo Server codes them; a limit has a code of its own. */
function withCode(error: GraphQLError): GraphQLError {
  error.extensions['code'] ??= 'GRAPHQL_VALIDATION_FAILED';
  return error;
}
