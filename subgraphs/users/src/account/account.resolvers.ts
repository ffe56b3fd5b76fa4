import type { Resolvers } from '../__generated__/resolvers.ts';
import { answerSession } from '../session/session.resolvers.ts';
import { stepUpMethods } from '../step-up/step-up.policy.ts';
import { answerVerified, codeRefused } from '../verification/verification.resolvers.ts';
import type { Context } from '../context.ts';
import { Taken } from './taken.ts';

const EMAIL_TAKEN = 'There is an account with this e-mail address.';

export const accountResolvers: Pick<Resolvers, 'Query' | 'Mutation' | 'Account'> = {
  Query: {
    account: (_, __, { credentials, viewer }) => credentials.find(viewer),
  },
  Account: {
    user: ({ userId }, _, { loaders }) => loaders.users.byId.load(userId),
    stepUpMethods,
  },
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
          : { __typename: 'EmailTaken', message: `${EMAIL_TAKEN} Log in instead.` };
      }
    },
    async logIn(_, { input }, context) {
      const session = await context.accounts.logIn(context, input);
      if (session !== null) return answerSession(context, session, input.cookie === true);
      return { __typename: 'InvalidCredentials', message: 'Identifier and password do not belong together.' };
    },
    changePassword: async (_, { input }, { credentials, viewer }) => ({
      count: await credentials.changePassword(viewer, input),
    }),
    async changeEmail(_, { input }, context) {
      await context.credentials.changeEmail(context, input);
      return { account: await context.credentials.find(context.viewer) };
    },
    async confirmEmailChange(_, { code }, context) {
      try {
        const changed = await context.credentials.confirmEmailChange(context.viewer, code);
        return changed ? await answerVerified(context) : codeRefused;
      } catch (error) {
        if (!(error instanceof Taken)) throw error;
        return { __typename: 'EmailTaken', message: `${EMAIL_TAKEN} Choose another.` };
      }
    },
    async undoEmailChange(_, { token }, { undos, viewer }) {
      try {
        const undone = await undos.undo(viewer, token);
        return undone === null
          ? { __typename: 'CodeRefused', message: 'This link is not good, or not any more.' }
          : { __typename: 'EmailChangeUndone', ...undone };
      } catch (error) {
        if (!(error instanceof Taken)) throw error;
        return { __typename: 'EmailTaken', message: EMAIL_TAKEN };
      }
    },
    deactivateAccount: (_, __, context) => close(context, 'DEACTIVATED'),
    deleteAccount: (_, __, context) => close(context, 'DELETED'),
    importCredentials: async (_, { input }, { accounts, viewer }) => ({
      handles: await accounts.importCredentials(viewer, input),
    }),
  },
};

async function close(context: Context, state: 'DEACTIVATED' | 'DELETED') {
  await context.closing.close(context, state);
  context.written();
  const { refreshCookie, exchange } = context;
  if (refreshCookie.read(exchange) !== null) refreshCookie.clear(exchange);
  return { state };
}
