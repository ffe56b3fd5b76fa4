import { transact } from '@chorus/kit/database';
import { badInput } from '@chorus/kit/errors';
import { newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import { sql } from '@chorus/kit/sql';
import { requireService, type Viewer } from '@chorus/kit/viewer';
import type { ImportCredentialInput, LogInInput, SignUpInput } from '../__generated__/resolvers.ts';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { readHandle, readNewHandle } from '../user/handle.ts';
import { readName } from '../user/profile.ts';
import type { SessionModel } from '../session/session.model.ts';
import type { SessionService } from '../session/session.service.ts';
import type { VerificationService } from '../verification/verification.service.ts';
import { canonicalIdentifier, findCredential, readEmail, readIdentifier } from './identifier.ts';
import { namesOf, type Passwords, readImportedHash, readNewPassword, readPassword } from './password.ts';
import { startRefusal } from './refusal.ts';
import { isKept, Taken } from './taken.ts';

export interface AccountService {
  /**
   * Creates an account and its first session, and sends a letter to verify its address.
   * @throws Taken
   * @throws GraphQLError BAD_USER_INPUT, RATE_LIMITED
   */
  signUp(caller: Caller, input: SignUpInput): Promise<SessionModel>;
  /**
   * Opens a session, and the account again when it was deactivated; null when identifier and password do not belong
   * together, which takes the same time whether or not there is such an account.
   * @throws GraphQLError BAD_USER_INPUT, RATE_LIMITED
   */
  logIn(caller: Caller, input: LogInInput): Promise<SessionModel | null>;
  /**
   * Lets people sign in who were brought over from elsewhere, with the passwords that they had there. Who can sign in
   * already, or does not exist, is passed over.
   * @returns the handles of those who can sign in by it
   * @throws GraphQLError FORBIDDEN, BAD_USER_INPUT
   */
  importCredentials(viewer: Viewer, input: readonly ImportCredentialInput[]): Promise<string[]>;
}

/** @param options.written called when a letter is committed */
export function createAccountService(options: {
  db: PrismaClient;
  limits: Limits<'signUp' | 'logIn'>;
  passwords: Passwords;
  sessions: SessionService;
  verifications: Pick<VerificationService, 'begin'>;
  written: () => void;
}): AccountService {
  const { db, limits, passwords, sessions, verifications, written } = options;

  return {
    async signUp(caller, input) {
      const handle = readNewHandle('input.handle', input.handle);
      const name = readName('input.name', input.name);
      const email = readEmail('input.email', input.email);
      const password = readNewPassword('input.password', input.password, namesOf({ handle, name, email }));
      await limits.take(caller, 'signUp');
      const passwordHash = await passwords.hash(password);
      const id = newId('usr');
      const opened = await transact(db, async (tx) => {
        // The unique constraints decide who was first; a statement that meets a rival's row waits until that commits.
        const users = await tx.$executeRaw(sql`
          insert into users (id, handle, name) values (${id}, ${handle}, ${name}) on conflict do nothing`);
        if (users === 0) throw new Taken('handle', handle);
        // A service account answers for what it brings.
        const verifiedAt = caller.viewer.service === null ? null : new Date();
        const credentials = await tx.$executeRaw(sql`
          insert into credential (user_id, email, email_verified_at, password_hash)
          values (${id}, ${email}, ${verifiedAt}, ${passwordHash}) on conflict do nothing`);
        if (credentials === 0 || (await isKept(tx, email, id))) throw new Taken('email', email);
        if (verifiedAt === null) await verifications.begin(tx, { userId: id, handle, email });
        return sessions.open(tx, caller.viewer, id);
      });
      written();
      return sessions.issue(opened);
    },

    async logIn(caller, input) {
      const identifier = readIdentifier('input.identifier', input.identifier);
      const password = readPassword('input.password', input.password);
      // By what was typed: whether an account exists, or two names are of one account, shows in no limit.
      await limits.take(caller, 'logIn', canonicalIdentifier(identifier));
      const refusal = startRefusal();
      const credential = await findCredential(db, identifier);
      const { matches, replacement } = await passwords.check(password, credential?.passwordHash ?? null);
      const opened = matches && credential !== null ? await open(credential, replacement) : null;
      if (opened === null) {
        await refusal();
        return null;
      }
      written();
      return sessions.issue(opened);

      async function open(
        { userId, passwordHash }: { userId: string; passwordHash: string | null },
        hash: string | null,
      ) {
        return transact(db, async (tx) => {
          // Locked: whoever changes the password ends the session that this opens, or has changed it before.
          const [same] = await tx.$queryRaw<unknown[]>(sql`
            select 1 from credential where user_id = ${userId} and password_hash = ${passwordHash} for no key update`);
          if (same === undefined) return null;
          if (hash !== null) await tx.credential.update({ where: { userId }, data: { passwordHash: hash } });
          return sessions.open(tx, caller.viewer, userId);
        });
      }
    },

    async importCredentials(viewer, input) {
      requireService(viewer);
      if (input.length > MAX_IMPORTED) throw badInput('input', `Give at most ${MAX_IMPORTED} people at once.`);
      const people = input.map(({ handle, email, passwordHash }, index) => ({
        handle: readHandle(`input.${index}.handle`, handle),
        email: readEmail(`input.${index}.email`, email),
        hash: readImportedHash(`input.${index}.passwordHash`, passwordHash),
      }));
      // Sorted, so that two imports of the same people never wait for each other in a circle.
      const sorted = people.toSorted((a, b) => (a.handle < b.handle ? -1 : 1));
      await db.$executeRaw(sql`
        insert into credential (user_id, email, email_verified_at, password_hash)
        select users.id, person.email, now(), person.hash
        from unnest(${sorted.map(({ handle }) => handle)}::text[], ${sorted.map(({ email }) => email)}::text[],
                    ${sorted.map(({ hash }) => hash)}::text[]) with ordinality as person (handle, email, hash, place)
        join users on users.handle = person.handle
        where users.state = 'ACTIVE'
        order by person.place
        on conflict do nothing`);
      const rows = await db.$queryRaw<{ handle: string; email: string }[]>(sql`
        select handle, email from users join credential on user_id = id
        where handle = any(${people.map(({ handle }) => handle)}::text[]) and state = 'ACTIVE'`);
      const emails = new Map(rows.map(({ handle, email }) => [handle, email]));
      return people.flatMap(({ handle, email }) => (emails.get(handle) === email ? [handle] : []));
    },
  };
}

const MAX_IMPORTED = 100;
