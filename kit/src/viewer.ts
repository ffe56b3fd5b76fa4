import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { forbidden, unauthenticated } from './errors.ts';
import { createTokenSigner, verifyToken } from './tokens.ts';

/** Who is asking, as the router established it. */
export interface Viewer {
  /** Null for an anonymous request, and for a service account that acts as nobody. */
  userId: string | null;
  sessionId: string | null;
  roles: string[];
  emailVerified: boolean;
  /** The client's network address. */
  address: string;
  device: string | null;
  /** The name of the service account that asks, perhaps on behalf of `userId`. */
  service: string | null;
}

export const anonymous: Viewer = Object.freeze({
  userId: null,
  sessionId: null,
  roles: [],
  emailVerified: false,
  address: '',
  device: null,
  service: null,
});

const touched = (name: string) => (): never => {
  throw new Error(`A field marked @shared reads "${name}" of its viewer: it is not the same for everybody.`);
};

/**
 * Stands for all who get one shared answer. Whatever is read of it throws, so that a field wrongly marked @shared is an
 * error and not an answer that one viewer may have and another may not.
 */
export const sharedViewer: Viewer = Object.freeze(
  Object.defineProperties(
    {} as Viewer,
    Object.fromEntries(Object.keys(anonymous).map((name) => [name, { get: touched(name), enumerable: true }])),
  ),
);
/** Whether the answer is one for all who may have it: whoever gets it was let in before, where the event came from. */
export const isShared = (viewer: Viewer): boolean => viewer === sharedViewer;

/** What a shared answer may be made with: asking for anything else there may be throws, for it depends on the viewer. */
export const withoutViewer = <Parts extends object>(parts: Partial<Parts>): Parts =>
  new Proxy(parts as Parts, {
    get: (target, name): unknown => (Object.hasOwn(target, name) ? Reflect.get(target, name) : touched(String(name))()),
  });

/** The HTTP header, and the key in the `extensions` of a graphql-ws subscribe message, that carry the token. */
export const VIEWER_HEADER = 'chorus-viewer';

const TYP = 'viewer+jwt';
const LIFETIME_SECONDS = 30;
const CACHED = 10_000;

const sharedClaims = z.object({ shared: z.literal(true) });
const claims = z.object({
  userId: z.string().nullable(),
  sessionId: z.string().nullable(),
  roles: z.array(z.string()),
  emailVerified: z.boolean(),
  address: z.string(),
  device: z.string().nullable(),
  service: z.string().nullable(),
});

/** Mints and verifies the viewer tokens of one subgraph. Both sides remember results, by the string. */
export interface ViewerTokens {
  mint(viewer: Viewer): Promise<string>;
  /** @throws GraphQLError UNAUTHENTICATED when the token is missing, forged or expired. */
  verify(token: unknown): Promise<Viewer>;
}

/** @param key the secret that the router shares with this subgraph alone */
export function createViewerTokens(key: string): ViewerTokens {
  const mint = createTokenSigner(key, { typ: TYP, lifetimeSeconds: LIFETIME_SECONDS });
  const verified = new LRUCache<string, Viewer>({ max: CACHED });
  return {
    mint: (viewer) => mint(isShared(viewer) ? { shared: true } : viewer),
    async verify(token) {
      if (typeof token !== 'string') throw unauthenticated('This service answers only the router.');
      const known = verified.get(token);
      if (known !== undefined) return known;
      const payload = await verifyToken(key, TYP, token);
      const viewer = sharedClaims.safeParse(payload).success
        ? { success: true, data: sharedViewer }
        : claims.safeParse(payload);
      if (payload === null || viewer.data === undefined) throw unauthenticated('This service answers only the router.');
      verified.set(token, viewer.data, { ttl: Math.max(1, (payload.exp ?? 0) * 1000 - Date.now()) });
      return viewer.data;
    },
  };
}

/**
 * The id of the signed-in viewer.
 * @throws GraphQLError UNAUTHENTICATED
 */
export function requireUser(viewer: Viewer): string {
  if (viewer.userId === null) throw unauthenticated();
  return viewer.userId;
}

/**
 * The id of the signed-in viewer, whose e-mail address is verified; a service account answers for whom it acts.
 * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN with the reason EMAIL_NOT_VERIFIED
 */
export function requireVerified(viewer: Viewer): string {
  const userId = requireUser(viewer);
  if (viewer.emailVerified || viewer.service !== null) return userId;
  throw forbidden('Verify your e-mail address first: a code was sent to it.', 'EMAIL_NOT_VERIFIED');
}

/**
 * The name of the service account that asks.
 * @throws GraphQLError FORBIDDEN
 */
export function requireService(viewer: Viewer): string {
  if (viewer.service === null) throw forbidden('Only a service account may do this.');
  return viewer.service;
}
