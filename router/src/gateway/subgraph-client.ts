import { fault } from '@chorus/kit/errors';
import { withSpan } from '@chorus/kit/telemetry';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import type { CallInfo } from '../execution/compiled/index.ts';
import type { OperationContext } from '../operation/context.ts';
import type { Subgraph } from './gateway.ts';
import { type MultipartBody, multipartBody, type UploadedFile } from './multipart.ts';

/** How the router calls one subgraph. A call that fails is a coded error without a host or status in it. */
export class SubgraphClient {
  readonly #subgraph: Subgraph;
  readonly #timeoutMs: number;

  constructor(subgraph: Subgraph, timeoutMs: number) {
    this.#subgraph = subgraph;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends the JSON text of an operation, with the files that belong in its variables, and gives what was answered.
   * @throws GraphQLError SUBGRAPH_UNAVAILABLE, TIMEOUT; BAD_USER_INPUT for a file that did not arrive whole
   */
  call(operation: string, info: CallInfo, context: OperationContext, files: UploadedFile[]): Promise<object> {
    const { name } = this.#subgraph;
    const attributes = {
      'chorus.subgraph': name,
      ...(info.requested > 0 && {
        'chorus.entities.requested': info.requested,
        'chorus.entities.unique': info.unique,
      }),
    };
    return withSpan('router.fetch', attributes, async () => {
      context.calls++;
      const late = new AbortController();
      const timer = setTimeout(
        () => late.abort(new DOMException('no answer in time', 'TimeoutError')),
        this.#timeoutMs,
      );
      // A client may take its time to send a file; the subgraph's time begins anew with each piece.
      const upload = files.length === 0 ? null : multipartBody(operation, files, () => timer.refresh());
      try {
        return await this.#send(context, upload ?? operation, AbortSignal.any([late.signal, context.signal]));
      } catch (error) {
        const refused = upload?.failure();
        if (refused !== undefined) throw refused;
        if (late.signal.aborted) throw fault('TIMEOUT', `The ${name} service took too long to answer. Try again.`);
        context.logger.warn({ err: error, subgraph: name }, 'a call to a subgraph failed');
        throw fault('SUBGRAPH_UNAVAILABLE', `The ${name} service is not available right now. Try again in a moment.`);
      } finally {
        clearTimeout(timer);
      }
    });
  }

  async #send(context: OperationContext, content: string | MultipartBody, signal: AbortSignal): Promise<object> {
    const { url, viewerTokens, forwardHeaders } = this.#subgraph;
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
    return answer;
  }
}
