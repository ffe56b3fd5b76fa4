import { fault, unauthenticated } from '@chorus/kit/errors';
import { networkOf } from '@chorus/kit/network';
import type { Viewer } from '@chorus/kit/viewer';
import { type Authenticated, sessionEnded } from '../auth/authenticate.ts';
import type { RevocableClaims, Revocations } from '../auth/revocations.ts';

/** Why we end a connection: its token, its session, its reader, or our own end. */
export type EndReason = 'expired' | 'revoked' | 'slow' | 'restart';

/** A socket or an event stream, as what all of them have in common needs it. */
export interface Connection {
  /** Shows the peer that we are here; called every 12 s, and the place to find out that the peer is not. */
  keepAlive(): void;
  /** Says why and closes; called once. */
  end(reason: EndReason): void;
  /** Closes without a word: the peer did not let itself be ended. */
  destroy(): void;
}

export interface ConnectionLimits {
  /** In the whole process. */
  connections: number;
  viewerConnections: number;
  viewerOperations: number;
}

const SWEEP_MS = 1000;
const KEEP_ALIVE_MS = 12_000;
/** How long a peer may take to answer our good-bye. */
const END_LIMIT_MS = 2000;
/** What refused clients are told to wait, in seconds: a guess, for places come free when others leave. */
export const RETRY_AFTER = 5;

interface Usage {
  connections: number;
  operations: number;
}

/** What all places have in common. */
interface House {
  limits: ConnectionLimits;
  revocations: Revocations;
  /** By viewer; only of those who have something open. */
  usage: Map<string, Usage>;
  leave(place: Place): void;
}

/**
 * All that is open to clients, whatever its protocol, and how much of it each viewer has: a person, a service account,
 * or the network of somebody anonymous. One timer for all of them, and none while nothing is open.
 */
export class Connections {
  readonly #house: House;
  readonly #places = new Set<Place>();
  #timer: NodeJS.Timeout | undefined;
  #emptied: PromiseWithResolvers<void> | undefined;

  constructor(limits: ConnectionLimits, revocations: Revocations) {
    this.#house = { limits, revocations, usage: new Map(), leave: (place) => this.#leave(place) };
    revocations.onRevoked(() => {
      for (const place of this.#places) place.checkSession();
    });
  }

  /** Whether no more are taken: the process has enough, or is on its way out. */
  get full(): boolean {
    return this.#emptied !== undefined || this.#places.size >= this.#house.limits.connections;
  }

  add(connection: Connection): Place {
    // The first sign of life comes at any time of the period, so that those who came together are not served together.
    const place = new Place(connection, this.#house, Date.now() + Math.random() * KEEP_ALIVE_MS);
    this.#places.add(place);
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS);
    return place;
  }

  /** Takes no more, and ends all there are. Resolves when they are gone, at the latest after 2 s. */
  async close(): Promise<void> {
    this.#emptied = Promise.withResolvers();
    for (const place of this.#places) place.end('restart');
    if (this.#places.size === 0) return;
    const late = setTimeout(() => {
      for (const place of this.#places) place.connection.destroy();
    }, END_LIMIT_MS);
    await this.#emptied.promise;
    clearTimeout(late);
  }

  #leave(place: Place): void {
    if (!this.#places.delete(place) || this.#places.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#emptied?.resolve();
  }

  #sweep(): void {
    const now = Date.now();
    for (const place of this.#places) place.check(now);
  }
}

/** What one connection takes up. */
export class Place {
  readonly connection: Connection;
  readonly #house: House;
  /** When to show a sign of life next, or, once it was ended, when to be rid of it. */
  #due: number;
  #ended = false;
  #key: string | undefined;
  #claims: RevocableClaims | null = null;
  #expiresAt = Infinity;
  /** Operations under way. */
  operations = 0;

  constructor(connection: Connection, house: House, due: number) {
    this.connection = connection;
    this.#house = house;
    this.#due = due;
  }

  /**
   * Says who it belongs to; from then on it ends with their token and session.
   * @throws GraphQLError RATE_LIMITED when the viewer has too many, UNAUTHENTICATED when the session ended meanwhile
   */
  identify({ viewer, expiresAt, claims }: Authenticated): void {
    const { limits, revocations, usage: all } = this.#house;
    if (claims !== null && revocations.isRevoked(claims)) throw sessionEnded();
    const key = keyOf(viewer);
    const usage = all.get(key) ?? { connections: 0, operations: 0 };
    if (usage.connections >= limits.viewerConnections) {
      throw tooMany(`You have ${usage.connections} live connections open. Close one, or try again later.`);
    }
    usage.connections++;
    all.set(key, usage);
    this.#key = key;
    this.#claims = claims;
    this.#expiresAt = expiresAt ?? Infinity;
  }

  /** @throws GraphQLError RATE_LIMITED when this is more than the viewer may have under way */
  beginOperation(): void {
    const usage = this.#viewerUsage();
    if (usage === undefined) throw unauthenticated();
    if (usage.operations >= this.#house.limits.viewerOperations) {
      throw tooMany(`You have ${usage.operations} live operations open. End one, or try again later.`);
    }
    usage.operations++;
    this.operations++;
  }

  endOperation(): void {
    const usage = this.#viewerUsage();
    if (usage === undefined) return; // it went together with its connection
    usage.operations--;
    this.operations--;
  }

  end(reason: EndReason): void {
    if (this.#ended) return;
    this.#ended = true;
    // Who is slow is slow to hear of that, too; an ended session is over whether it hears or not.
    this.#due = Date.now() + (reason === 'slow' ? KEEP_ALIVE_MS : END_LIMIT_MS);
    this.connection.end(reason);
  }

  /** Ends it when its session was ended. */
  checkSession(): void {
    if (this.#claims !== null && this.#house.revocations.isRevoked(this.#claims)) this.end('revoked');
  }

  /** Once a second. */
  check(now: number): void {
    if (now >= this.#expiresAt) this.end('expired');
    if (now < this.#due) return;
    this.#due = now + KEEP_ALIVE_MS;
    if (this.#ended) this.connection.destroy();
    else this.connection.keepAlive();
  }

  /** The connection is gone, with all that it had under way. */
  remove(): void {
    const usage = this.#viewerUsage();
    if (usage !== undefined && this.#key !== undefined) {
      usage.connections--;
      usage.operations -= this.operations;
      if (usage.connections === 0) this.#house.usage.delete(this.#key);
    }
    this.#key = undefined;
    this.operations = 0;
    this.#ended = true;
    this.#house.leave(this);
  }

  #viewerUsage(): Usage | undefined {
    return this.#key === undefined ? undefined : this.#house.usage.get(this.#key);
  }
}

export const tooMany = (message: string) => fault('RATE_LIMITED', message, { retryAfter: RETRY_AFTER });

const keyOf = ({ userId, service, address }: Viewer): string =>
  userId !== null ? `user ${userId}` : service !== null ? `service ${service}` : networkOf(address);
