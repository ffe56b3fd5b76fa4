import { newId } from '@chorus/kit/ids';
import { record } from '@chorus/kit/events';
import { settle } from '@chorus/kit/testing';
import { expect, test } from 'vitest';
import { someone, useChat } from './harness.ts';

const chat = useChat();

test('the follow graph, blocks and private accounts are kept as users tells them, the latest of each', async () => {
  const [ada, bob] = [someone(), someone()];
  await chat.follows(ada, bob);
  await chat.follows(ada, bob, false);
  await chat.blocks(bob, ada);
  await chat.blocks(bob, ada, false);
  await chat.privacy(bob);
  await chat.privacy(bob, false);

  // Older ones that come late change nothing; the last is the sign that they were heard.
  const [followerId, followeeId] = [ada.userId, bob.userId];
  const since = new Date().toISOString();
  await chat.publish(
    'follow.changed',
    `${followerId}:${followeeId}`,
    { followerId, followeeId, active: true, since },
    1n,
  );
  const block = { blockerId: bob.userId, blockedId: ada.userId, active: true };
  await chat.publish('block.changed', `block:${bob.userId}:${ada.userId}`, block, 1n);
  await chat.publish('privacy.changed', `privacy:${bob.userId}`, { userId: bob.userId, isPrivate: true }, 1n);
  await chat.privacy(ada);
  const edges = `select f.active as follows, b.active as blocks, p.active as private from follow_edge f
    join block_edge b on b.blocker_id = f.followee_id and b.blocked_id = f.follower_id
    join private_account p on p.user_id = f.followee_id where f.follower_id = $1`;
  expect(await chat.rows(edges, [ada.userId])).toEqual([{ follows: false, blocks: false, private: false }]);
});

test('posts are kept: whose, and for whom', async () => {
  const ada = someone();
  const ids = [await chat.post(ada), await chat.post(ada, 'FOLLOWERS')];
  expect(
    await chat.rows('select id, author_id, visibility from post where author_id = $1 order by id', [ada.userId]),
  ).toEqual([
    { id: ids[0], author_id: ada.userId, visibility: 'PUBLIC' },
    { id: ids[1], author_id: ada.userId, visibility: 'FOLLOWERS' },
  ]);
});

test('what chat has to tell goes out', async () => {
  const roomId = newId('rom');
  const payload = { roomId, requesterId: newId('usr'), recipientId: newId('usr'), active: true, since: 'now' };
  await record(chat.db(), 'message.requested', `request:${roomId}`, payload);
  const redis = chat.redis();
  const told = async () => {
    const entries = await redis.xrange('chorus:events:chat', '-', '+');
    return entries.some(([, fields]) => fields.includes(`request:${roomId}`));
  };
  expect(await settle(told)).toBe(true);
});
