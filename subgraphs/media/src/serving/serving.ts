import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Logger } from '@chorus/kit/logger';
import { sql } from '@chorus/kit/sql';
import type { Media, PrismaClient } from '../__generated__/prisma/client.ts';
import { ownerShown } from '../media/media.policy.ts';
import { type Variant, variantKey, variantsOf } from '../media/media.model.ts';
import type { Store } from '../store/store.ts';

const VARIANT = /^\/media\/(med_[0-9a-f]{32})\/([1-9]\d{0,4})\.webp$/;

/** On every answer: whatever it is, a browser runs nothing of it and guesses nothing about it. */
const GUARDS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'cross-origin',
};

/**
 * Serves variants at /media/<id>/<width>.webp, for ever cacheable: what an id and a width name never changes. Who knows
 * the id may see it, while the owner's account is not hidden. Nothing else of the store is reachable from here, originals least of all.
 * @returns whether the path is one of ours
 */
export function createServing({ db, store, logger }: { db: PrismaClient; store: Store; logger: Logger }) {
  const find = async (id: string, width: number): Promise<Variant | undefined> => {
    const [row] = await db.$queryRaw<Pick<Media, 'variants'>[]>(sql`
      select variants from media where id = ${id} and state = 'READY' and ${ownerShown}`);
    return row === undefined ? undefined : variantsOf(row).find((variant) => variant.width === width);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const [, id, width] = VARIANT.exec(path) ?? [];
    const readable = request.method === 'GET' || request.method === 'HEAD';
    const variant = readable && id !== undefined ? await find(id, Number(width)) : undefined;
    if (id === undefined || variant === undefined) return refuse(response, 404, 'Not found.');

    const etag = `"${variant.etag}"`;
    const headers = { ...GUARDS, etag, 'cache-control': 'public, max-age=31536000, immutable' };
    if (matches(request.headers['if-none-match'], etag)) {
      response.writeHead(304, headers).end();
      return;
    }
    const whole = { ...headers, 'content-type': 'image/webp', 'content-length': variant.size };
    if (request.method === 'HEAD') {
      response.writeHead(200, whole).end();
      return;
    }
    const body = await store.read(variantKey(id, variant.width));
    response.writeHead(200, whole);
    await pipeline(body, response); // ends the read when the client goes away
  };

  return (request: IncomingMessage, response: ServerResponse, url: URL): boolean => {
    if (!url.pathname.startsWith('/media/')) return false;
    serve(request, response, url.pathname).catch((err: unknown) => {
      if (response.destroyed) return logger.debug({ err, path: url.pathname }, 'the client went away');
      logger.error({ err, path: url.pathname }, 'an image could not be served');
      if (response.headersSent) response.destroy();
      else refuse(response, 503, 'Try again in a moment.');
    });
    return true;
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const retry = status === 503 ? { 'retry-after': '5' } : {};
  response.writeHead(status, { ...GUARDS, ...retry, 'content-type': 'text/plain', 'cache-control': 'no-store' });
  response.end(`${message}\n`);
}

/** If-None-Match compares weakly: the W/ of a proxy in between does not matter. */
const matches = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
