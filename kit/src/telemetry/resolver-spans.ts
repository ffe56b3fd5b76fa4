import type { ApolloServerPlugin } from '@apollo/server';
import { SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { defaultFieldResolver, isObjectType } from 'graphql';
import type { FieldNode, GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { tracer } from './spans.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown>;
type Path = GraphQLResolveInfo['path'];

/** Every call of one resolver for one selection of one operation: fifty authors of fifty posts are one span. */
interface Selection {
  /** Its response keys, innermost first. */
  keys: readonly string[];
  span: Span;
  context: Context;
  count: number;
  errors: number;
  totalMs: number;
  maxMs: number;
  endedAt: number;
}

interface Operation {
  /**
   * By identity: an execution has one array of field nodes for a selection, and passes it to every call for that
   * selection. Compiled code has one also for a fragment that is spread at several places: their paths tell these apart.
   */
  selections: Map<readonly FieldNode[], Selection[]>;
  byPath: Map<string, Selection>;
}

const operations = new WeakMap<object, Operation>();
/** What each wrapper wraps. */
const wrapped = new WeakMap<Resolver, Resolver>();

/**
 * Wraps every resolver that somebody wrote (those that only read a property stay bare), in place and once, and returns
 * the schema. An operation that is not recorded pays one look-up a call.
 */
export function instrumentResolvers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve: Resolver | undefined = field.resolve;
      if (resolve === undefined || resolve === defaultFieldResolver || wrapped.has(resolve)) continue;
      field.resolve = traced(resolve);
      wrapped.set(field.resolve, resolve);
    }
  }
  return schema;
}

/** The resolver without the span around it, for an operation that is not recorded. */
export const untraced = (resolve: Resolver): Resolver => wrapped.get(resolve) ?? resolve;

/** Ends each operation's resolver spans with its execution. Needs a context value of its own per operation. */
export function resolverSpans(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      executionDidStart: async ({ contextValue }) => {
        const end = begin(contextValue);
        return end && { executionDidEnd: async () => end() };
      },
    }),
  };
}

/**
 * The same for an execution without Apollo's server, such as one event of a subscription: resolvers that `fn` calls with
 * this `contextValue` are traced if the active span is recorded, and their spans end when `fn` settles.
 */
export async function withResolverSpans<T>(contextValue: object, fn: () => Promise<T> | T): Promise<T> {
  const end = begin(contextValue);
  try {
    return await fn();
  } finally {
    end?.();
  }
}

function begin(contextValue: object): (() => void) | undefined {
  if (trace.getActiveSpan()?.isRecording() !== true) return undefined;
  const operation: Operation = { selections: new Map(), byPath: new Map() };
  operations.set(contextValue, operation);
  return () => {
    if (operations.get(contextValue) === operation) operations.delete(contextValue);
    for (const selections of operation.selections.values()) selections.forEach(close);
  };
}

function traced(resolve: Resolver): Resolver {
  return (source, args, contextValue, info) => {
    const operation = isObject(contextValue) ? operations.get(contextValue) : undefined;
    if (operation === undefined) return resolve(source, args, contextValue, info);
    const selection = find(operation, info) ?? open(operation, info);
    const startedAt = performance.now();
    const settle = (failed: boolean) => {
      selection.endedAt = performance.now();
      const tookMs = selection.endedAt - startedAt;
      selection.totalMs += tookMs;
      selection.maxMs = Math.max(selection.maxMs, tookMs);
      if (failed) selection.errors++;
    };
    selection.count++;
    // `then` is called inside the context too: Prisma's promises only begin their query there.
    return context.with(selection.context, () => {
      try {
        const result: unknown = resolve(source, args, contextValue, info);
        if (!isPromiseLike(result)) {
          settle(result instanceof Error);
          return result;
        }
        return result.then(
          (value) => {
            settle(value instanceof Error);
            return value;
          },
          (error: unknown) => {
            settle(true);
            throw error;
          },
        );
      } catch (error) {
        settle(true);
        throw error;
      }
    });
  };
}

function find({ selections }: Operation, { fieldNodes, path }: GraphQLResolveInfo): Selection | undefined {
  return selections.get(fieldNodes)?.find(({ keys }) => isAt(path, keys));
}

function isAt(path: Path, keys: readonly string[]): boolean {
  let i = 0;
  for (let at: Path | undefined = path; at !== undefined; at = at.prev) {
    if (typeof at.key === 'string' && at.key !== keys[i++]) return false;
  }
  return i === keys.length;
}

function open(operation: Operation, info: GraphQLResolveInfo): Selection {
  const keys = keysOf(info.path);
  const path = keys.toReversed().join('.');
  let parent: Selection | undefined;
  for (let end = path.lastIndexOf('.'); end > 0 && parent === undefined; end = path.lastIndexOf('.', end - 1)) {
    parent = operation.byPath.get(path.slice(0, end));
  }
  const parentContext = parent?.context ?? context.active();
  const span = tracer().startSpan(
    `resolve ${info.parentType.name}.${info.fieldName}`,
    { attributes: { 'graphql.field.path': path } },
    parentContext,
  );
  const selection: Selection = {
    keys,
    span,
    context: trace.setSpan(parentContext, span),
    count: 0,
    errors: 0,
    totalMs: 0,
    maxMs: 0,
    endedAt: performance.now(),
  };
  const others = operation.selections.get(info.fieldNodes);
  if (others === undefined) operation.selections.set(info.fieldNodes, [selection]);
  else others.push(selection);
  operation.byPath.set(path, selection);
  return selection;
}

function close(selection: Selection): void {
  selection.span.setAttributes({
    'chorus.resolver.count': selection.count,
    'chorus.resolver.total_ms': roundMs(selection.totalMs),
    'chorus.resolver.max_ms': roundMs(selection.maxMs),
    'chorus.resolver.errors': selection.errors,
  });
  if (selection.errors > 0) selection.span.setStatus({ code: SpanStatusCode.ERROR });
  // The span ends with its last call, not with the operation.
  selection.span.end(selection.endedAt);
}

/** Response keys without list positions, innermost first: `posts.edges.node.author` backwards. */
function keysOf(path: Path): string[] {
  const keys: string[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.prev) {
    if (typeof at.key === 'string') keys.push(at.key);
  }
  return keys;
}

function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && 'then' in value && typeof value.then === 'function';
}
