import { readCreatedAt } from '@chorus/kit/backdating';
import { transact } from '@chorus/kit/database';
import { badInput, unauthenticated } from '@chorus/kit/errors';
import { record } from '@chorus/kit/events';
import { newId } from '@chorus/kit/ids';
import { sql } from '@chorus/kit/sql';
import { requireService, requireUser, type Viewer } from '@chorus/kit/viewer';
import type { ProvisionUserInput, UpdateProfileInput } from '../__generated__/resolvers.ts';
import type { Prisma, PrismaClient } from '../__generated__/prisma/client.ts';
import { readHandle } from './handle.ts';
import { readBio, readLink, readName, readPicture, readPronouns } from './profile.ts';
import type { ProfileCache } from './user.cache.ts';
import { standing } from './user.policy.ts';
import { userColumns, type UserRow } from './user.model.ts';

const MAX_PROVISIONED = 100;

export interface UserService {
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT */
  updateProfile(viewer: Viewer, input: UpdateProfileInput): Promise<UserRow>;
  /**
   * The people with these handles, in the order of the input, made where missing; without those whose accounts are closed.
   * @throws GraphQLError FORBIDDEN, BAD_USER_INPUT
   */
  provision(viewer: Viewer, input: readonly ProvisionUserInput[]): Promise<UserRow[]>;
}

/**
 * @param options.profiles are told of what changes in them
 * @param options.attachmentKey verifies the attachment tokens that media signed
 * @param options.committed called when an event waits in the outbox
 */
export function createUserService(options: {
  db: PrismaClient;
  profiles: Pick<ProfileCache, 'refresh'>;
  attachmentKey: string;
  committed: () => void;
}): UserService {
  const { db, profiles, attachmentKey, committed } = options;

  /** Tells other subgraphs when the account is closed or opened, and only then. */
  const update = (id: string, data: Prisma.UserUpdateManyMutationInput) =>
    transact(db, async (tx) => {
      const [before] = await tx.$queryRaw<{ isPrivate: boolean }[]>(sql`
        select is_private as "isPrivate" from users where id = ${id} for no key update`);
      const [row] = await tx.user.updateManyAndReturn({
        where: { id, state: 'ACTIVE' },
        data: { ...data, version: { increment: 1 } },
      });
      if (row === undefined) return row;
      await record(tx, 'profile.changed', `profile:${id}`, { userId: id });
      if (row.isPrivate === before?.isPrivate) return row;
      await record(tx, 'privacy.changed', `privacy:${id}`, { userId: id, isPrivate: row.isPrivate });
      return row;
    });

  return {
    async updateProfile(viewer, input) {
      const id = requireUser(viewer);
      const { name, isPrivate } = input;
      if (name === null) throw badInput('input.name', 'A name cannot be cleared, only changed.');
      if (isPrivate === null) throw badInput('input.isPrivate', 'Give true or false.');
      const picture = (field: string, token: string) => readPicture(field, token, { key: attachmentKey, owner: id });
      // Prisma leaves alone what is undefined.
      const data = {
        isPrivate,
        name: name === undefined ? undefined : readName('input.name', name),
        bio: given('input.bio', input.bio, readBio),
        link: given('input.link', input.link, readLink),
        pronouns: given('input.pronouns', input.pronouns, readPronouns),
        avatarMediaId: await given('input.avatar', input.avatar, picture),
        bannerMediaId: await given('input.banner', input.banner, picture),
      };
      const changes = Object.values(data).some((value) => value !== undefined);
      const row = changes ? await update(id, data) : await db.user.findUnique({ where: { id, state: 'ACTIVE' } });
      if (changes) {
        await profiles.refresh([id]);
        committed();
      }
      if (!row) throw unauthenticated('This account does not exist any more.');
      return row;
    },

    async provision(viewer, input) {
      requireService(viewer);
      if (input.length > MAX_PROVISIONED) throw badInput('input', `Give at most ${MAX_PROVISIONED} people at once.`);
      const people = input.map(({ handle, name, createdAt }, index) => ({
        // A service account may give a reserved handle: that is how the house gets its own.
        handle: readHandle(`input.${index}.handle`, handle),
        name: readName(`input.${index}.name`, name),
        createdAt: readCreatedAt(viewer, createdAt, `input.${index}.createdAt`)?.toISOString() ?? null,
      }));
      // Sorted, so that two calls with the same people never wait for each other in a circle.
      const sorted = people.toSorted((a, b) => (a.handle < b.handle ? -1 : 1));
      await db.$executeRaw(sql`
        insert into users (id, handle, name, created_at)
        select id, handle, name, coalesce(created_at, now())
        from unnest(${sorted.map(() => newId('usr'))}::text[], ${sorted.map(({ handle }) => handle)}::text[],
                    ${sorted.map(({ name }) => name)}::text[], ${sorted.map(({ createdAt }) => createdAt)}::timestamptz[])
             as person (id, handle, name, created_at)
        on conflict (handle) do nothing`);
      const rows = await db.$queryRaw<UserRow[]>(sql`
        select ${userColumns} from users where handle = any(${people.map(({ handle }) => handle)}::text[])${standing('users.id')}`);
      const byHandle = new Map(rows.map((row) => [row.handle, row]));
      return people.flatMap(({ handle }) => byHandle.get(handle) ?? []);
    },
  };
}

/** A field that can be cleared: what is left out stays, null clears, else what `read` makes of it. */
const given = <Result>(
  field: string,
  value: string | null | undefined,
  read: (field: string, value: string) => Result,
): Result | null | undefined => (value === null || value === undefined ? value : read(field, value));
