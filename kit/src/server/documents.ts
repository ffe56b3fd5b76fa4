import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Operation, operationOf } from '../execution/index.ts';

const MAX_DOCUMENTS = 1000;
/** Characters of all documents kept; each is some 270 bytes of memory, most of them compiled code. */
const MAX_DOCUMENTS_SIZE = 500_000;
/** Of one document. */
const MAX_OPERATIONS = 100;

/** A valid document. */
interface Known {
  document: DocumentNode;
  operations: Map<string | null, Operation>;
}

/** The documents that are asked, each parsed and validated once, and its operations compiled once. */
export interface Documents {
  /**
   * @param name null where the request has none
   * @returns null: the document has no such operation, or several and no name says which; `errors`: it is not valid
   */
  operation(text: string, name: string | null): Operation | null | { errors: readonly GraphQLError[] };
}

/** The least recently used are forgotten first; documents that are not valid are not kept. */
export function createDocuments(schema: GraphQLSchema): Documents {
  const documents = new LRUCache<string, Known>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_DOCUMENTS_SIZE,
    sizeCalculation: (_known, text) => text.length + 1,
  });
  const read = (text: string): Known | readonly GraphQLError[] => {
    try {
      const document = parse(text);
      const errors = validate(schema, document);
      return errors.length > 0 ? errors : { document, operations: new Map() };
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  };
  return {
    operation(text, name) {
      let known = documents.get(text);
      if (known === undefined) {
        const found = read(text);
        if (!('document' in found)) return { errors: found };
        documents.set(text, (known = found));
      }
      const { document, operations } = known;
      let operation = operations.get(name) ?? null;
      if (operation === null) {
        operation = operationOf(schema, document, name);
        if (operation !== null && operations.size < MAX_OPERATIONS) operations.set(name, operation);
      }
      return operation;
    },
  };
}
