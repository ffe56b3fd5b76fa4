import type { Resolvers } from '../__generated__/resolvers.ts';
import { codeRefused } from '../verification/verification.resolvers.ts';

const SENT = 'If there is such an account, a code was sent to its e-mail address. It is good for 10 minutes.';

export const resetResolvers: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    async requestPasswordReset(_, { input }, context) {
      await context.resets.request(context, input);
      return { message: SENT };
    },
    async resetPassword(_, { input }, context) {
      const count = await context.resets.reset(context, input);
      return count === null ? codeRefused : { __typename: 'PasswordReset', count };
    },
  },
};
