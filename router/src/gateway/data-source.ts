import { RemoteGraphQLDataSource } from '@apollo/gateway';
import {
  type GraphQLDataSourceProcessOptions,
  GraphQLDataSourceRequestKind,
} from '@apollo/gateway/dist/datasources/types.js';
import { fault } from '@chorus/kit/errors';
import { withSpan } from '@chorus/kit/telemetry';
import { VIEWER_HEADER, type ViewerTokens } from '@chorus/kit/viewer';
import type { OperationContext } from '../operation/context.ts';
import { collectUploads, type MultipartBody, multipartBody } from './multipart.ts';

type Response = Awaited<ReturnType<RemoteGraphQLDataSource['process']>>;

export interface DataSourceOptions {
  name: string;
  url: string;
  /** Mints what tells this subgraph who asks; null for one that reads forwarded headers itself. */
  viewerTokens: ViewerTokens | null;
  /** Headers of the client that this subgraph gets, lower case. */
  forwardHeaders: readonly string[];
  timeoutMs: number;
}

/** How the router calls one subgraph. A call that fails is a coded error without a host or status in it. */
export class SubgraphDataSource extends RemoteGraphQLDataSource<OperationContext> {
  readonly #options: DataSourceOptions;

  constructor(options: DataSourceOptions) {
    super({ url: options.url });
    this.#options = options;
  }

  override async process(options: GraphQLDataSourceProcessOptions<OperationContext>): Promise<Response> {
    const { name, timeoutMs } = this.#options;
    // The gateway loads its own SDL only from registries; every call here belongs to an operation.
    if (options.kind !== GraphQLDataSourceRequestKind.INCOMING_OPERATION) return super.process(options);
    const representations: unknown = options.request.variables?.['representations'];
    const attributes = {
      'chorus.subgraph': name,
      ...(Array.isArray(representations) && { 'chorus.entities.requested': representations.length }),
    };
    return withSpan('router.fetch', attributes, async (span) => {
      if (Array.isArray(representations) && span.isRecording()) {
        const unique = new Set(representations.map((representation) => JSON.stringify(representation)));
        span.setAttribute('chorus.entities.unique', unique.size);
      }
      const { context, request } = options;
      context.calls++;
      const { files, variables } = collectUploads(request.variables ?? {});
      const operations = JSON.stringify({ query: request.query, variables, operationName: request.operationName });
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(new DOMException('no answer in time', 'TimeoutError')), timeoutMs);
      // A client may take its time to send a file; the subgraph's time begins anew with each piece.
      const upload = files.length === 0 ? null : multipartBody(operations, files, () => timer.refresh());
      try {
        return await this.#call(context, upload ?? operations, AbortSignal.any([late.signal, context.signal]));
      } catch (error) {
        if (upload?.failure() !== undefined) throw upload.failure();
        if (late.signal.aborted) throw fault('TIMEOUT', `The ${name} service took too long to answer. Try again.`);
        context.logger.warn({ err: error, subgraph: name }, 'a call to a subgraph failed');
        throw fault('SUBGRAPH_UNAVAILABLE', `The ${name} service is not available right now. Try again in a moment.`);
      } finally {
        clearTimeout(timer);
      }
    });
  }

  async #call(context: OperationContext, content: string | MultipartBody, signal: AbortSignal): Promise<Response> {
    const { url, viewerTokens, forwardHeaders } = this.#options;
    const headers: Record<string, string> = {};
    for (const name of forwardHeaders) {
      const value = context.headers.get(name);
      if (value !== undefined) headers[name] = value;
    }
    if (viewerTokens !== null) headers[VIEWER_HEADER] = await viewerTokens.mint(context.viewer);
    const { body, type } = typeof content === 'string' ? { body: content, type: 'application/json' } : content;
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, accept: 'application/json', 'content-type': type },
      body,
      signal,
      redirect: 'error',
      ...(typeof body !== 'string' && { duplex: 'half' }),
    });
    const answer: unknown = await response.json();
    if (typeof answer !== 'object' || answer === null || !('data' in answer || 'errors' in answer)) {
      throw new Error(`answered ${response.status} without GraphQL`);
    }
    // That the router itself is refused is no news for the client.
    if (response.status === 401 && viewerTokens !== null) throw new Error('refused the viewer token');
    return answer as Response;
  }
}
