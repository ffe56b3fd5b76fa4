import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeJson } from '@chorus/kit/http';
import { html, writePage } from '../page.ts';
import type { Letter } from './letter.ts';
import type { Transport } from './transport.ts';

export type MailRoute = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

export const MAIL_PAGE = '/auth/mail';
const KEPT = 100;
const LINK = /^https?:\/\/\S+$/;

/**
 * Where letters go that no mail server takes: the last hundred are shown to everybody who asks for /auth/mail, as a page or,
 * for `Accept: application/json`, as data. For development only.
 */
export function createMailPage(): Transport & { route: MailRoute } {
  const letters: (Letter & { sentAt: string })[] = [];
  return {
    async send(letter) {
      letters.unshift({ ...letter, sentAt: new Date().toISOString() });
      letters.length = Math.min(letters.length, KEPT);
    },
    close() {},
    route(request, response, url) {
      if (url.pathname !== MAIL_PAGE) return false;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
      } else if (request.headers.accept?.includes('application/json')) {
        response.setHeader('cache-control', 'no-store');
        writeJson(response, 200, { letters });
      } else {
        writePage(
          response,
          200,
          'Mail',
          html`<p>There is no mail server here: this is what would have been sent.</p>
            ${letters.map(show)}`,
        );
      }
      return true;
    },
  };
}

const show = ({ to, subject, text, sentAt }: Letter & { sentAt: string }) =>
  html`<article>
    <h2>${subject}</h2>
    <small>To ${to}, ${sentAt}</small>
    <pre>
${text.split('\n').map((line) => (LINK.test(line) ? html`<a href="${line}">${line}</a> ` : html`${line} `))}</pre>
  </article> `;
