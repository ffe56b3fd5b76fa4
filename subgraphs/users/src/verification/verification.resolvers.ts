import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Context } from '../context.ts';
import { CODE_REFUSED } from '../code/codes.ts';

/** The viewer's account, and an access token that says of its address what is true now. */
export async function answerVerified({ credentials, sessions, viewer }: Context) {
  const [account, token] = await Promise.all([credentials.find(viewer), sessions.reissue(viewer)]);
  return { __typename: 'EmailVerified' as const, account, accessToken: token.token, expiresAt: token.expiresAt };
}

export const codeRefused = { __typename: 'CodeRefused' as const, message: CODE_REFUSED };

export const verificationResolvers: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    async verifyEmail(_, { code }, context) {
      const verified = await context.verifications.verify(context.viewer, code);
      return verified ? answerVerified(context) : codeRefused;
    },
    async resendVerification(_, __, { verifications, credentials, viewer }) {
      await verifications.resend(viewer);
      return { account: await credentials.find(viewer) };
    },
  },
};
