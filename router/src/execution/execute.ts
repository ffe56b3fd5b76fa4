import { type ErrorCode, fault } from '@chorus/kit/errors';
import { type Sharing, sharedKey, sharingOf } from '@chorus/kit/sharing';
import { injectTrace, runWithTrace, withSpan } from '@chorus/kit/telemetry';
import { Turnstile } from '@chorus/kit/turnstile';
import { sharedViewer } from '@chorus/kit/viewer';
import { type Span, trace } from '@opentelemetry/api';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  getOperationAST,
  GraphQLError,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
} from 'graphql';
import { collectUploads, type UploadedFile } from '../gateway/multipart.ts';
import type { ReachableSubgraph } from '../gateway/gateway.ts';
import type { OperationContext } from '../operation/context.ts';
import { type CostOptions, createCostLimit } from '../operation/cost.ts';
import { exceededDepth } from '../operation/limits.ts';
import { operationAttributes, outcomeAttributes } from '../operation/telemetry.ts';
import {
  type Answer,
  type CallSubgraph,
  type CompiledOperation,
  type CompilerOptions,
  createCompiler,
  OnceCache,
  type RunOptions,
} from './compiled/index.ts';
import { LiveOperation } from './live-operation.ts';
import { toText, withoutLocations } from './results.ts';
import { SharedQueries } from './sharing.ts';
import type { EventText } from './tail-event.ts';
import { createUpstream } from './upstream.ts';

/** An operation, parsed and valid. */
export interface OperationRequest {
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
  context: OperationContext;
  /** Whether the client takes deferred parts on their own; if not, they are part of the one answer. */
  incremental?: boolean;
}

/**
 * Everything that runs operations over one supergraph, behind one door: nobody outside knows that they are planned by
 * Apollo's planner and run by our compiled executor.
 */
export interface Execution {
  /**
   * Runs a query or a mutation; files may be among its variables.
   * @returns the answer, its data as JSON text; or what is wrong with the request, which was then not run. Of an answer
   *   with `subsequent` parts, these have to be taken, or returned.
   */
  execute(operation: OperationRequest): Promise<Answer | readonly GraphQLError[]>;
  /**
   * Opens a subscription; its events come with what other subgraphs add to them. All of them are one
   * trace, the client's if it sent one, and each is an operation of its own in it; what many get together is in the trace
   * of one of them.
   */
  subscribe(operation: OperationRequest): Promise<LiveOperation>;
  /** Plans and compiles an operation, so that it is there when it is asked for. */
  prepare(document: DocumentNode, operationName: string | undefined): Promise<void>;
  /** The operations that were asked for last, at most `limit`, the last of all first. */
  recent(limit: number): { text: string; operationName: string | undefined }[];
  /** How many requests and subscriptions are under way. */
  active(): number;
  /** Ends the subscriptions: each with an error by which its client subscribes again. */
  stop(): void;
}

/** Operations kept compiled; planning one anew costs 20 to 100 ms. */
const MAX_OPERATIONS = 2000;

/** How operations are run, whatever the supergraph. */
export interface ExecutionSettings {
  readonly costs: CostOptions;
  /** Whether equal queries under way at the same time are one. */
  readonly shareQueries: boolean;
  /** Milliseconds for the calls of one operation, or of one event of a subscription. */
  readonly timeoutMs: number;
  /** Events of subscriptions that are completed at one time; subgraphs refuse more calls than they take at one. */
  readonly eventsAtOnce: number;
}

export function createExecution(
  compilerOptions: CompilerOptions & {
    readonly subgraphs: ReadonlyMap<string, ReachableSubgraph>;
  },
  settings: ExecutionSettings,
): Execution {
  const { subgraphs } = compilerOptions;
  const { costs, shareQueries, timeoutMs } = settings;
  const turnstile = new Turnstile(settings.eventsAtOnce);
  const upstream = createUpstream(new Map(Array.from(subgraphs, ([name, { subgraph }]) => [name, subgraph])));
  const compiler = createCompiler(compilerOptions);
  const cost = createCostLimit(compilerOptions.supergraphSchema, costs);
  let active = 0;
  const sharings = new WeakMap<OperationDefinitionNode, { sharing: Sharing | null }>();
  const operations = new OnceCache<CompiledOperation>(MAX_OPERATIONS);
  const sharing = shareQueries ? new SharedQueries(Array.from(subgraphs.values(), ({ subgraph }) => subgraph)) : null;

  /** Compiled once for all who send the same text, however many do at once; the context learns whether it was there. */
  const compiled = (
    document: DocumentNode,
    operationName: string | undefined,
    context: OperationContext,
  ): Promise<CompiledOperation> => {
    context.planCached = true;
    return operations.get(keyOf(document, operationName), () => {
      context.planCached = false;
      return compiler.compile(document, operationName);
    });
  };

  /** Whether the whole of a subscription is the same for all who may have it, whatever subgraph adds to it. */
  const sharingFor = (document: DocumentNode, definition: OperationDefinitionNode): Sharing | null => {
    let known = sharings.get(definition);
    if (known === undefined) {
      known = { sharing: sharingOf(compilerOptions.supergraphSchema, document, definition) };
      sharings.set(definition, known);
    }
    return known.sharing;
  };

  const runOptions = (context: OperationContext, files: UploadedFile[] = []) => {
    const call: CallSubgraph = (service, body, info) => {
      const client = subgraphs.get(service)?.client;
      if (client === undefined) throw new Error(`a plan names the unknown subgraph ${service}`);
      return client.call(body, info, context, files.length === 0 ? files : filesOf(body, files));
    };
    const onError: RunOptions['onError'] = ({ service, cause }) => {
      if (!(cause instanceof GraphQLError)) {
        context.logger.warn({ err: cause, subgraph: service }, 'the answer of a subgraph could not be used');
      }
    };
    return { call, onError, signal: context.signal };
  };

  const execute: Execution['execute'] = async ({ document, operationName, variables, context, incremental }) => {
    const definition = getOperationAST(document, operationName);
    if (definition == null) throw new Error('a document without the operation that it was checked for');
    if (definition.operation === OperationTypeNode.SUBSCRIPTION) {
      return [fault('BAD_USER_INPUT', 'Subscribe by graphql-ws, or ask for text/event-stream, on the same path.')];
    }
    const tooComplex = exceededDepth(variables) ?? cost.check(document, definition, variables);
    if (tooComplex !== null) return [tooComplex];
    context.deadline = performance.now() + timeoutMs;
    const operation = await compiled(document, operationName, context);
    const faults = operation.checkVariables(variables);
    for (const { extensions } of faults) extensions['code'] = 'BAD_USER_INPUT' satisfies ErrorCode;
    if (faults.length > 0) return faults;
    const uploads = collectUploads(variables);
    const run = () =>
      operation.run({ variables: uploads.variables, incremental, ...runOptions(context, uploads.files) });
    if (sharing === null) return run();
    if (definition.operation === OperationTypeNode.MUTATION) return run().finally(() => sharing.noteMutation());
    if (uploads.files.length > 0 || incremental === true) return run();
    return sharing.run(definition, variables, context, run);
  };

  return {
    async execute(operation) {
      active++;
      let more = false;
      try {
        const answer = await execute(operation);
        if (!('subsequent' in answer) || answer.subsequent === undefined) return answer;
        more = true;
        return { ...answer, subsequent: ending(answer.subsequent, () => active--) };
      } finally {
        if (!more) active--;
      }
    },
    async prepare(document, operationName) {
      await operations.get(keyOf(document, operationName), () => compiler.compile(document, operationName));
    },
    recent: (limit) =>
      operations.recent(limit).map((key) => {
        const end = key.indexOf('\n');
        return { text: key.slice(end + 1), operationName: key.slice(0, end) || undefined };
      }),
    active: () => active,
    async subscribe({ document, operationName, variables, context }) {
      const definition = getOperationAST(document, operationName);
      if (definition == null) throw new Error('a document without the operation that it was checked for');
      const tooComplex = exceededDepth(variables) ?? cost.check(document, definition, variables);
      if (tooComplex !== null) throw tooComplex;
      const attributes = operationAttributes(definition, textOf(document));
      const sharing = sharingFor(document, definition);
      const key = sharing === null ? null : sharedKey(sharing, textOf(document), operationName, variables);
      const { operation, events, carrier } = await runWithTrace(context.trace, () =>
        withSpan('router.operation', attributes, async (span) => {
          const operation = await compiled(document, operationName, context);
          span.setAttributes({ 'chorus.plan.cache_hit': context.planCached ?? false });
          const [invalid] = operation.checkVariables(variables);
          if (invalid !== undefined) throw fault('BAD_USER_INPUT', invalid.message);
          const source = await operation.subscription(variables);
          if (source === undefined) throw new Error('the plan of a subscription is none');
          const request = JSON.parse(source.body) as Parameters<typeof upstream.subscribe>[1];
          return {
            operation,
            events: upstream.subscribe(source.service, request, context, key),
            carrier: injectTrace(),
          };
        }),
      );
      // Where it is shared no subgraph is told who asks, also not for events that come to one alone.
      const asked =
        sharing === null ? context : { ...context, viewer: sharedViewer, headers: noHeaders, signal: nobody };
      const complete = (event: FormattedExecutionResult): Promise<EventText> =>
        runWithTrace(carrier, () =>
          withSpan('router.operation', attributes, async (span) => {
            const own = { ...asked, calls: 0, deadline: performance.now() + timeoutMs };
            const answer =
              event.data == null
                ? { data: undefined, errors: withoutLocations(event) }
                : await operation.runEvent({ variables, event, ...runOptions(own) });
            span.setAttributes(outcomeAttributes(own, answer.errors));
            return toText(answer, context.logger);
          }),
        );
      active++;
      return new LiveOperation(events, {
        key,
        complete: (event) => turnstile.pass(() => complete(event)),
        onEnd: () => void active--,
      });
    },
    stop: () => upstream.stop(),
  };
}

/** The same values, and `end` is called once: when there are no more, or no more are wanted. */
function ending<T>(source: AsyncIterableIterator<T, void>, end: () => void): AsyncIterableIterator<T, void> {
  let open = true;
  const close = (): void => {
    if (open) end();
    open = false;
  };
  const result: AsyncIterableIterator<T, void> = {
    [Symbol.asyncIterator]: () => result,
    async next() {
      try {
        const next = await source.next();
        if (next.done === true) close();
        return next;
      } catch (error) {
        close();
        throw error;
      }
    },
    return() {
      close();
      return source.return?.() ?? Promise.resolve({ done: true, value: undefined });
    },
  };
  return result;
}

const keyOf = (document: DocumentNode, operationName: string | undefined): string =>
  `${operationName ?? ''}\n${textOf(document)}`;

/** The document as it was sent. */
export const textOf = (document: DocumentNode): string => document.loc?.source.body ?? print(document);

/** The files whose variables this call passes on. */
function filesOf(body: string, files: UploadedFile[]): UploadedFile[] {
  const { variables = {} } = JSON.parse(body) as { variables?: Record<string, unknown> };
  return files.filter(({ path }) => Object.hasOwn(variables, path.split('.')[1] ?? ''));
}

/** Executes, and tells the active span, if it is recorded, of the operation and how it went. */
export function runTraced(
  execution: Execution,
  operation: OperationRequest,
): Promise<Answer | readonly GraphQLError[]> {
  const span = trace.getActiveSpan();
  return span?.isRecording() === true ? runRecorded(execution, operation, span) : execution.execute(operation);
}

async function runRecorded(
  execution: Execution,
  operation: OperationRequest,
  span: Span,
): Promise<Answer | readonly GraphQLError[]> {
  const answer = await execution.execute(operation);
  const definition = getOperationAST(operation.document, operation.operationName);
  const errors = 'data' in answer ? answer.errors : answer;
  if (definition != null) span.setAttributes(operationAttributes(definition, textOf(operation.document)));
  span.setAttributes(outcomeAttributes(operation.context, errors));
  return answer;
}

/** What many wait for is not given up when one of them leaves. */
const nobody: OperationContext['signal'] = { aborted: false };
const noHeaders: OperationContext['headers'] = { get: () => undefined };
