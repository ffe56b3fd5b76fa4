import { setTimeout as delay } from 'node:timers/promises';
import type { Follower } from '@chorus/kit/events';
import type { Logger } from '@chorus/kit/logger';
import type { Running } from '@chorus/kit/service';
import type { AccessClaims } from './access-tokens.ts';

/** What `session.revoked` says: see schema/events.ts. */
export interface Revocation {
  userId: string;
  sessionId: string | null;
  exceptSessionId?: string | null;
  revokedAt: string;
}

/** What of a token's claims tells whether it was revoked. */
export type RevocableClaims = Pick<AccessClaims, 'sub' | 'sid' | 'iat' | 'svc'>;

/** An access token lives 10 minutes (and clocks differ by less than one): what is older has nothing left to revoke. */
const TOKEN_LIFE_MS = 11 * 60_000;
/** Of sessions and of users, each; beyond it the oldest is forgotten. About 10 MB. */
const MAX_HELD = 100_000;
/** How long the router's start waits for revocations of before. */
const START_LIMIT_MS = 2000;

/** All of a user's tokens issued up to then, but for those of one session. */
interface UserRevocation {
  /** Seconds since 1970, as in tokens. */
  issuedUntil: number;
  except: string | null;
}

/** The sessions that were ended while tokens of theirs live. A look-up is one hit in a map, or none while it is empty. */
export class Revocations {
  readonly #sessions = new Map<string, number>();
  readonly #users = new Map<string, { at: number; revoked: UserRevocation[] }>();
  readonly #logger: Logger;
  readonly #listeners: (() => void)[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  isRevoked({ sub, sid, iat, svc }: RevocableClaims): boolean {
    if (sid !== null && this.#sessions.has(sid)) return true;
    if (this.#users.size === 0 || svc !== null) return false;
    const user = this.#users.get(sub);
    return (
      user?.revoked.some(({ issuedUntil, except }) => iat <= issuedUntil && (sid === null || sid !== except)) ?? false
    );
  }

  /** Calls `fn` after sessions were revoked, once for all that came together. */
  onRevoked(fn: () => void): void {
    this.#listeners.push(fn);
  }

  /** Takes what was revoked, in any order and any number of times. */
  add(revocations: readonly Revocation[]): void {
    const oldest = Date.now() - TOKEN_LIFE_MS;
    for (const revocation of revocations) {
      const at = Date.parse(revocation.revokedAt);
      if (at > oldest) this.#hold(revocation, at);
    }
    this.#forget(this.#sessions, (at) => at <= oldest);
    this.#forget(this.#users, ({ at }) => at <= oldest);
    for (const listener of this.#listeners) listener();
  }

  #hold({ userId, sessionId, exceptSessionId }: Revocation, at: number): void {
    if (sessionId !== null) {
      this.#sessions.set(sessionId, at);
      return;
    }
    const revoked = this.#users.get(userId)?.revoked ?? [];
    const one = { issuedUntil: Math.floor(at / 1000), except: exceptSessionId ?? null };
    const others = revoked.filter(({ except }) => except !== one.except);
    const same = revoked.find(({ except }) => except === one.except);
    one.issuedUntil = Math.max(one.issuedUntil, same?.issuedUntil ?? 0);
    this.#users.delete(userId); // to the end of the map, which is in the order of time
    this.#users.set(userId, { at, revoked: [...others, one] });
  }

  /** Maps are in the order in which things came, so what is old is in front. */
  #forget<T>(held: Map<string, T>, isOld: (value: T) => boolean): void {
    for (const [key, value] of held) {
      const tooMany = held.size > MAX_HELD;
      if (!tooMany && !isOld(value)) return;
      if (tooMany) this.#logger.warn('more revoked sessions than can be held: the oldest may live on');
      held.delete(key);
    }
  }
}

/**
 * Feeds `revocations` from the stream of session.revoked, from a token's life ago on. Resolves when what was revoked
 * before is known, or after 2 s without Redis: a revoked session then lives until Redis is back, at most as long as its
 * tokens.
 */
export async function followRevocations(
  revocations: Revocations,
  { redisUrl, logger }: { redisUrl: string; logger: Logger },
): Promise<Running> {
  // Loaded here: a router without sessions has no use for a Redis client, which is 20 MB.
  const [{ startFollower }, { createRedis }] = await Promise.all([
    import('@chorus/kit/events'),
    import('@chorus/kit/redis'),
  ]);
  const redis = createRedis(redisUrl, { logger, blocking: true });
  let away = false;
  redis.on('close', () => {
    if (!away) logger.warn('sessions revoked from now on live until Redis is back, or at most 10 minutes');
    away = true;
  });
  redis.on('ready', () => {
    if (away) logger.info('sessions that are revoked end within seconds again');
    away = false;
  });
  const follower: Follower = startFollower({
    redis,
    logger,
    names: ['session.revoked'],
    sinceMs: TOKEN_LIFE_MS,
    onEvents: (events) => revocations.add(events.map(({ payload }) => payload)),
  });
  const waited = new AbortController();
  await Promise.race([
    follower.ready,
    delay(START_LIMIT_MS, undefined, { signal: waited.signal }).catch(() => 'ready'),
  ]);
  waited.abort();
  return { stop: () => follower.stop() };
}
