import { fault } from '@chorus/kit/errors';
import { withSpan } from '@chorus/kit/telemetry';
import { VIEWER_HEADER } from '@chorus/kit/viewer';
import { Agent, request } from 'undici';
import type { CallInfo } from '../execution/compiled/index.ts';
import type { OperationContext } from '../operation/context.ts';
import type { Subgraph } from './gateway.ts';
import { type MultipartBody, multipartBody, type UploadedFile } from './multipart.ts';

/** Sockets to one subgraph at most; what is more waits for one, and for its time-out. */
const MAX_CONNECTIONS = 256;

/** How the router calls one subgraph. A call that fails is a coded error without a host or status in it. */
export class SubgraphClient {
  readonly #subgraph: Subgraph;
  readonly #timeoutMs: number;
  readonly #agent: Agent;

  /** @param timeoutMs for one call, from its beginning to the end of the answer */
  constructor(subgraph: Subgraph, timeoutMs: number) {
    this.#subgraph = subgraph;
    this.#timeoutMs = timeoutMs;
    // Times are kept by `call`, which knows of uploads.
    this.#agent = new Agent({ connections: MAX_CONNECTIONS, headersTimeout: 0, bodyTimeout: 0 });
  }

  /**
   * Sends the JSON text of an operation, with the files that belong in its variables, and gives the text of the answer.
   * @throws GraphQLError SUBGRAPH_UNAVAILABLE, TIMEOUT; BAD_USER_INPUT for a file that did not arrive whole
   */
  call(operation: string, info: CallInfo, context: OperationContext, files: UploadedFile[]): Promise<string> {
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
      const ending = new AbortController();
      const leave = () => ending.abort();
      context.signal.addEventListener('abort', leave, { once: true });
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        ending.abort();
      }, this.#timeoutMs);
      // A client may take its time to send a file; the subgraph's time begins anew with each piece.
      const upload = files.length === 0 ? null : multipartBody(operation, files, () => timer.refresh());
      try {
        return await this.#send(context, upload ?? operation, ending.signal);
      } catch (error) {
        const refused = upload?.failure();
        if (refused !== undefined) throw refused;
        if (late) throw fault('TIMEOUT', `The ${name} service took too long to answer. Try again.`);
        context.logger.warn({ err: error, subgraph: name }, 'a call to a subgraph failed');
        throw fault('SUBGRAPH_UNAVAILABLE', `The ${name} service is not available right now. Try again in a moment.`);
      } finally {
        clearTimeout(timer);
        context.signal.removeEventListener('abort', leave);
      }
    });
  }

  /** Closes the connections, when the calls under way are answered. */
  stop(): Promise<void> {
    return this.#agent.close();
  }

  async #send(context: OperationContext, content: string | MultipartBody, signal: AbortSignal): Promise<string> {
    const { url, viewerTokens, forwardHeaders } = this.#subgraph;
    const plain = typeof content === 'string';
    const headers: Record<string, string> = {
      accept: 'application/json',
      'content-type': plain ? 'application/json' : content.type,
    };
    for (const name of forwardHeaders) {
      const value = context.headers.get(name);
      if (value !== undefined) headers[name] = value;
    }
    if (viewerTokens !== null) headers[VIEWER_HEADER] = await viewerTokens.mint(context.viewer);
    const { statusCode, body } = await request(url, {
      method: 'POST',
      headers,
      body: plain ? content : content.body,
      signal,
      dispatcher: this.#agent,
    });
    const answer = await body.text();
    // That the router itself is refused is no news for the client.
    if (statusCode === 401 && viewerTokens !== null) throw new Error('refused the viewer token');
    if (!answer.startsWith('{')) throw new Error(`answered ${statusCode} without GraphQL`);
    return answer;
  }
}
