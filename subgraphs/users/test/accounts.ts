/** What tests of accounts ask for: people who signed up, their codes, and what became of them. */
import { viewerOf } from '@chorus/kit/testing';
import type { Viewer } from '@chorus/kit/viewer';
import { decodeJwt } from 'jose';
import { type Fixture, password, stranger } from './fixture.ts';

export interface Person {
  handle: string;
  email: string;
  /** In the session of the sign-up. */
  viewer: Viewer & { userId: string; sessionId: string };
  accessToken: string;
  refreshToken: string;
}

interface Session {
  __typename: string;
  accessToken: string;
  refreshToken: string;
  user: { id: string };
}
const SESSION = '__typename ... on Session { accessToken refreshToken user { id } }';
const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { ${SESSION} } }`;
const LOG_IN = `mutation ($input: LogInInput!) { logIn(input: $input) { ${SESSION} } }`;
const STEP_UP = 'mutation ($input: StepUpInput!) { stepUp(input: $input) { __typename } }';

/** Of one fixture. */
export function accountsOf(users: Fixture) {
  let people = 0;
  const viewerIn = ({ user, accessToken }: Session) => ({
    ...viewerOf(user.id, { emailVerified: decodeJwt(accessToken)['email_verified'] === true }),
    userId: user.id,
    sessionId: String(decodeJwt(accessToken)['sid']),
  });
  return {
    async signUp(viewer: Viewer = stranger()): Promise<Person> {
      const handle = `somebody_${++people}`;
      const email = `${handle}@example.org`;
      const input = { handle, name: 'Some Body', email, password };
      const { signUp } = await users.ask<{ signUp: Session }>(viewer, SIGN_UP, { input });
      const { accessToken, refreshToken } = signUp;
      return { handle, email, viewer: viewerIn(signUp), accessToken, refreshToken };
    },
    /** The session's viewer, null when it was refused. */
    async logIn(identifier: string, secret = password, viewer = stranger()) {
      const input = { identifier, password: secret };
      const { logIn } = await users.ask<{ logIn: Session }>(viewer, LOG_IN, { input });
      return logIn.__typename === 'Session' ? viewerIn(logIn) : null;
    },
    stepUp: async (viewer: Viewer, secret = password) =>
      (await users.ask<{ stepUp: { __typename: string } }>(viewer, STEP_UP, { input: { secret } })).stepUp.__typename,
    /** Marks an address as verified, where how is not what is tested. */
    verified: (person: Person) =>
      users.db.credential.update({
        where: { userId: person.viewer.userId },
        data: { emailVerifiedAt: new Date() },
      }),
    sessionsOf: async (person: Person) =>
      (await users.db.session.findMany({ where: { userId: person.viewer.userId } })).map(({ id }) => id),
    /** Lets the codes of a person be made again, as after an hour. */
    anHourLater: (person: Person) =>
      users.db
        .$executeRaw`update code set issued_since = issued_since - interval '1 hour' where user_id = ${person.viewer.userId}`,
  };
}

/** Another code than this one. */
export const wrong = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, '0');
