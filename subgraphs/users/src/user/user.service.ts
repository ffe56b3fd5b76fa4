import { readCreatedAt } from '@chorus/kit/backdating';
import { type AttachmentClaims, ATTACHMENT } from '@chorus/schema/claims';
import { transact } from '@chorus/kit/database';
import { badInput, unauthenticated } from '@chorus/kit/errors';
import { record } from '@chorus/kit/events';
import { newId } from '@chorus/kit/ids';
import { sql } from '@chorus/kit/sql';
import { readText } from '@chorus/kit/text';
import { verifyToken } from '@chorus/kit/tokens';
import { requireService, requireUser, type Viewer } from '@chorus/kit/viewer';
import { z } from 'zod';
import type { ProvisionUserInput, UpdateProfileInput } from '../__generated__/resolvers.ts';
import type { Prisma, PrismaClient } from '../__generated__/prisma/client.ts';
import { readHandle } from './handle.ts';
import { userColumns, type UserRow } from './user.model.ts';

const MAX_PROVISIONED = 100;

export interface UserService {
  /** @throws GraphQLError UNAUTHENTICATED, BAD_USER_INPUT */
  updateProfile(viewer: Viewer, input: UpdateProfileInput): Promise<UserRow>;
  /**
   * The people with these handles, in the order of the input, made where missing.
   * @throws GraphQLError FORBIDDEN, BAD_USER_INPUT
   */
  provision(viewer: Viewer, input: readonly ProvisionUserInput[]): Promise<UserRow[]>;
}

/**
 * @param options.attachmentKey verifies the attachment tokens that media signed
 * @param options.committed called when an event waits in the outbox
 */
export function createUserService(options: {
  db: PrismaClient;
  attachmentKey: string;
  committed: () => void;
}): UserService {
  const { db, attachmentKey, committed } = options;

  /** Tells other subgraphs when the account is closed or opened, and only then. */
  const update = (id: string, data: Prisma.UserUpdateManyMutationInput) =>
    transact(db, async (tx) => {
      const [before] = await tx.$queryRaw<{ isPrivate: boolean }[]>(sql`
        select is_private as "isPrivate" from users where id = ${id} for no key update`);
      const [row] = await tx.user.updateManyAndReturn({ where: { id }, data });
      if (row === undefined || row.isPrivate === before?.isPrivate) return row;
      await record(tx, 'privacy.changed', `privacy:${id}`, { userId: id, isPrivate: row.isPrivate });
      return row;
    });

  return {
    async updateProfile(viewer, { name, bio, avatar, isPrivate }) {
      const id = requireUser(viewer);
      if (name === null) throw badInput('input.name', 'A name cannot be cleared, only changed.');
      if (isPrivate === null)
        throw badInput('input.isPrivate', 'An account is private or it is not: give true or false.');
      const data = {
        ...(isPrivate !== undefined && { isPrivate }),
        ...(name !== undefined && { name: readName('input.name', name) }),
        ...(bio !== undefined && { bio: bio === null ? null : readBio('input.bio', bio) }),
        ...(avatar !== undefined && {
          avatarMediaId: avatar === null ? null : await readAvatar(attachmentKey, id, avatar),
        }),
      };
      const row = Object.keys(data).length === 0 ? await db.user.findUnique({ where: { id } }) : await update(id, data);
      if (isPrivate !== undefined) committed();
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
        select ${userColumns} from users where handle = any(${people.map(({ handle }) => handle)}::text[])`);
      const byHandle = new Map(rows.map((row) => [row.handle, row]));
      return people.flatMap(({ handle }) => byHandle.get(handle) ?? []);
    },
  };
}

/**
 * A display name: one line.
 * @throws GraphQLError BAD_USER_INPUT
 */
export function readName(field: string, value: string): string {
  const name = readText(field, value, { min: 1, max: 80 });
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(name)) throw badInput(field, 'A name is one line, without control characters.');
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(name)) throw badInput(field, 'A name has something to see.');
  return name;
}

/** An empty one is none. */
const readBio = (field: string, value: string): string | null => readText(field, value, { min: 0, max: 500 }) || null;

const attachment = z.object({
  id: z.string(),
  owner: z.string(),
  kind: z.literal('image'),
}) satisfies z.ZodType<Pick<AttachmentClaims, 'id' | 'owner' | 'kind'>>;

/** The media id in an attachment token of this person's own. */
async function readAvatar(key: string, owner: string, token: string): Promise<string> {
  const claims = attachment.safeParse(await verifyToken(key, ATTACHMENT.typ, token));
  if (!claims.success || claims.data.owner !== owner) {
    throw badInput('input.avatar', 'This is not the attachment token of an image of yours, or it has expired.');
  }
  return claims.data.id;
}
