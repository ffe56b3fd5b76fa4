import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 44rem; margin: 3rem auto; padding: 0 1rem }
h1 { font-size: 1.3rem }
article { border-top: 1px solid; padding: .5rem 0 }
h2 { font-size: 1rem; margin-bottom: 0 }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }
button { font: inherit; padding: .5rem 1rem }`;

/** Nothing is loaded or run, nobody frames it, forms go to ourselves, and no address of it is told to others. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** HTML that is safe to put into a page. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Everything that is put into it is escaped, but for what is `Html` already. */
export const html = (parts: TemplateStringsArray, ...values: (string | Html | readonly Html[])[]): Html =>
  new Html(parts.reduce((text, part, index) => `${text}${markup(values[index - 1] ?? '')}${part}`));

const markup = (value: string | Html | readonly Html[]): string => {
  if (value instanceof Html) return value.text;
  if (typeof value !== 'string') return value.map(({ text }) => text).join('');
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
};

/** Answers a small page without scripts. */
export function writePage(response: ServerResponse, status: number, title: string, body: Html): void {
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title}</title>
      <style>
        ${new Html(STYLE)}
      </style>
      <h1>${title}</h1>
      ${body}
    </html> `;
  response.writeHead(status, HEADERS).end(page.text);
}
