import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Answer,
  ChorusError,
  createChorus,
  type GraphQLErrorLike,
  type Operation,
  TypedDocumentString,
} from '@chorus/sdk';
import { createLimiter, inGroups } from './limiter.ts';

export interface BulkOptions {
  /** The GraphQL endpoint. */
  url: string;
  /** The service account's token; asked for again when the server finds it expired. */
  token: (renew: boolean) => Promise<string>;
  /** Requests under way at once. */
  concurrency: number;
  /** Aborting it breaks off requests and pauses. */
  signal: AbortSignal;
}

/** Sends many mutations as a service account, for many people. Everything sent through it must be safe to repeat. */
export interface Bulk {
  /**
   * Runs one operation, as the person given or as the service account itself.
   * @throws ChorusError when the server refuses; the last failure when it stays away
   */
  request<Data, Variables extends Record<string, unknown>>(
    document: Operation<Data, Variables>,
    variables: Variables,
    actor?: string,
  ): Promise<Data>;
  /**
   * Runs one mutation for each input, as `actor`, many in one request, in their order.
   * @returns what each answered, in the same order: data, or the error with which the server refused that input
   */
  many<Data, Input>(mutation: Repeated<Data, Input>, inputs: readonly Input[], actor: string): Promise<Outcome<Data>[]>;
}

export type Outcome<Data> = { data: Data; error?: undefined } | { data?: undefined; error: GraphQLErrorLike };

/** A mutation with one argument, to be repeated in one document. */
export interface Repeated<Data, Input> {
  name: string;
  /** How many go into one request: a document has at most 60 root fields. */
  size: number;
  documentFor(count: number): TypedDocumentString<Record<string, Data | null>, Record<string, Input>>;
}

const ATTEMPTS = 9;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
const TIMEOUT_MS = 60_000;
const PASSING = new Set(['SUBGRAPH_UNAVAILABLE', 'RATE_LIMITED', 'TIMEOUT', 'INTERNAL']);

/**
 * @param name of the mutation's field
 * @param argument its name and type: `input: CreatePostInput!`
 * @param selection of its payload
 */
export function repeated<Data, Input>(
  name: string,
  argument: `${string}: ${string}`,
  selection: string,
  size = 50,
): Repeated<Data, Input> {
  const [argumentName, type] = argument.split(': ');
  const documents = new Map<number, TypedDocumentString<Record<string, Data | null>, Record<string, Input>>>();
  const write = (count: number) => {
    const numbers = Array.from({ length: count }, (_, index) => index);
    const variables = numbers.map((index) => `$v${index}: ${type}`).join(', ');
    const fields = numbers.map((index) => `m${index}: ${name}(${argumentName}: $v${index}) ${selection}`).join('\n');
    return `mutation Bulk${name[0]?.toUpperCase()}${name.slice(1)}(${variables}) {\n${fields}\n}`;
  };
  return {
    name,
    size,
    documentFor(count) {
      // One text for each count, so that the router plans it once.
      const document = documents.get(count) ?? new TypedDocumentString(write(count));
      documents.set(count, document);
      return document;
    },
  };
}

export function createBulk({ url, token, concurrency, signal }: BulkOptions): Bulk {
  const limited = createLimiter(concurrency);
  let renew = false;
  const chorus = createChorus({
    url,
    timeoutMs: TIMEOUT_MS,
    token: async () => {
      const current = await token(renew);
      renew = false;
      return current;
    },
  });

  /** Sends until the answer has no error that may pass; the last answer when it does not pass. */
  const insist = async <Data, Variables extends Record<string, unknown>>(
    document: Operation<Data, Variables>,
    variables: Variables,
    actor: string | undefined,
  ): Promise<Answer<Data>> => {
    const headers = { traceparent: unsampled(), ...(actor !== undefined && { 'chorus-act-as': actor }) };
    for (let attempt = 1; ; attempt += 1) {
      let pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random());
      try {
        const answer = await chorus.send(document, variables, { headers, signal });
        const passing = answer.errors.find(({ extensions }) => PASSING.has(extensions?.code ?? ''));
        const expired = answer.errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
        if ((!passing && !expired) || attempt === ATTEMPTS || (expired && attempt > 1)) return answer;
        renew = expired;
        const seconds = Number(passing?.extensions?.['retryAfter']);
        if (seconds > 0) pause = Math.max(pause, seconds * 1000);
      } catch (error) {
        // No answer: a network error, our own timeout, or a proxy's page.
        if (signal.aborted || attempt === ATTEMPTS) throw error;
      }
      await delay(pause, undefined, { signal });
    }
  };

  return {
    async request(document, variables, actor) {
      signal.throwIfAborted();
      const { data, errors, status } = await limited(() => insist(document, variables, actor));
      if (errors.length > 0 || data === null) throw new ChorusError(errors, { data, status });
      return data;
    },
    async many(mutation, inputs, actor) {
      const outcomes = [];
      for (const group of inGroups(inputs, mutation.size)) {
        signal.throwIfAborted();
        const variables = Object.fromEntries(group.map((input, index) => [`v${index}`, input]));
        const answer = await limited(() => insist(mutation.documentFor(group.length), variables, actor));
        outcomes.push(...group.map((_, index) => outcomeOf(answer, `m${index}`)));
      }
      return outcomes;
    },
  };
}

/** A trace that nobody records: thousands of the same would push out those that somebody wants to read. */
const unsampled = (): string => `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;

/**
 * What one alias answered.
 * @throws ChorusError for an error that is not about this input but about the request or the server
 */
function outcomeOf<Data>(answer: Answer<Record<string, Data | null>>, alias: string): Outcome<Data> {
  const { data, errors, status } = answer;
  const value = data?.[alias];
  const error = errors.find(({ path }) => path?.[0] === alias);
  if (error === undefined && value != null) return { data: value };
  if (error?.extensions?.code === 'BAD_USER_INPUT') return { error };
  throw new ChorusError(error === undefined ? errors : [error], { data, status });
}
