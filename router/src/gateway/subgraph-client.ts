import { CircuitBreaker, type Outcome } from '@chorus/kit/circuit-breaker';
import { fault } from '@chorus/kit/errors';
import type { Logger } from '@chorus/kit/logger';
import { injectTrace, withSpan } from '@chorus/kit/telemetry';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { type Span, SpanKind, trace } from '@opentelemetry/api';
import { GraphQLError } from 'graphql';
import type { CallInfo } from '../execution/compiled/index.ts';
import type { OperationContext } from '../operation/context.ts';
import { Bulkhead, BulkheadFull, pause } from './bulkhead.ts';
import { CallWatch, gone, late, over, WatchedCall } from './call-watch.ts';
import type { Subgraph } from './gateway.ts';
import { headerLine, HttpClient, type HttpAnswer } from './http-client.ts';
import { Instances, type Verdict } from './instances.ts';
import { type MultipartBody, multipartBody, type UploadedFile } from './multipart.ts';
import { faultOf, outcomeOf, Resting, Unavailable, verdictOf, wasNeverReached } from './outcomes.ts';
import { forwardedLines, noteReturned } from './passed-headers.ts';
import { backoff, RetryBudget } from './retry-budget.ts';
import { UploadClient } from './upload-client.ts';

export interface SubgraphClientOptions {
  /** Milliseconds for one call with all its tries, from its beginning to the end of the answer. */
  timeoutMs: number;
  /** Calls under way at most. */
  concurrent: number;
  /** Calls that wait for one of those to end, at most; one more fails at once. */
  waiting: number;
  logger: Logger;
}

/** A query is sent at most three times. */
const MAX_RETRIES = 2;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * How the router calls one subgraph, which may have several instances: with a time-out, a bound on calls at one time, a
 * circuit breaker, and further tries of what may be tried again. A call that fails is a coded error without a host or
 * status in it.
 */
export class SubgraphClient {
  readonly #subgraph: Subgraph;
  readonly #options: SubgraphClientOptions;
  readonly #instances: Instances;
  readonly #breaker: CircuitBreaker;
  readonly #bulkhead: Bulkhead;
  readonly #budget = new RetryBudget();
  readonly #watch = new CallWatch();

  constructor(subgraph: Subgraph, options: SubgraphClientOptions) {
    const { concurrent, waiting, logger } = options;
    this.#subgraph = subgraph;
    this.#options = options;
    const limits = { connections: concurrent, maxAnswerBytes: MAX_ANSWER_BYTES };
    const transports = subgraph.urls.map((url) => ({
      url,
      http: new HttpClient(new URL(url), limits),
      uploads: new UploadClient(url, limits),
    }));
    this.#instances = new Instances(subgraph.name, transports, logger);
    this.#bulkhead = new Bulkhead({ concurrent, waiting });
    this.#breaker = new CircuitBreaker((state) => {
      logger[state === 'open' ? 'warn' : 'info']({ subgraph: subgraph.name }, `calls to a subgraph: circuit ${state}`);
    });
  }

  /**
   * Sends the JSON text of an operation, with the files that belong in its variables, and gives the text of the answer.
   * @throws GraphQLError SUBGRAPH_UNAVAILABLE (with `retryAfter` seconds where that is known), TIMEOUT; BAD_USER_INPUT
   *   for a file that did not arrive whole, or a header that is none
   */
  call(operation: string, info: CallInfo, context: OperationContext, files: UploadedFile[]): Promise<string> {
    context.calls++;
    // Without a span that is recorded, the next process is still told which trace this is.
    if (trace.getActiveSpan()?.isRecording() !== true) return this.#send(operation, info, context, files);
    const attributes = {
      'chorus.subgraph': this.#subgraph.name,
      ...(info.requested > 0 && {
        'chorus.entities.requested': info.requested,
        'chorus.entities.unique': info.unique,
      }),
    };
    const send = (span: Span) => this.#send(operation, info, context, files, span);
    return withSpan('router.fetch', attributes, send, { kind: SpanKind.CLIENT });
  }

  /** Closes the connections, when the calls under way are answered. */
  stop(): Promise<void> {
    return this.#instances.stop();
  }

  /** Lets the call pass, or wait for its turn, and counts what comes of it. */
  async #send(
    operation: string,
    info: CallInfo,
    context: OperationContext,
    files: UploadedFile[],
    span?: Span,
  ): Promise<string> {
    const began = performance.now();
    // A client may take its time to send a file.
    const end = files.length === 0 ? (context.deadline ?? Infinity) : Infinity;
    if (began >= end) throw this.#describe(over, context);
    const pass = this.#breaker.admit(began);
    if (pass === 0) throw this.#unavailable(this.#breaker.retryAfter(began));
    const { timeoutMs } = this.#options;
    const call = new WatchedCall(context.signal, began + timeoutMs, end);
    const prolong = () => void (call.deadline = performance.now() + timeoutMs);
    const upload = files.length === 0 ? null : multipartBody(operation, files, prolong);
    let outcome: Outcome = 'unknown';
    this.#watch.add(call);
    try {
      const turn = this.#bulkhead.enter();
      if (turn !== null) await call.waitFor(turn).promise;
      try {
        // It may have opened while this call waited.
        if (!this.#breaker.holds(pass)) throw this.#unavailable(this.#breaker.retryAfter(performance.now()));
        const headers = this.#headers(context, upload === null);
        const viewer = this.#subgraph.viewerTokens === null ? '' : await this.#viewerLine(context);
        const request = {
          headers: ACCEPT + headers + viewer,
          operation,
          upload,
          mutation: info.mutation,
          began: turn === null ? began : performance.now(),
        };
        const answer = await this.#try(call, request, span);
        outcome = 'success';
        const { returnHeaders } = this.#subgraph;
        if (returnHeaders.length > 0) noteReturned(answer, returnHeaders, context);
        return answer.text;
      } finally {
        this.#bulkhead.leave();
      }
    } catch (error) {
      const refused = upload?.failure() ?? error;
      if (refused instanceof GraphQLError) throw refused;
      outcome = outcomeOf(error);
      throw this.#describe(error, context);
    } finally {
      this.#watch.delete(call);
      this.#breaker.record(pass, outcome, performance.now());
    }
  }

  /** Sends it to an instance, and again to another where that does no harm. */
  async #try(call: WatchedCall, request: CallRequest, span: Span | undefined): Promise<HttpAnswer> {
    const { headers, operation, upload, mutation } = request;
    const repeatable = !mutation && upload === null;
    let { began } = request;
    this.#budget.deposit();
    for (let retries = 0; ; retries++) {
      const instance = this.#instances.choose(began, repeatable);
      if (instance === undefined) throw new Resting(this.#instances.restLeft(began));
      const { epoch } = instance;
      // One that was away may have come back to do nothing: it gets less time, so that there is some left to ask another.
      call.tryUntil = instance.probing && repeatable ? began + this.#options.timeoutMs / 4 : Infinity;
      let verdict: Verdict = 'unknown';
      let retryable = false;
      try {
        const exchange =
          upload === null ? instance.http.post(JSON_TYPE + headers, operation) : instance.uploads.post(headers, upload);
        const answer = await call.waitFor(exchange).answer;
        const wrong = faultOf(answer, this.#subgraph.viewerTokens !== null);
        if (wrong !== null) throw wrong;
        verdict = 'success';
        return answer;
      } catch (error) {
        const now = performance.now();
        verdict = verdictOf(error, upload !== null);
        const guiltless =
          upload?.failure() !== undefined || (error === late && now - began < this.#options.timeoutMs / 2);
        if (guiltless) verdict = 'unknown'; // a file did not come, or the call waited for its turn until it was too late
        retryable = verdict === 'down' && (repeatable || (upload === null && wasNeverReached(error)));
        if (error instanceof Unavailable && error.retryAfterMs !== undefined) {
          this.#instances.rest(instance, error.retryAfterMs, now);
        }
        call.look(now); // a client that has left since has it tried no more
        if (!retryable || retries === MAX_RETRIES || !this.#budget.withdraw(now)) throw error;
      } finally {
        this.#instances.ended(instance, epoch, verdict);
      }
      call.tryUntil = Infinity;
      await call.waitFor(pause(backoff(retries + 1))).promise;
      began = performance.now();
      span?.setAttribute('http.request.resend_count', retries + 1);
    }
  }

  /**
   * What each try says besides its body: what the client said, and which trace it belongs to.
   * @param traced false where the transport says the last by itself
   */
  #headers(context: OperationContext, traced: boolean): string {
    const { forwardHeaders, forwardCookies } = this.#subgraph;
    let lines: string;
    try {
      lines = forwardedLines(context, forwardHeaders, forwardCookies);
    } catch (cause) {
      if (cause instanceof TypeError) throw fault('BAD_USER_INPUT', 'A header of your request is malformed.');
      throw cause;
    }
    const { traceparent, tracestate } = traced ? injectTrace() : {};
    if (traceparent !== undefined) lines += `traceparent: ${traceparent}\r\n`;
    if (tracestate !== undefined) lines += headerLine('tracestate', tracestate);
    return lines;
  }

  /** Who asks. Made when the call is sent and not before: it lasts 30 s. */
  async #viewerLine({ viewer }: OperationContext): Promise<string> {
    return `${VIEWER_HEADER}: ${await this.#subgraph.viewerTokens?.mint(viewer)}\r\n`;
  }

  #describe(error: unknown, { logger }: OperationContext): GraphQLError {
    const { name } = this.#subgraph;
    if (error === gone) return this.#unavailable(); // nobody reads it
    if (error === over) return fault('TIMEOUT', 'The operation took longer than it may. Ask for less at once.');
    if (error === late) return fault('TIMEOUT', `The ${name} service took too long to answer. Try again.`);
    if (error instanceof BulkheadFull) return this.#unavailable(1);
    if (error instanceof Resting) return this.#unavailable(Math.max(1, Math.ceil(error.forMs / 1000)));
    logger.warn({ err: error, subgraph: name }, 'a call to a subgraph failed');
    return this.#unavailable();
  }

  /** @param retryAfter seconds */
  #unavailable(retryAfter?: number): GraphQLError {
    const message = `The ${this.#subgraph.name} service is not available right now. Try again in a moment.`;
    return fault('SUBGRAPH_UNAVAILABLE', message, retryAfter === undefined ? {} : { retryAfter });
  }
}

interface CallRequest {
  headers: string;
  operation: string;
  upload: MultipartBody | null;
  mutation: boolean;
  /** When its turn came, by performance.now(). */
  began: number;
}

const ACCEPT = headerLine('accept', 'application/json');
const JSON_TYPE = headerLine('content-type', 'application/json');
