import { createHash } from 'node:crypto';
import { type ErrorCode, fault } from '@chorus/kit/errors';
import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { deferRule } from './defer-rule.ts';
import { exceededLimit, type OperationLimits } from './limits.ts';
import type { Safelist } from './safelist.ts';

const MAX_DOCUMENTS = 2000;
/** Characters of all documents kept. */
const MAX_DOCUMENTS_SIZE = 16 * 1024 * 1024;

/** How a client names an operation: by its document's text, by the hash of that, or by both, which makes the hash known. */
export interface DocumentRequest {
  query: string | undefined;
  operationName: string | undefined;
  /** `persistedQuery` names the document by its hash. */
  extensions: Readonly<Record<string, unknown>> | undefined;
}

/** An operation of a valid document; the same text gives the same objects. */
export interface FoundOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
}

/** The documents that clients send, each parsed and checked once. */
export interface Documents {
  /** @returns the operation, or what is wrong with the request, with codes */
  find(request: DocumentRequest): FoundOperation | GraphQLError[];
}

/** The texts that hashes stand for. They are what clients know, whatever the schema is: one store outlives all. */
export type PersistedTexts = LRUCache<string, string>;

export const createPersistedTexts = (): PersistedTexts =>
  new LRUCache({
    max: MAX_DOCUMENTS,
    maxSize: MAX_DOCUMENTS_SIZE,
    sizeCalculation: (text, hash) => text.length + hash.length,
  });

/**
 * Reads documents for one schema.
 * @param options.safelist the only documents that may run; null: whatever is valid
 */
export function createDocuments(
  schema: GraphQLSchema,
  options: { introspection: boolean; limits: OperationLimits; safelist: Safelist | null; persisted: PersistedTexts },
): Documents {
  const { introspection, limits, safelist, persisted: texts } = options;
  const cache = () =>
    new LRUCache<string, DocumentNode>({
      max: MAX_DOCUMENTS,
      maxSize: MAX_DOCUMENTS_SIZE,
      sizeCalculation: ({ loc }, key) => key.length + (loc?.source.body.length ?? 0) + 1,
    });
  const byText = cache();
  const byHash = cache();
  const rules = [...specifiedRules, deferRule, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];

  const read = (text: string): DocumentNode | GraphQLError[] => {
    const known = byText.get(text);
    if (known !== undefined) return known;
    try {
      return check(text, parse(text, { maxTokens: limits.tokens }));
    } catch (error) {
      if (error instanceof GraphQLError) return [withCode(error, parseCode(error))];
      // Thousands of brackets in one another: the stack is too small to follow them.
      if (error instanceof RangeError) return [fault('OPERATION_TOO_COMPLEX', 'The document is nested too deeply.')];
      throw error;
    }
  };
  const check = (text: string, document: DocumentNode): DocumentNode | GraphQLError[] => {
    if (safelist !== null) {
      const listed = safelist.byContent(document);
      if (listed === undefined) return [notListed()];
      // One document, and so one plan, however it is spelled.
      if (listed !== text) return remember(byText, text, read(listed));
    }
    const tooLarge = exceededLimit(document, limits);
    if (tooLarge !== null) return [tooLarge];
    const errors = validate(schema, document, rules);
    if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
    return remember(byText, text, document);
  };

  /**
   * Automatic persisted queries: a client sends the hash alone, and the text with it when the hash is not known. A
   * safelist knows its hashes from the start, and no text would help with another.
   */
  const readPersisted = (query: string | undefined, persisted: unknown): DocumentNode | GraphQLError[] => {
    const hash = hashOf(persisted);
    if (hash === null) {
      return [fault('BAD_USER_INPUT', '`persistedQuery` must be {"version": 1, "sha256Hash": "…"}.')];
    }
    const known = byHash.get(hash);
    if (known !== undefined && (!query || known.loc?.source.body === query)) return known;
    if (!query) {
      const text = safelist === null ? texts.get(hash) : safelist.byHash(hash);
      if (text !== undefined) return remember(byHash, hash, read(text));
      // Clients look for these very words.
      return [safelist === null ? fault('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound') : notListed()];
    }
    if (createHash('sha256').update(query).digest('hex') !== hash) {
      return [fault('BAD_USER_INPUT', 'This is not the SHA-256 of the query, in hexadecimal.')];
    }
    const document = remember(byHash, hash, read(query));
    if ('kind' in document && safelist === null) texts.set(hash, query);
    return document;
  };
  return {
    find({ query, operationName, extensions }) {
      const persisted = extensions?.['persistedQuery'];
      const document = persisted == null ? read(query ?? '') : readPersisted(query, persisted);
      if (!('kind' in document)) return document;
      const operation = getOperationAST(document, operationName);
      if (operation != null) return { document, operation };
      const message = operationName
        ? `There is no operation named "${operationName}" in the document.`
        : 'Say by `operationName` which operation of the document to run.';
      return [withCode(new GraphQLError(message), 'OPERATION_RESOLUTION_FAILURE')];
    },
  };
}

const notListed = () =>
  fault(
    'FORBIDDEN',
    'This server runs only operations that its clients were published with. Add it to their manifest.',
  );

function remember(
  cache: LRUCache<string, DocumentNode>,
  key: string,
  document: DocumentNode | GraphQLError[],
): DocumentNode | GraphQLError[] {
  if ('kind' in document) cache.set(key, document);
  return document;
}

/** The hash that a request names; null when it is not the extension that we know. */
function hashOf(persisted: unknown): string | null {
  if (typeof persisted !== 'object' || persisted === null) return null;
  const { version, sha256Hash } = persisted as Record<string, unknown>;
  return version === 1 && typeof sha256Hash === 'string' ? sha256Hash : null;
}

/** The parser has no code, and one message, for a document with too many tokens. */
const parseCode = ({ message }: GraphQLError) =>
  /Document contains more tha[tn] \d+ tokens/.test(message)
    ? ('OPERATION_TOO_COMPLEX' satisfies ErrorCode)
    : 'GRAPHQL_PARSE_FAILED';

/** Gives an error a code, unless it has one. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] ??= code;
  return error;
}
