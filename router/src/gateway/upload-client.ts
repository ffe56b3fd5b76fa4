import { type Dispatcher, Agent, errors, request } from 'undici';
import { AnswerTooLong } from './http-body.ts';
import { ConnectionError, type Exchange, type HttpAnswer } from './http-client.ts';
import type { MultipartBody } from './multipart.ts';

/** Sends files on to one server as they come in, each in a request of its own. */
export class UploadClient {
  readonly #url: string;
  readonly #agent: Agent;

  constructor(url: string, { connections, maxAnswerBytes }: { connections: number; maxAnswerBytes: number }) {
    this.#url = url;
    // Times are kept by whoever calls: a client may take its time to send a file.
    this.#agent = new Agent({ connections, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: maxAnswerBytes });
  }

  /** @param headers lines made by `headerLine`, without the content type, which the body knows */
  post(headers: string, { body, type }: MultipartBody): Exchange {
    const ending = new AbortController();
    const lines = headers
      .split('\r\n')
      .filter((line) => line !== '')
      .map((line) => line.split(/: (.*)/s, 2) as [string, string]);
    const sent = request(this.#url, {
      method: 'POST',
      headers: { ...Object.fromEntries(lines), 'content-type': type },
      body,
      signal: ending.signal,
      dispatcher: this.#agent,
    });
    const answer = sent.then(readAnswer).catch((cause: unknown) => {
      if (ending.signal.aborted) throw ending.signal.reason;
      if (cause instanceof errors.ResponseExceededMaxSizeError) throw new AnswerTooLong(cause.message);
      throw new ConnectionError('the upload broke off', { unprocessed: wasRefused(cause), cause });
    });
    return { answer, cancel: (reason) => ending.abort(reason) };
  }

  /** Closes the connections, when the uploads under way are answered. */
  stop(): Promise<void> {
    return this.#agent.close();
  }
}

const wasRefused = (cause: unknown): boolean =>
  cause instanceof errors.ConnectTimeoutError ||
  (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED');

async function readAnswer({ statusCode: status, headers, body }: Dispatcher.ResponseData): Promise<HttpAnswer> {
  const valuesOf = (name: string) => [headers[name] ?? []].flat();
  return {
    status,
    text: await body.text(),
    header: (name) => (headers[name] === undefined ? undefined : valuesOf(name).join(', ')),
    setCookies: () => valuesOf('set-cookie'),
  };
}
