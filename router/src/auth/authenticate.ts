import type { IncomingMessage } from 'node:http';
import { badInput, forbidden, unauthenticated } from '@chorus/kit/errors';
import { isId } from '@chorus/kit/ids';
import { anonymous, type Viewer } from '@chorus/kit/viewer';
import type { AccessTokens } from './access-tokens.ts';
import type { RevocableClaims, Revocations } from './revocations.ts';

/** With a service account's token: the id of the person on whose behalf it asks. */
export const ACT_AS_HEADER = 'chorus-act-as';

/** What a client shows of itself: headers of a request, or the payload of a socket's connection_init. */
export interface Credentials {
  authorization?: unknown;
  actAs?: unknown;
}

/** Who asks, and until when that holds (milliseconds since 1970; null: as long as the connection). */
export interface Authenticated {
  viewer: Viewer;
  expiresAt: number | null;
  /** By which it may be revoked before that; null: it cannot be. */
  claims: RevocableClaims | null;
}

export interface Authenticator {
  /**
   * No credentials are an anonymous viewer; wrong ones never are.
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN, SUBGRAPH_UNAVAILABLE
   */
  authenticate(credentials: Credentials, request: IncomingMessage): Promise<Authenticated>;
}

/**
 * One authentication path for HTTP and WebSocket.
 * @param tokens null: nothing is checked, for a supergraph whose subgraphs read the forwarded header themselves
 */
export function createAuthenticator(options: {
  tokens: AccessTokens | null;
  revocations: Revocations;
  addressOf: (request: IncomingMessage) => string;
}): Authenticator {
  const { tokens, revocations, addressOf } = options;
  return {
    async authenticate({ authorization, actAs }, request) {
      const network = { address: addressOf(request), device: device(request) };
      if (tokens === null || authorization == null || authorization === '') {
        if (actAs != null) throw forbidden('Only a service account may act for somebody.');
        return { viewer: { ...anonymous, ...network }, expiresAt: null, claims: null };
      }
      const token = typeof authorization === 'string' ? /^Bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
      if (token === undefined)
        throw unauthenticated('The Authorization header must read "Bearer" and an access token.');
      const claims = await tokens.verify(token);
      if (revocations.isRevoked(claims)) throw sessionEnded();
      if (claims.svc === null && actAs != null) throw forbidden('Only a service account may act for somebody.');
      const viewer: Viewer = {
        userId: claims.svc === null ? claims.sub : readActAs(actAs),
        sessionId: claims.sid,
        roles: claims.roles,
        emailVerified: claims.svc !== null || claims.email_verified,
        service: claims.svc,
        ...network,
      };
      return { viewer, expiresAt: claims.exp * 1000, claims };
    },
  };
}

export const sessionEnded = () => unauthenticated('The session has ended. Sign in again.');

function readActAs(actAs: unknown): string | null {
  if (actAs == null) return null;
  if (typeof actAs === 'string' && isId('usr', actAs)) return actAs;
  throw badInput(ACT_AS_HEADER, 'Name a person by id.');
}

const device = (request: IncomingMessage): string | null => request.headers['user-agent']?.slice(0, 200) ?? null;
