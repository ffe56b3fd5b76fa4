import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { ask, createRoom, people } from './room.ts';
import { type Chorus, DATABASE_POOL, type World } from './world.ts';

const ROOMS = 50;
/** More than there are connections to Postgres, so that none of these waits for the way to it. */
const AT_ONCE = 64;
const SEND = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';
const TEXT = 'What is said here is stored before the answer comes, so that nobody loses it.';

export interface Sent {
  /** Messages per second through the router, each stored with its entry in the room's log. */
  sends: number;
  /** Rows per second of a loop that only inserts messages, on the same Postgres. */
  inserts: number;
}

/** So many at once until the time is up. Returns how many a second. */
async function loop(seconds: number, run: (turn: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  const end = began + seconds * 1000;
  let turns = 0;
  const one = async () => {
    while (performance.now() < end) await run(turns++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return turns / ((performance.now() - began) / 1000);
}

export async function startSending(world: World, chorus: Chorus): Promise<(seconds: number) => Promise<Sent>> {
  const authors = await people(chorus, 'author', ROOMS);
  const rooms: string[] = [];
  for (const author of authors) rooms.push(await createRoom(chorus, [author]));
  const pool = new Pool({ connectionString: world.chatDatabase, max: DATABASE_POOL });
  await pool.query('create table if not exists bare_message (like message including all)');
  const { rows } = await pool.query<{ name: string }>(
    "select column_name as name from information_schema.columns where table_name = 'bare_message' and is_nullable = 'NO' and column_default is null",
  );
  await pool.end();
  const known: Record<string, (turn: number) => unknown> = {
    id: () => `msg_${randomUUID().replaceAll('-', '')}`,
    room_id: (turn) => rooms[turn % ROOMS],
    seq: (turn) => turn + 1,
    author_id: (turn) => authors[turn % ROOMS],
    client_id: () => randomUUID(),
    text: () => TEXT,
    created_at: () => new Date(),
  };
  const columns = rows.map(({ name }) => name);
  const unknown = columns.filter((name) => known[name] === undefined);
  if (unknown.length > 0) throw new Error(`what to insert as ${unknown.join(', ')}?`);
  const insert = {
    name: 'insert',
    text: `insert into bare_message (${columns.join(', ')}) values (${columns.map((_, n) => `$${n + 1}`).join(', ')})`,
  };
  return async (seconds) => {
    const bare = new Pool({ connectionString: world.chatDatabase, max: DATABASE_POOL });
    await bare.query('truncate bare_message');
    const inserts = await loop(seconds, (turn) =>
      bare.query({ ...insert, values: columns.map((name) => known[name]?.(turn)) }),
    );
    await bare.end();
    const sends = await loop(seconds, (turn) =>
      ask(chorus, authors[turn % ROOMS] ?? '', SEND, {
        input: { roomId: rooms[turn % ROOMS], text: TEXT, clientId: randomUUID() },
      }),
    );
    return { sends, inserts };
  };
}
