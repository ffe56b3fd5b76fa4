import { transact } from '@chorus/kit/database';
import { unauthenticated } from '@chorus/kit/errors';
import { newId } from '@chorus/kit/ids';
import type { Caller, Limits } from '@chorus/kit/limits';
import { type Database, sql, type SqlClient } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';
import type { OAuthRefusal } from '../__generated__/resolvers.ts';
import { canonicalEmail } from '../account/identifier.ts';
import { isKept } from '../account/taken.ts';
import { writeLetter } from '../mail/post.ts';
import type { Profile } from '../oauth/provider.ts';
import type { SessionModel } from '../session/session.model.ts';
import { requireSession } from '../session/session.policy.ts';
import type { SessionService } from '../session/session.service.ts';
import { requireStepUp } from '../step-up/step-up.policy.ts';
import type { LinkedIdentityRow } from './identity.model.ts';
import { displayNameOf, handlesOf } from './names.ts';

/** Why somebody whom a provider knows does not get in. */
export class Refused extends Error {
  readonly reason: OAuthRefusal;
  constructor(reason: OAuthRefusal, cause?: unknown) {
    super(`refused: ${reason}`, { cause });
    this.reason = reason;
  }
}

export interface IdentityService {
  /**
   * Opens a session for whom a provider vouches. Who was here before comes back by provider and subject. Else the e-mail
   * address decides, and only one that the provider has verified: it leads into the account that has verified it too, or
   * into a new one.
   * @throws Refused
   * @throws GraphQLError RATE_LIMITED
   */
  signIn(caller: Caller, profile: Profile): Promise<SessionModel>;
  /**
   * Lets the viewer sign in by this profile. Returns all that they have then.
   * @throws Refused
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN with the reason STEP_UP_REQUIRED
   */
  link(viewer: Viewer, profile: Profile): Promise<LinkedIdentityRow[]>;
  /**
   * Ends that; null when the viewer could not sign in any more.
   * @throws GraphQLError UNAUTHENTICATED, FORBIDDEN with the reason STEP_UP_REQUIRED
   */
  unlink(viewer: Viewer, provider: string): Promise<LinkedIdentityRow[] | null>;
  /** @throws GraphQLError UNAUTHENTICATED */
  list(viewer: Viewer): Promise<LinkedIdentityRow[]>;
}

/** Somebody was first at the same thing; what they made is there when it is looked for again. */
class Rival extends Error {}
const MAX_RIVALS = 5;

/**
 * @param options.providers those by which somebody can sign in now
 * @param options.written called when a letter is committed
 */
export function createIdentityService(options: {
  db: Database;
  limits: Limits<'signUp'>;
  sessions: SessionService;
  providers: ReadonlySet<string>;
  written: () => void;
}): IdentityService {
  const { db, limits, sessions, providers, written } = options;

  return {
    async signIn(caller, profile) {
      const enter = (mayCreate: boolean) =>
        againWithRivals(() =>
          transact(db, async (tx) => {
            const known = (await userOf(tx, profile)) ?? (await adopt(tx, profile));
            const userId = known ?? (mayCreate ? await create(tx, profile) : null);
            return userId === null ? null : sessions.open(tx, caller.viewer, userId);
          }),
        );
      let opened = await enter(false);
      if (opened === null) {
        await limits.take(caller, 'signUp');
        opened = await enter(true);
      }
      if (opened === null) throw new Error('somebody was neither found nor made');
      written();
      return sessions.issue(opened);
    },

    async link(viewer, profile) {
      const identities = await transact(db, async (tx) => {
        const { userId } = await requireStepUp(tx, viewer);
        await lockUser(tx, userId);
        const owner = await userOf(tx, profile);
        if (owner !== null && owner !== userId) throw new Refused('IDENTITY_TAKEN');
        if (owner === null && !(await insertIdentity(tx, profile, userId))) {
          const rows = await identitiesOf(tx, userId);
          throw new Refused(
            rows.some(({ provider }) => provider === profile.provider) ? 'PROVIDER_LINKED' : 'IDENTITY_TAKEN',
          );
        }
        if (owner === null) await tellOfLink(tx, userId, profile.provider);
        return identitiesOf(tx, userId);
      });
      written();
      return identities;
    },

    async unlink(viewer, provider) {
      return transact(db, async (tx) => {
        const { userId } = await requireStepUp(tx, viewer);
        // Two that unlink at once must not each leave the other's as the last way in.
        const { hasPassword } = await lockUser(tx, userId);
        const identities = await identitiesOf(tx, userId);
        const others = identities.filter((identity) => identity.provider !== provider);
        if (others.length === identities.length) return identities;
        if (!hasPassword && !others.some((identity) => providers.has(identity.provider))) return null;
        await tx.$executeRaw(sql`delete from identity where user_id = ${userId} and provider = ${provider}`);
        return others;
      });
    },

    list: async (viewer) => identitiesOf(db, requireSession(viewer).userId),
  };
}

async function againWithRivals<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Rival) || attempt === MAX_RIVALS) throw error;
    }
  }
}

/** Whom this identity signs in. */
async function userOf(tx: SqlClient, { provider, subject, verifiedEmail }: Profile): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ userId: string }[]>(sql`
    update identity set last_used_at = now(), email = ${verifiedEmail}
    where provider = ${provider} and subject = ${subject} returning user_id as "userId"`);
  return row?.userId ?? null;
}

/**
 * Links the account with the same e-mail address, if there is one. The account must have verified it as well: else
 * somebody could have signed up with the address of another, to find themselves in that person's account one day.
 * @throws Refused
 */
async function adopt(tx: SqlClient, profile: Profile): Promise<string | null> {
  const email = emailOf(profile);
  const [account] = await tx.$queryRaw<{ userId: string; isVerified: boolean }[]>(sql`
    select user_id as "userId", email_verified_at is not null as "isVerified"
    from credential where email = ${email} for share`);
  if (account === undefined) return null;
  const { userId, isVerified } = account;
  if (!isVerified) throw new Refused('EMAIL_TAKEN');
  if (await insertIdentity(tx, profile, userId)) {
    await tellOfLink(tx, userId, profile.provider);
    return userId;
  }
  const rows = await identitiesOf(tx, userId);
  if (!rows.some(({ provider }) => provider === profile.provider)) throw new Rival();
  // Of another subject: this one's would have been found, unless it came to be only now.
  const owner = await userOf(tx, profile);
  if (owner === null) throw new Refused('EMAIL_TAKEN');
  return owner;
}

/** An account of their own for somebody new, with the address that the provider verified and without a password. */
async function create(tx: SqlClient, profile: Profile): Promise<string> {
  const id = newId('usr');
  for (const handle of handlesOf(profile)) {
    const made = await tx.$executeRaw(sql`
      insert into users (id, handle, name) values (${id}, ${handle}, ${displayNameOf(profile) || handle})
      on conflict do nothing`);
    if (made === 0) continue;
    const credentials = await tx.$executeRaw(sql`
      insert into credential (user_id, email, email_verified_at) values (${id}, ${emailOf(profile)}, now())
      on conflict do nothing`);
    if (await isKept(tx, emailOf(profile), id)) throw new Refused('EMAIL_TAKEN');
    if (credentials === 0 || !(await insertIdentity(tx, profile, id))) throw new Rival();
    return id;
  }
  throw new Rival();
}

/** @throws Refused */
function emailOf({ verifiedEmail }: Profile): string {
  const email = verifiedEmail === null ? null : canonicalEmail(verifiedEmail);
  if (email === null) throw new Refused('EMAIL_UNVERIFIED');
  return email;
}

/** False when the identity is somebody's, or the user has another at the same provider. */
async function insertIdentity(tx: SqlClient, { provider, subject, verifiedEmail }: Profile, userId: string) {
  const inserted = await tx.$executeRaw(sql`
    insert into identity (provider, subject, user_id, email)
    values (${provider}, ${subject}, ${userId}, ${verifiedEmail}) on conflict do nothing`);
  return inserted === 1;
}

/** @throws GraphQLError UNAUTHENTICATED when the account is gone */
async function lockUser(tx: SqlClient, userId: string): Promise<{ hasPassword: boolean }> {
  const [user] = await tx.$queryRaw<{ hasPassword: boolean }[]>(sql`
    select exists (select from credential where user_id = users.id and password_hash is not null) as "hasPassword"
    from users where id = ${userId} for no key update`);
  if (user === undefined) throw unauthenticated('This account does not exist any more.');
  return user;
}

const identitiesOf = (db: SqlClient, userId: string): Promise<LinkedIdentityRow[]> =>
  db.$queryRaw<LinkedIdentityRow[]>(sql`
    select provider, email, created_at as "linkedAt", last_used_at as "lastUsedAt"
    from identity where user_id = ${userId} order by provider`);

/** Tells a person by a letter, at an address that is verified, that somebody can sign in as them. */
async function tellOfLink(tx: SqlClient, userId: string, provider: string): Promise<void> {
  const [account] = await tx.$queryRaw<{ to: string; handle: string }[]>(sql`
    select email as "to", handle from credential join users on users.id = user_id
    where user_id = ${userId} and email_verified_at is not null`);
  if (account === undefined) return;
  const { to, handle } = account;
  await writeLetter(tx, { userId, to, kind: 'IDENTITY_LINKED', facts: { handle, provider } });
}
