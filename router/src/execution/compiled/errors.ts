import type { GraphQLFormattedError } from 'graphql';

/** A key of the answer, or an index into one of its lists. */
export type ResponsePath = readonly (string | number)[];

/** An error as it goes to the client: always coded, never with a host, a service name or a stack. */
export interface AnswerError {
  readonly message: string;
  readonly path?: ResponsePath;
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

/** Why a place of the answer could not be filled: what is said there. */
export type Reason = Omit<AnswerError, 'path'>;

/** No list that goes to a client is without a bound; what is cut off would only repeat what the first say. */
export const MAX_ERRORS = 500;

/** What subgraph frameworks put into `extensions` about themselves. */
const internalExtensions = new Set(['serviceName', 'service', 'subgraph', 'stacktrace', 'exception', 'originalError']);

/**
 * What a failed call means to the client. An error that carries `extensions.code` was made for the client by whoever
 * made the call (a time-out, an open circuit) and passes; of anything else the client learns only that it happened.
 */
export function reasonOf(cause: unknown): Reason {
  if (cause instanceof Error && 'extensions' in cause) {
    const extensions = cause.extensions as Record<string, unknown> | undefined;
    const code = extensions?.['code'];
    if (typeof code === 'string') return { message: cause.message, extensions: { ...extensions, code } };
  }
  return unavailable;
}

const unavailable: Reason = {
  message: 'A part of this answer is unavailable at the moment. Try again.',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
};

/** For an answer that is no GraphQL answer, or lists another number of entities than were asked for. */
export const malformedAnswer: Reason = {
  message: 'A part of this answer could not be read.',
  extensions: { code: 'INTERNAL' },
};

/**
 * The code of an error to which its subgraph gave none, as Apollo's gateway calls it. What its message says was not
 * written for clients: whoever answers them has to mask it.
 */
const UNCODED = 'DOWNSTREAM_SERVICE_ERROR';

/** A subgraph's error without its path and without what the subgraph says about itself. */
export function reasonFromSubgraph(error: unknown): Reason {
  if (typeof error !== 'object' || error === null) return malformedAnswer;
  const { message, extensions } = error as Partial<GraphQLFormattedError>;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(extensions ?? {})) {
    if (!internalExtensions.has(key)) kept[key] = value;
  }
  const code = typeof kept['code'] === 'string' ? kept['code'] : UNCODED;
  return {
    message: typeof message === 'string' && message !== '' ? message : malformedAnswer.message,
    extensions: { ...kept, code },
  };
}

/**
 * The errors of an answer: those that subgraphs reported, then those that the projection found and that none of the
 * first explains already. A null at `me.name` is explained by an error at `me.name`, at `me` or below either, so that
 * each gap has one error, as the specification asks.
 *
 *     known [{path: ['me', 'name'], 'denied'}], found [{path: ['me', 'name'], 'null in non-null'}]  ->  the first only
 */
export function mergeErrors(known: readonly AnswerError[], found: readonly AnswerError[]): AnswerError[] {
  if (found.length === 0) return known.slice(0, MAX_ERRORS);
  if (known.length === 0) return found.slice(0, MAX_ERRORS);
  const exact = new Set<string>();
  const prefixes = new Set<string>();
  for (const { path } of known) {
    if (path === undefined) continue;
    exact.add(pathKey(path, path.length));
    for (let length = 1; length <= path.length; length++) prefixes.add(pathKey(path, length));
  }
  const explained = ({ path = [] }: AnswerError): boolean => {
    if (prefixes.has(pathKey(path, path.length))) return true;
    for (let length = 1; length < path.length; length++) if (exact.has(pathKey(path, length))) return true;
    return false;
  };
  return [...known, ...found.filter((error) => !explained(error))].slice(0, MAX_ERRORS);
}

const pathKey = (path: ResponsePath, length: number): string => path.slice(0, length).join('\n');
