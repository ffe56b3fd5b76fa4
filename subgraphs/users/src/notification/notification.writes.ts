import { arrayLiteral, sql, type SqlClient } from '@chorus/kit/sql';
import { latestOf, type Notice, notificationIdOf } from './notice.ts';

/** Of whose notifications something changed, and up to where their log goes now. */
export interface Told {
  recipientId: string;
  lastSeq: number;
}

/**
 * Puts notices into the notifications of those whom they concern, all in one statement. What was applied before, or comes
 * after something newer, changes nothing; so does what the recipient does not want, from somebody whom they mute or about
 * a post that they may not read, but its version is remembered.
 *
 * Nobody else may write notices of the same types meanwhile, so that what is known of them holds to the end of the
 * statement: each type comes from one stream, whose consumer holds the lock of its position, or is about one session.
 * Rows that several streams share, the heads, are locked in one order.
 */
export const applyNotices = (tx: SqlClient, notices: readonly Notice[]): Promise<Told[]> => prepareNotices(notices)(tx);

/** The same in two steps: all that needs no database is done at once. */
export function prepareNotices(notices: readonly Notice[]): (tx: SqlClient) => Promise<Told[]> {
  const latest = latestOf(notices)
    .map((notice, place) => ({ notice, place }))
    .toSorted((a, b) => (a.notice.actorId < b.notice.actorId ? -1 : 1));
  if (latest.length === 0) return async () => [];
  /** Of what no notice has, nothing is sent: unnest fills up with nulls. */
  const column = (key: keyof Notice): string =>
    arrayLiteral(latest.some(({ notice }) => notice[key] !== null) ? latest.map(({ notice }) => notice[key]) : []);
  const statement = sql`
    with recipient as materialized (
      select id from users where id = any(${arrayLiteral(new Set(latest.map(({ notice }) => notice.recipientId)))}::text[])
    ), given as materialized (
      select given.*, actor.version as old_version, actor.notification_id as old_id,
        given.active
          and not exists (select from mute where muter_id = given.recipient_id and muted_id = given.actor_id)
          and not exists (
            select from notification_off off where off.user_id = given.recipient_id and off.type = given.type)
          and (given.author_id is null or given.author_id = given.recipient_id
            or not exists (select from users author where author.id = given.author_id and author.is_private)
            or exists (select from follow where follower_id = given.recipient_id and followee_id = given.author_id)
          ) as stands
      -- In the order of the keys, more or less: each finds in memory what the one before it read.
      from unnest(
        ${column('recipientId')}::text[], ${column('actorId')}::text[], ${column('type')}::text[],
        ${column('targetId')}::text[], ${column('version')}::bigint[], ${column('active')}::boolean[],
        ${column('at')}::timestamptz[], ${column('postId')}::text[], ${column('commentId')}::text[],
        ${column('authorId')}::text[], ${column('device')}::text[], ${column('address')}::text[],
        ${arrayLiteral(latest.map(({ notice }) => notificationIdOf(notice)))}::text[],
        ${arrayLiteral(latest.map(({ place }) => place))}::int[]
      ) as given (
        recipient_id, actor_id, type, target_id, version, active, at, post_id, comment_id, author_id, device, address,
        new_id, place)
      -- Each by its key: left to itself, Postgres would read the table to the end.
      left join lateral (
        select version, notification_id from notification_actor known
        where known.actor_id = given.actor_id and known.recipient_id = given.recipient_id and known.type = given.type
          and known.target_id = given.target_id
        limit 1
      ) as actor on true
      where given.recipient_id in (select id from recipient) and (actor.version is null or actor.version < given.version)
    ), change as (
      select recipient_id, notification_id, sum(delta) as delta, bool_or(more) as more, bool_or(not more) as less,
        max(place) as place, max(place) filter (where more) as described_by, max(at) as at
      from (
        select recipient_id, place, new_id as notification_id, true as more,
          case when old_id = new_id then 0 else 1 end as delta, at
        from given where stands
        union all
        select recipient_id, place, old_id, false, -1, null from given
        where old_id is not null and (not stands or old_id <> new_id)
      ) as part
      group by recipient_id, notification_id
    ), head as (
      insert into notification_head as head (recipient_id, last_seq)
      select recipient_id, count(*) from change group by recipient_id order by recipient_id
      on conflict (recipient_id) do update set last_seq = head.last_seq + excluded.last_seq
      returning recipient_id, last_seq
    ), numbered as materialized (
      select change.*, head.last_seq,
        head.last_seq + 1 - row_number() over (partition by change.recipient_id order by place desc, more) as seq
      from change join head on head.recipient_id = change.recipient_id
    ), grown as (
      insert into notification as known (
        id, recipient_id, type, target_id, post_id, device, address, actor_count, updated_at, news_seq)
      select numbered.notification_id, given.recipient_id, given.type, given.target_id, given.post_id, given.device,
        given.address, numbered.delta, numbered.at, numbered.seq
      from numbered join given on given.place = numbered.described_by
      on conflict (id) do update set actor_count = known.actor_count + excluded.actor_count,
        updated_at = greatest(known.updated_at, excluded.updated_at), news_seq = excluded.news_seq
    ), shrunk as (
      update notification as known set actor_count = known.actor_count + numbered.delta
      from numbered where known.id = numbered.notification_id and not numbered.more
    ), settled as materialized (
      select given.actor_id, given.recipient_id, given.type, given.target_id, numbered.notification_id,
        given.comment_id, numbered.seq, given.version, given.at, given.old_version,
        case when given.author_id not in (given.recipient_id, given.actor_id) then given.author_id end as author_id
      from given left join numbered on numbered.notification_id = given.new_id and given.stands
    ), first as (
      -- Most are, and need no second look for one alike.
      insert into notification_actor (
        actor_id, recipient_id, type, target_id, notification_id, comment_id, seq, version, at, author_id)
      select actor_id, recipient_id, type, target_id, notification_id, comment_id, seq, version, at, author_id
      from settled where old_version is null
    ), again as (
      insert into notification_actor (
        actor_id, recipient_id, type, target_id, notification_id, comment_id, seq, version, at, author_id)
      select actor_id, recipient_id, type, target_id, notification_id, comment_id, seq, version, at, author_id
      from settled where old_version is not null
      on conflict (actor_id, recipient_id, type, target_id) do update set notification_id = excluded.notification_id,
        comment_id = excluded.comment_id, seq = excluded.seq, version = excluded.version, at = excluded.at
    ), logged as (
      insert into notification_event (recipient_id, seq, kind, notification_id)
      select recipient_id, seq, 'CHANGED', notification_id from numbered
    )
    select recipient_id as "recipientId", max(last_seq) as "lastSeq",
      array_agg(notification_id) filter (where less) as lessened
    from numbered group by recipient_id`;
  return async (tx) => {
    const rows = await tx.$queryRaw<(Told & { lessened: string[] | null })[]>(statement);
    const lessened = rows.flatMap((row) => row.lessened ?? []);
    if (lessened.length > 0) await stepBack(tx, lessened);
    return rows;
  };
}

/** What is left of a notification is as new as the latest of it: what was read stays read when something newer is taken back. */
async function stepBack(tx: SqlClient, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw(sql`
    update notification set news_seq = latest.seq, updated_at = latest.at
    from (
      select lessened.id, newest.seq, max(actor.at) as at
      from unnest(${arrayLiteral(new Set(ids))}::text[]) as lessened (id)
      -- By the end of the index: of a post that thousands like one taken back is no reason to read them all.
      cross join lateral (
        select seq from notification_actor where notification_id = lessened.id and seq is not null
        order by seq desc limit 1
      ) as newest
      join notification_actor actor on actor.notification_id = lessened.id and actor.seq = newest.seq
      group by lessened.id, newest.seq
    ) as latest
    where notification.id = latest.id`);
}
