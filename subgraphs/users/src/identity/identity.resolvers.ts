import type { OAuthRefusal, Resolvers } from '../__generated__/resolvers.ts';
import { answerSession } from '../session/session.resolvers.ts';
import { Refused } from './identity.service.ts';

export const identityResolvers: Pick<Resolvers, 'Query' | 'Mutation'> = {
  Query: {
    linkedIdentities: (_, __, { identities, viewer }) => identities.list(viewer),
  },
  Mutation: {
    async exchangeOAuthCode(_, { code, verifier, cookie }, context) {
      try {
        const session = await context.oauth.exchange(context, code, verifier);
        context.written();
        return answerSession(context, session, cookie);
      } catch (error) {
        return refusalOf(error);
      }
    },
    async linkIdentity(_, { code, verifier }, context) {
      try {
        const identities = await context.oauth.link(context, code, verifier);
        return { __typename: 'LinkedIdentitiesPayload', identities };
      } catch (error) {
        return refusalOf(error);
      }
    },
    async unlinkIdentity(_, { provider }, { identities, viewer }) {
      const left = await identities.unlink(viewer, provider);
      return left === null
        ? { __typename: 'LastWayIn', message: 'You could not sign in any more. Set a password first, or link another.' }
        : { __typename: 'LinkedIdentitiesPayload', identities: left };
    },
  },
};

/** @throws whatever is no refusal */
function refusalOf(error: unknown) {
  if (!(error instanceof Refused)) throw error;
  return { __typename: 'OAuthRefused' as const, reason: error.reason, message: messages[error.reason] };
}

const messages: Record<OAuthRefusal, string> = {
  DENIED: 'Signing in was refused.',
  PROVIDER_TIMEOUT: 'The provider took too long. Begin again.',
  PROVIDER_UNAVAILABLE: 'The provider does not answer. Begin again later.',
  PROVIDER_ANSWER_INVALID: 'The answer of the provider cannot be used. Begin again.',
  CODE_INVALID: 'The code was used or is too old, or is not of this client. Begin again.',
  EMAIL_UNVERIFIED: 'The provider has not verified your e-mail address. Verify it there first.',
  EMAIL_TAKEN: 'There is an account with this e-mail address. Sign in as before and link the provider then.',
  IDENTITY_TAKEN: 'Somebody else signs in by this identity. Unlink it there first.',
  PROVIDER_LINKED: 'You are linked to another identity at this provider. Unlink that first.',
};
