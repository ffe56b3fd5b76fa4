import { type DocumentNode, type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Operation, operationOf } from '../execution/index.ts';

const MAX_DOCUMENTS = 2000;
/** Characters of all documents kept. */
const MAX_DOCUMENTS_SIZE = 16 * 1024 * 1024;
/** Operations of one document. */
const MAX_NAMES = 100;

/** A valid document. */
interface Known {
  document: DocumentNode;
  /** By the name that was asked for; null: there is no such operation, or it takes a name to say which. */
  operations: LRUCache<string, { operation: Operation | null }>;
}

/** The documents that are asked, each parsed, validated and compiled once. */
export interface Documents {
  /**
   * @param name null where the request has none
   * @returns null where there is no such operation, or what is wrong with the document
   * @throws GraphQLError when it is no GraphQL
   */
  operation(text: string, name: string | null): Operation | null | readonly GraphQLError[];
}

/** Least recently used documents are forgotten; those with faults are not kept. */
export function createDocuments(schema: GraphQLSchema): Documents {
  const documents = new LRUCache<string, Known>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_DOCUMENTS_SIZE,
    sizeCalculation: (_known, text) => text.length + 1,
  });
  return {
    operation(text, name) {
      let known = documents.get(text);
      if (known === undefined) {
        const document = parse(text);
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        known = { document, operations: new LRUCache({ max: MAX_NAMES }) };
        documents.set(text, known);
      }
      // Names begin with a letter: the empty one stands for none.
      const key = name === null ? '' : `=${name}`;
      let found = known.operations.get(key);
      if (found === undefined) {
        found = { operation: operationOf(schema, known.document, name) };
        known.operations.set(key, found);
      }
      return found.operation;
    },
  };
}
