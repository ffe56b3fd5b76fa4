import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@chorus/kit/logger';
import { html, writePage } from '../page.ts';
import type { VerificationService } from './verification.service.ts';

export const VERIFY_PAGE = '/auth/verify';
const MAX_BODY = 1024;

/**
 * Where the link of a letter leads: a page with a button, because programs that look for viruses open links, too; only the
 * button verifies.
 */
export function verifyRoute(verifications: Pick<VerificationService, 'verifyByLink'>, logger: Logger) {
  const verify = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = new URLSearchParams(await readForm(request)).get('token') ?? '';
    if (await verifications.verifyByLink(token)) {
      writePage(response, 200, 'Your address is verified', html`<p>You can close this page and go on.</p>`);
    } else {
      const advice = html`<p>
        It was used already, or is too old. Where you signed up you can have another sent to you.
      </p>`;
      writePage(response, 400, 'This link is not good any more', advice);
    }
  };
  return (request: IncomingMessage, response: ServerResponse, url: URL): boolean => {
    if (url.pathname !== VERIFY_PAGE) return false;
    if (request.method === 'POST') {
      verify(request, response).catch((err: unknown) => {
        logger.error({ err }, 'an address could not be verified');
        if (response.headersSent) response.destroy();
        else writePage(response, 503, 'Not now', html`<p>Something went wrong on our side. Try again in a moment.</p>`);
      });
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      const form = html`<form method="post" action="${VERIFY_PAGE}">
        <input type="hidden" name="token" value="${url.searchParams.get('token') ?? ''}" />
        <button>Yes, this is my address</button>
      </form>`;
      writePage(response, 200, 'Verify your e-mail address', form);
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
