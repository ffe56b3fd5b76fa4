import type { Resolvers } from '../__generated__/resolvers.ts';

export const stepUpResolvers: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    async stepUp(_, { input }, context) {
      const proof = await context.stepUps.stepUp(context, input);
      if (proof !== null) return { __typename: 'SteppedUp', ...proof };
      return { __typename: 'StepUpRefused', message: 'This does not prove who you are. Try again.' };
    },
    requestStepUpCode: (_, __, { stepUps, viewer }) => stepUps.sendCode(viewer),
  },
};
