import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { rateLimited } from './errors.ts';
import { networkOf } from './network.ts';
import type { Exchange } from './server/index.ts';
import type { Viewer } from './viewer.ts';

/** So many in a window that begins with the first of them. */
export interface Quota {
  count: number;
  seconds: number;
}

/**
 * How often one thing may be done: by a person (by a network, when nobody is signed in), from a network (an address, or
 * the /64 of one in IPv6), and to the account that somebody names. All that are given hold at once.
 */
export interface Rule {
  viewer?: Quota;
  address?: Quota;
  account?: Quota;
}

/** Who asks, and where the headers of the answer go: each operation's context is one. */
export interface Caller {
  viewer: Viewer;
  exchange: Pick<Exchange, 'setHeader'>;
}

export interface Limits<Name extends string> {
  /**
   * Takes one of each quota that the rule has, and tells the client what is left (docs/limits.md). What a service account
   * does, for whomever, counts for its own quota alone.
   * @param account whatever names the account, in one spelling; it is not stored as it is
   * @throws GraphQLError RATE_LIMITED with `retryAfter` seconds; what was refused counts too
   */
  take(caller: Caller, name: Name, account?: string): Promise<void>;
}

/** One quota and all who are held to it. */
interface Policy {
  name: string;
  quota: Quota;
  limiter: RateLimiterRedis;
}

/** How a quota stands for one of them. */
interface Standing {
  policy: Policy;
  /** What the quota allows: less of it while Redis is away. */
  count: number;
  used: number;
  /** Seconds to the end of the window. */
  resetAfter: number;
}

/** Part of its quota that one process alone allows: there are several, and they do not know of each other. */
const ALONE = 1 / 2;
/** Windows that a process remembers while Redis is away. */
const MAX_WINDOWS = 10_000;
/** How long after a failure Redis is asked again, by one request; the others do not wait for it. */
const RETRY_MS = 1000;

/**
 * Counts in Redis, for all processes together: one command for each quota, all sent at once. While Redis is away each
 * process counts for itself, up to half of each quota.
 * @param options.rules by name; the name is shown to clients
 * @param options.service what each service account may do of each thing
 */
export function createLimits<Name extends string>(options: {
  redis: Redis;
  logger: Logger;
  rules: Readonly<Record<Name, Rule>>;
  service: Quota;
}): Limits<Name> {
  const { redis, logger, service } = options;
  const own = createWindows();
  let away = false;
  let askAgainAt = 0;

  const policyOf = (name: string, quota: Quota | undefined): Policy | undefined =>
    quota && {
      name,
      quota,
      limiter: new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `limit:${name}`,
        points: quota.count,
        duration: quota.seconds,
      }),
    };
  const policies = new Map(
    Object.entries<Rule>(options.rules).map(([name, { viewer, address, account }]) => [
      name,
      {
        viewer: policyOf(`${name}.viewer`, viewer),
        address: policyOf(`${name}.address`, address),
        account: policyOf(`${name}.account`, account),
        service: policyOf(`${name}.service`, service),
      },
    ]),
  );

  const count = async (policy: Policy, key: string): Promise<Standing> => {
    const alone = () => own.count(policy, key);
    if (away) {
      const now = performance.now();
      if (now < askAgainAt) return alone();
      askAgainAt = now + RETRY_MS;
    }
    let result: unknown;
    try {
      result = await policy.limiter.consume(key);
    } catch (error) {
      result = error;
    }
    if (!(result instanceof RateLimiterRes)) {
      if (!away) logger.warn({ err: result }, 'limits are counted by each process alone while Redis is away');
      away = true;
      askAgainAt = performance.now() + RETRY_MS;
      return alone();
    }
    if (away) logger.info('limits are counted together again');
    away = false;
    const { consumedPoints: used, msBeforeNext } = result;
    return { policy, count: policy.quota.count, used, resetAfter: seconds(msBeforeNext) };
  };

  return {
    async take({ viewer, exchange }, name, account) {
      const of = policies.get(name);
      const counted = (policy: Policy | undefined, key: string | undefined) =>
        policy === undefined || key === undefined ? [] : [count(policy, key)];
      const network = networkOf(viewer.address);
      const standings = await Promise.all(
        viewer.service !== null
          ? counted(of?.service, viewer.service)
          : [
              ...counted(of?.viewer, viewer.userId ?? network),
              ...counted(of?.address, network),
              ...counted(of?.account, account === undefined ? undefined : hash('sha256', account, 'base64url')),
            ],
      );
      if (standings.length === 0) throw new TypeError(`nothing limits ${name}`);
      exchange.setHeader('ratelimit-policy', standings.map(writePolicy).join(', '));
      exchange.setHeader('ratelimit', standings.map(writeStanding).join(', '));
      const refused = standings.filter((standing) => standing.used > standing.count);
      if (refused.length === 0) return;
      const retryAfter = Math.max(...refused.map((standing) => standing.resetAfter));
      throw rateLimited(`That was too often. Try again in ${retryAfter} s.`, retryAfter);
    },
  };
}

// draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4.
const writePolicy = ({ policy, count }: Standing): string => `"${policy.name}";q=${count};w=${policy.quota.seconds}`;
const writeStanding = ({ policy, count, used, resetAfter }: Standing): string =>
  `"${policy.name}";r=${Math.max(0, count - used)};t=${resetAfter}`;

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** What one process counts by itself. */
function createWindows() {
  const windows = new LRUCache<string, { used: number; endsAt: number }>({ max: MAX_WINDOWS });
  return {
    count(policy: Policy, key: string): Standing {
      const { name, quota } = policy;
      const now = performance.now();
      const id = `${name}:${key}`;
      let window = windows.get(id);
      if (window === undefined || window.endsAt <= now) {
        window = { used: 0, endsAt: now + quota.seconds * 1000 };
        windows.set(id, window);
      }
      window.used++;
      const resetAfter = seconds(window.endsAt - now);
      return { policy, count: Math.ceil(quota.count * ALONE), used: window.used, resetAfter };
    },
  };
}
