import type { Resolvers } from '../__generated__/resolvers.ts';
import { answerSession } from '../session/session.resolvers.ts';
import { Taken } from './account.service.ts';

export const accountResolvers: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    async signUp(_, { input }, context) {
      try {
        const session = await context.accounts.signUp(context, input);
        context.written();
        return answerSession(context, session, input.cookie === true);
      } catch (error) {
        if (!(error instanceof Taken)) throw error;
        return error.what === 'handle'
          ? { __typename: 'HandleTaken', handle: error.value, message: 'This handle is taken. Choose another.' }
          : { __typename: 'EmailTaken', message: 'There is an account with this e-mail address. Log in instead.' };
      }
    },
    async logIn(_, { input }, context) {
      const session = await context.accounts.logIn(context, input);
      if (session !== null) return answerSession(context, session, input.cookie === true);
      return { __typename: 'InvalidCredentials', message: 'Identifier and password do not belong together.' };
    },
    importCredentials: async (_, { input }, { accounts, viewer }) => ({
      handles: await accounts.importCredentials(viewer, input),
    }),
  },
};
