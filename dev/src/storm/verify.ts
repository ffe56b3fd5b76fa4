import { isDeepStrictEqual } from 'node:util';
import { RoomHistoryDocument, type RoomMessage, RoomSnapshotDocument, viewOf } from '@chorus/sdk';
import type { Crowd, Person } from './people.ts';
import { sleep } from './system.ts';

/** How long everything may take to come to rest after the last fault. */
const REST_LIMIT_MS = 90_000;

/** @returns what is wrong, one sentence each; nothing when all is as promised */
export async function verify(crowd: Crowd): Promise<string[]> {
  const wrong: string[] = [];
  const deadline = Date.now() + REST_LIMIT_MS;
  await Promise.all(crowd.people.map(async (person) => wrong.push(...(await compare(person, crowd, deadline)))));
  for (const { name, room, held } of crowd.people) {
    if (room.state.pending.length > 0) wrong.push(`${name} still sees ${room.state.pending.length} echoes`);
    for (const { room: one, heard } of held) {
      const { gaps, duplicates } = one.diagnostics;
      if (gaps > 0) wrong.push(`${name} was sent an event before the one that comes first, ${gaps} times`);
      if (duplicates > 0) wrong.push(`${name} was sent ${duplicates} events twice`);
      const at = heard.findIndex((seq, index) => index > 0 && seq <= (heard[index - 1] ?? 0));
      if (at > 0) wrong.push(`${name} heard event ${heard[at]} after ${heard[at - 1]}`);
    }
  }
  wrong.push(...crowd.faults);
  const rooms = Map.groupBy(crowd.people, ({ roomId }) => roomId);
  for (const [roomId, [member]] of rooms) {
    if (member !== undefined) wrong.push(...(await compareHistory(roomId, member, crowd)));
  }
  return wrong;
}

/** The client's state against a fresh query, once both are at the room's last event. */
async function compare(person: Person, crowd: Crowd, deadline: number): Promise<string[]> {
  const { name, client, roomId } = person;
  let difference = 'never got an answer';
  while (Date.now() < deadline) {
    await crowd.bringBack(person);
    const { room } = person;
    const last = Math.min(Math.max(room.state.messages.length, 1), 100);
    const answer = await client.send(RoomSnapshotDocument, { roomId, last }).catch(() => null);
    const { room: found, me } = answer?.data ?? {};
    if (answer?.errors.length === 0 && found != null) {
      const fresh = viewOf(found, me?.id ?? null);
      const parts = ['room', 'members', 'messages', 'hasOlder', 'lastSeq'] as const;
      const differing = parts.filter((part) => !isDeepStrictEqual(fresh[part], room.state[part]));
      if (differing.length === 0 && room.state.connection.status === 'live') return [];
      difference = `differs in ${differing.join(', ')}: is at ${room.state.lastSeq} (${room.state.connection.status}) and the room at ${fresh.lastSeq}`;
    }
    await sleep(500);
  }
  return [`${name} ${difference}`];
}

/** All messages of a room against what was acknowledged: none missing, none besides. */
async function compareHistory(roomId: string, { client }: Person, { acknowledged }: Crowd): Promise<string[]> {
  const messages: Pick<RoomMessage, 'id' | 'seq' | 'clientId'>[] = [];
  let before: string | null = null;
  for (;;) {
    const { room }: Awaited<ReturnType<typeof page>> = await page(before);
    messages.unshift(...(room?.messages?.edges.flatMap(({ node }) => node ?? []) ?? []));
    if (room?.messages?.pageInfo.hasPreviousPage !== true) break;
    before = room.messages.pageInfo.startCursor;
  }
  function page(cursor: string | null) {
    return client.request(RoomHistoryDocument, { roomId, last: 100, before: cursor });
  }
  const wrong: string[] = [];
  const stored = new Map(messages.map((message) => [message.clientId, message]));
  if (stored.size < messages.length) wrong.push(`${roomId} has messages twice`);
  const told = acknowledged.filter((message) => message.roomId === roomId);
  for (const { clientId, id, seq } of told) {
    const message = stored.get(clientId);
    if (message === undefined) wrong.push(`${roomId} misses message ${seq}, which was acknowledged`);
    else if (message.id !== id || message.seq !== seq) wrong.push(`${roomId} has message ${seq} elsewhere`);
  }
  if (messages.length > told.length) wrong.push(`${roomId} has ${messages.length - told.length} messages too many`);
  return wrong;
}
