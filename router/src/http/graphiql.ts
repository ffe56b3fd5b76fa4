import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Logger } from '@chorus/kit/logger';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers a GET or HEAD whose path is a file of the page, and says whether it did. */
export type StaticHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

/**
 * GraphiQL, as `build:graphiql` made it: index.html at /, and files whose names hold a hash of what is in them. All are
 * read at the start, so that no path of a request ever reaches the file system.
 * @returns null when it was not made
 */
export function createGraphiql(dir: string, logger: Logger): StaticHandler | null {
  if (!existsSync(path.join(dir, 'index.html'))) {
    logger.warn('GraphiQL is not built, so / is empty; `pnpm prepare:generated` builds it');
    return null;
  }
  const files = new Map(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry): [string, Buffer] => {
        const file = path.join(entry.parentPath, entry.name);
        return [`/${path.relative(dir, file).replaceAll(path.sep, '/')}`, readFileSync(file)];
      }),
  );
  const index = files.get('/index.html') ?? Buffer.alloc(0);
  files.set('/', index);

  return (request, response, url) => {
    const content = files.get(url.pathname);
    if (content === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    const isPage = content === index;
    response.writeHead(200, {
      'content-type': isPage ? types['.html'] : (types[path.extname(url.pathname)] ?? 'application/octet-stream'),
      'content-length': content.length,
      'cache-control': isPage ? 'no-cache' : 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      ...(isPage && { 'content-security-policy': PAGE_POLICY, 'referrer-policy': 'no-referrer' }),
    });
    response.end(request.method === 'HEAD' ? undefined : content);
    return true;
  };
}
