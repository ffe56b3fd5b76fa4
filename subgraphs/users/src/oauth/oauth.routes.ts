import type { IncomingMessage, ServerResponse } from 'node:http';
import { writeJson } from '@chorus/kit/http';
import type { Caller } from '@chorus/kit/limits';
import type { Logger } from '@chorus/kit/logger';
import type { Exchange } from '@chorus/kit/server';
import { anonymous } from '@chorus/kit/viewer';
import { GraphQLError } from 'graphql';
import { html, writePage } from '../page.ts';
import type { RefreshCookie } from '../session/refresh-cookie.ts';
import { ATTEMPT_SECONDS } from './attempt.ts';
import type { MockProvider } from './mock-provider.ts';
import type { OAuthService } from './oauth.service.ts';
import type { Provider } from './provider.ts';

const COOKIE = 'chorus_oauth';
const WRITTEN = new RegExp(`(?:^|; *)${COOKIE}=([\\w-]{43})(?:;|$)`);
const MAX_FORM = 64 * 1024;

const STATUS: Partial<Record<string, number>> = { BAD_USER_INPUT: 400, NOT_FOUND: 404, RATE_LIMITED: 429 };

/**
 * Signing in by another provider, which is a walk of a browser and not GraphQL:
 *
 *     /auth/oauth                       the providers there are
 *     /auth/oauth/PROVIDER/start        sends it to the provider
 *     /auth/oauth/PROVIDER/callback     takes it up again
 *     /auth/mock/…                      the mock provider, where there is one
 *
 * For the server's `route`.
 */
export function oauthRoutes(options: {
  oauth: OAuthService;
  refreshCookie: RefreshCookie;
  mock: MockProvider | null;
  publicUrl: string;
  logger: Logger;
}): (request: IncomingMessage, response: ServerResponse, url: URL) => boolean {
  const { oauth, refreshCookie, mock, publicUrl, logger } = options;
  const { protocol, pathname } = new URL(publicUrl);
  const base = `${pathname.replace(/\/$/, '')}/auth/oauth`;
  // Lax, so that it comes along when the provider's page leads back.
  const attributes = `Path=${base}; HttpOnly; SameSite=Lax${protocol === 'https:' ? '; Secure' : ''}`;
  const kept = (secret: string, seconds: number) => `${COOKIE}=${secret}; Max-Age=${seconds}; ${attributes}`;

  const start = async (caller: Caller, response: ServerResponse, provider: Provider, { searchParams }: URL) => {
    const step = await oauth.begin(caller, provider, {
      returnTo: searchParams.get('returnTo') ?? '/',
      codeChallenge: searchParams.get('codeChallenge'),
    });
    if ('secret' in step) caller.exchange.setHeader('set-cookie', kept(step.secret, ATTEMPT_SECONDS));
    redirect(response, step.to);
  };

  const callback = async (exchange: Exchange, response: ServerResponse, provider: Provider, { search }: URL) => {
    const caller = { viewer: viewerOf(exchange), exchange };
    const secret = WRITTEN.exec(exchange.requestHeaders.cookie ?? '')?.[1] ?? null;
    const step = await oauth.finish(caller, provider, search, secret);
    if (step === null) {
      const message = 'This sign-in was not begun in this browser, has ended already or took too long. Begin again.';
      return refuse(response, 400, 'BAD_USER_INPUT', message);
    }
    exchange.setHeader('set-cookie', kept('', 0));
    if (step.session !== undefined) refreshCookie.keep(exchange, step.session);
    redirect(response, step.to);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    if (request.method !== 'GET') {
      response.setHeader('allow', 'GET');
      return refuse(response, 405, 'BAD_USER_INPUT', 'This path takes GET.');
    }
    response.setHeader('cache-control', 'no-store');
    // Codes are in the address of these pages.
    response.setHeader('referrer-policy', 'no-referrer');
    if (url.pathname === '/auth/oauth') return list(request, response);
    const [, name, step] = /^\/auth\/oauth\/([a-z]+)\/(start|callback)$/.exec(url.pathname) ?? [];
    const provider = oauth.providers.find((candidate) => candidate.name === name);
    if (provider === undefined || step === undefined)
      return refuse(response, 404, 'NOT_FOUND', 'Nobody can sign in by this provider here.');
    const exchange = exchangeOf(request, response);
    if (step === 'callback') return callback(exchange, response, provider, url);
    return start({ viewer: viewerOf(exchange), exchange }, response, provider, url);
  };

  const list = (request: IncomingMessage, response: ServerResponse): void => {
    const providers = oauth.providers.map(({ name, title }) => ({ name, title, start: `${base}/${name}/start` }));
    if (request.headers.accept?.includes('text/html') !== true) return writeJson(response, 200, { providers });
    const links = providers.map(({ title, start: path }) => html`<p><a href="${path}">${title}</a></p>`);
    writePage(response, 200, 'Sign in', html`${links}`);
  };

  return (request, response, url) => {
    const isMock = mock !== null && url.pathname.startsWith('/auth/mock/');
    if (!isMock && url.pathname !== '/auth/oauth' && !url.pathname.startsWith('/auth/oauth/')) return false;
    const answered = isMock ? passToMock(mock, request, response, url) : answer(request, response, url);
    answered.catch((error: unknown) => {
      if (!(error instanceof GraphQLError)) logger.error({ err: error }, 'a sign-in by another provider failed');
      if (response.headersSent) response.destroy();
      else refuseBy(response, error);
    });
    return true;
  };
}

/** The router tells whose the request is; it takes these headers from nobody else. */
function viewerOf({ requestHeaders }: Exchange) {
  const address = requestHeaders['x-forwarded-for'];
  return {
    ...anonymous,
    address: typeof address === 'string' ? address : '',
    device: requestHeaders['user-agent']?.slice(0, 200) ?? null,
  };
}

/** More than one cookie may be set. */
const exchangeOf = (request: IncomingMessage, response: ServerResponse): Exchange => ({
  requestHeaders: request.headers,
  setHeader: (name, value) =>
    void (name === 'set-cookie' ? response.appendHeader(name, value) : response.setHeader(name, value)),
});

/** 303: whatever led here, it goes on with GET. */
const redirect = (response: ServerResponse, to: URL): void => void response.writeHead(303, { location: to.href }).end();

function refuseBy(response: ServerResponse, error: unknown): void {
  const { code, retryAfter, field } = error instanceof GraphQLError ? error.extensions : {};
  const status = STATUS[String(code)];
  if (!(error instanceof GraphQLError) || status === undefined) {
    return refuse(response, 500, 'INTERNAL', 'Something went wrong on our side.');
  }
  if (typeof retryAfter === 'number') response.setHeader('retry-after', retryAfter);
  writeJson(response, status, { errors: [{ message: error.message, extensions: { code, retryAfter, field } }] });
}

const refuse = (response: ServerResponse, status: number, code: string, message: string): void =>
  writeJson(response, status, { errors: [{ message, extensions: { code } }] });

async function passToMock(mock: MockProvider, request: IncomingMessage, response: ServerResponse, url: URL) {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_FORM) chunks.push(chunk);
  }
  if (size > MAX_FORM) return refuse(response, 413, 'BAD_USER_INPUT', `The body is larger than ${MAX_FORM} bytes.`);
  const { method = 'GET' } = request;
  const headers = new Headers({
    authorization: request.headers.authorization ?? '',
    'content-type': request.headers['content-type'] ?? '',
  });
  const target = new URL(mock.issuer);
  target.pathname = target.pathname.replace(/\/auth\/mock$/, url.pathname);
  target.search = url.search;
  const body = method === 'POST' ? Buffer.concat(chunks) : null;
  const answer = await mock.answer(new Request(target, { method, headers, body }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
