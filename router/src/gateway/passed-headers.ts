import type { ServerResponse } from 'node:http';
import type { ClientHeaders, OperationContext } from '../operation/context.ts';
import { headerLine, type HttpAnswer } from './http-client.ts';

const MAX_COOKIES = 50;

/**
 * The lines of the client's headers that go on to a subgraph.
 * @param names lower case, the same for every subgraph
 * @param cookies names of those that go on
 * @throws TypeError when one would break out of its line
 */
export function forwardedLines(
  context: OperationContext,
  names: readonly string[],
  cookies: readonly string[],
): string {
  const { headers } = context;
  let lines = (context.forwarded ??= linesOf(headers, names));
  const sent = cookies.length === 0 ? undefined : headers.get('cookie');
  if (sent !== undefined) {
    const some = filterCookies(sent, (name) => cookies.includes(name));
    if (some !== '') lines += headerLine('cookie', some);
  }
  return lines;
}

function linesOf(headers: ClientHeaders, names: readonly string[]): string {
  let lines = '';
  for (const name of names) {
    const value = headers.get(name);
    if (value !== undefined) lines += headerLine(name, value);
  }
  return lines;
}

/** The cookies of a Cookie header that may be there, as a Cookie header. */
export const filterCookies = (header: string, keep: (name: string) => boolean): string =>
  header
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => keep(cookie.slice(0, Math.max(0, cookie.indexOf('=')))))
    .join('; ');

/**
 * Notes the headers of a subgraph's answer that the client is to see. Of several answers the last word counts, and of
 * Retry-After the longest.
 */
export function noteReturned(answer: HttpAnswer, names: readonly string[], context: OperationContext): void {
  for (const name of names) {
    if (name === 'set-cookie') {
      const cookies = answer.setCookies();
      if (cookies.length === 0) continue;
      const known = context.returned?.get(name) ?? [];
      (context.returned ??= new Map()).set(name, [known, ...cookies].flat().slice(0, MAX_COOKIES));
      continue;
    }
    const value = answer.header(name);
    if (value === undefined) continue;
    const known = context.returned?.get(name);
    if (name === 'retry-after' && Number(known) > Number(value)) continue;
    (context.returned ??= new Map()).set(name, value);
  }
}

/** Puts what subgraphs said to the client on its response, whose head must not be written yet. */
export function writeReturned(response: ServerResponse, { returned }: OperationContext): void {
  if (returned === undefined) return;
  for (const [name, value] of returned) response.setHeader(name, value);
}

/**
 * Milliseconds that a Retry-After header asks to wait: seconds, or a date (RFC 9110, 10.2.3).
 * @returns undefined when it is neither
 */
export function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
