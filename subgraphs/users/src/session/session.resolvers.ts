import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Context } from '../context.ts';
import type { SessionModel } from './session.model.ts';

/** A session that was opened, its refresh token in the cookie where the client wants it there. */
export const answerSession = ({ refreshCookie, exchange }: Context, session: SessionModel, cookie: boolean) => ({
  __typename: 'Session' as const,
  ...(cookie ? refreshCookie.keep(exchange, session) : session),
});

export const sessionResolvers: Pick<Resolvers, 'Query' | 'Mutation' | 'Session' | 'ActiveSession'> = {
  Query: {
    sessions: (_, __, { sessions, viewer }) => sessions.list(viewer),
  },
  Mutation: {
    async refreshSession(_, { refreshToken }, context) {
      const { sessions, viewer, refreshCookie, exchange } = context;
      await context.limits.take(context, 'refreshSession');
      const kept = refreshToken == null ? refreshCookie.read(exchange) : null;
      const given = refreshToken ?? kept;
      const session = given === null ? null : await sessions.refresh(viewer, given);
      if (session !== null) return answerSession(context, session, kept !== null);
      if (kept !== null) refreshCookie.clear(exchange);
      return { __typename: 'SessionEnded', message: 'There is no session, or it has ended. Sign in.' };
    },
    async logOut(_, { refreshToken }, { sessions, viewer, refreshCookie, exchange }) {
      const kept = refreshCookie.read(exchange);
      const count = await sessions.logOut(viewer, refreshToken ?? kept);
      if (kept !== null) refreshCookie.clear(exchange);
      return { count };
    },
    revokeSession: async (_, { id }, { sessions, viewer }) => ({ count: await sessions.end(viewer, { id }) }),
    revokeOtherSessions: async (_, __, { sessions, viewer }) => ({ count: await sessions.end(viewer, 'others') }),
    async revokeAllSessions(_, __, { sessions, viewer, refreshCookie, exchange }) {
      const count = await sessions.end(viewer, 'all');
      if (refreshCookie.read(exchange) !== null) refreshCookie.clear(exchange);
      return { count };
    },
  },
  Session: {
    user: ({ userId }, _, { loaders }) => loaders.users.byId.load(userId),
  },
  ActiveSession: {
    isCurrent: ({ id }, _, { viewer }) => id === viewer.sessionId,
  },
};
