import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@chorus/kit/logger';
import { type Html, html, writePage } from './page.ts';

const MAX_BODY = 1024;

/** What a page says. */
interface Words {
  title: string;
  body: Html;
}

/**
 * Where the link of a letter leads: a page with a button, because programs that look for viruses open links, too; only the
 * button does something.
 * @param options.press does it; null when the token is not good, or not any more
 */
export function linkRoute(options: {
  path: string;
  title: string;
  button: string;
  press: (token: string, request: IncomingMessage) => Promise<Words | null>;
  /** What to do instead when the link is not good. */
  advice: Html;
  logger: Logger;
}) {
  const { path, title, button, press, advice, logger } = options;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = new URLSearchParams(await readForm(request)).get('token') ?? '';
    const done = await press(token, request);
    if (done === null) writePage(response, 400, 'This link is not good any more', advice);
    else writePage(response, 200, done.title, done.body);
  };
  return (request: IncomingMessage, response: ServerResponse, url: URL): boolean => {
    if (url.pathname !== path) return false;
    if (request.method === 'POST') {
      answer(request, response).catch((err: unknown) => {
        logger.error({ err, path }, 'what the link of a letter is for could not be done');
        if (response.headersSent) response.destroy();
        else writePage(response, 503, 'Not now', html`<p>Something went wrong on our side. Try again in a moment.</p>`);
      });
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      const form = html`<form method="post" action="${path}">
        <input type="hidden" name="token" value="${url.searchParams.get('token') ?? ''}" />
        <button>${button}</button>
      </form>`;
      writePage(response, 200, title, form);
    } else {
      response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
    }
    return true;
  };
}

/** A form's body; what is longer than one of ours is cut off, and so is none. */
async function readForm(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (text.length < MAX_BODY) text += chunk.toString('utf8');
  }
  return text;
}
