import { transact } from '@chorus/kit/database';
import { badInput } from '@chorus/kit/errors';
import { newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import { sql } from '@chorus/kit/sql';
import type { LogInInput, SignUpInput } from '../__generated__/resolvers.ts';
import type { PrismaClient } from '../__generated__/prisma/client.ts';
import { canonicalHandle, readNewHandle } from '../user/handle.ts';
import { readName } from '../user/user.service.ts';
import type { SessionModel } from '../session/session.model.ts';
import type { SessionService } from '../session/session.service.ts';
import { type Passwords, readNewPassword, readPassword } from './password.ts';

/** Another account has what a new one asked for. */
export class Taken extends Error {
  readonly what: 'handle' | 'email';
  /** As it would be stored. */
  readonly value: string;
  constructor(what: 'handle' | 'email', value: string) {
    super(`this ${what} is taken`);
    this.what = what;
    this.value = value;
  }
}

export interface AccountService {
  /**
   * Creates an account and its first session.
   * @throws Taken
   * @throws GraphQLError BAD_USER_INPUT, RATE_LIMITED
   */
  signUp(caller: Caller, input: SignUpInput): Promise<SessionModel>;
  /**
   * Opens a session; null when identifier and password do not belong together, which takes the same work whether or not
   * there is such an account.
   * @throws GraphQLError BAD_USER_INPUT, RATE_LIMITED
   */
  logIn(caller: Caller, input: LogInInput): Promise<SessionModel | null>;
}

export function createAccountService(options: {
  db: PrismaClient;
  limits: Limits<'signUp' | 'logIn'>;
  passwords: Passwords;
  sessions: SessionService;
}): AccountService {
  const { db, limits, passwords, sessions } = options;

  return {
    async signUp(caller, input) {
      const handle = readNewHandle('input.handle', input.handle);
      const name = readName('input.name', input.name);
      const email = readEmail('input.email', input.email);
      const password = readNewPassword('input.password', input.password);
      await limits.take(caller, 'signUp');
      const passwordHash = await passwords.hash(password);
      const id = newId('usr');
      const opened = await transact(db, async (tx) => {
        // The unique constraints decide who was first; a statement that meets a rival's row waits until that commits.
        const users = await tx.$executeRaw(sql`
          insert into users (id, handle, name) values (${id}, ${handle}, ${name}) on conflict do nothing`);
        if (users === 0) throw new Taken('handle', handle);
        const credentials = await tx.$executeRaw(sql`
          insert into credential (user_id, email, password_hash) values (${id}, ${email}, ${passwordHash})
          on conflict do nothing`);
        if (credentials === 0) throw new Taken('email', email);
        return sessions.open(tx, caller.viewer, id);
      });
      return sessions.issue(opened);
    },

    async logIn(caller, input) {
      const identifier = input.identifier.trim();
      if (identifier === '' || identifier.length > MAX_EMAIL) {
        throw badInput('input.identifier', 'Give a handle or an e-mail address.');
      }
      const password = readPassword('input.password', input.password);
      // By what was typed: whether an account exists, or two names are of one account, shows in no limit.
      await limits.take(caller, 'logIn', canonicalIdentifier(identifier));
      const credential = await findCredential(db, identifier);
      if (!(await passwords.matches(password, credential?.passwordHash ?? null)) || credential === null) return null;
      const { userId } = credential;
      return sessions.issue(await transact(db, (tx) => sessions.open(tx, caller.viewer, userId)));
    },
  };
}

const MAX_EMAIL = 254;
const EMAIL = /^[^\s@"<>(),;:\\[\]\p{C}]{1,64}@[^\s@"<>(),;:\\[\]\p{C}]+\.[^\s@"<>(),;:\\[\]\p{C}.]{2,}$/u;

/** Whether somebody reads it, only a letter can tell; this keeps out what cannot be an address. */
function readEmail(field: string, value: string): string {
  const email = value.trim().toLowerCase();
  if (email.length > MAX_EMAIL || email.includes('..') || !EMAIL.test(email)) {
    throw badInput(field, 'This is not an e-mail address.');
  }
  return email;
}

// No handle has an @ but in front.
const isEmail = (identifier: string): boolean => identifier.lastIndexOf('@') > 0;

/** One spelling for all that find the same account by the same name. */
const canonicalIdentifier = (identifier: string): string =>
  (isEmail(identifier) ? null : canonicalHandle(identifier)) ?? identifier.toLowerCase();

function findCredential(db: PrismaClient, identifier: string) {
  if (isEmail(identifier)) {
    const email = identifier.toLowerCase();
    return EMAIL.test(email) ? db.credential.findUnique({ where: { email } }) : null;
  }
  const handle = canonicalHandle(identifier);
  return handle === null ? null : db.credential.findFirst({ where: { user: { handle } } });
}
