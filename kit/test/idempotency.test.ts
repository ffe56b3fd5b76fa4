import { afterAll, beforeAll, expect, test } from 'vitest';
import { type IdempotentWrite, once, purgeIdempotencyKeys } from '../src/idempotency.ts';
import { newId } from '../src/ids.ts';
import { sql } from '../src/sql.ts';
import { createTestDatabase } from '../src/testing/index.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('posts');
  db = openTestDatabase(database.url);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const fresh = (): IdempotentWrite => ({ viewerId: 'ada', mutation: 'write', key: newId('key'), input: { text: 'a' } });
const coded = (code: string) => expect.objectContaining({ extensions: expect.objectContaining({ code }) });
const run = (write: IdempotentWrite, result: () => Promise<string> = async () => newId('row')) =>
  db.$transaction((tx) => once(tx, write, result));

test('a repetition gets the first result and writes nothing', async () => {
  const write = fresh();
  expect(await run(write, async () => 'first')).toBe('first');
  expect(await run(write, async () => 'second')).toBe('first');
});

test('another input, viewer, mutation or key', async () => {
  const write = fresh();
  const first = await run(write);
  await expect(run({ ...write, input: { text: 'b' } })).rejects.toEqual(coded('IDEMPOTENCY_CONFLICT'));
  const others = await Promise.all(
    [{ viewerId: 'bob' }, { mutation: 'other' }, { key: newId('key') }].map((rest) => run({ ...write, ...rest })),
  );
  expect(new Set([first, ...others]).size).toBe(4);
});

test('of many at once one writes', async () => {
  const write = fresh();
  let writes = 0;
  const results = await Promise.all(
    Array.from({ length: 5 }, () =>
      run(write, async () => {
        writes++;
        return newId('row');
      }),
    ),
  );
  expect(new Set(results).size).toBe(1);
  expect(writes).toBe(1);
});

test('a write that fails leaves its key free', async () => {
  const write = fresh();
  const failing = run(write, async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await run(write, async () => 'later')).toBe('later');
});

test.each(['', 'short', 'k'.repeat(65), 'with a space', 'ключ-ключ', 'nul\0nul-nul'])(
  'the key %j is refused',
  async (key) => {
    await expect(run({ ...fresh(), key })).rejects.toEqual(coded('BAD_USER_INPUT'));
  },
);

test('a key is forgotten after 24 hours, with or without the purge', async () => {
  const [kept, old, purged] = [fresh(), fresh(), fresh()];
  for (const write of [kept, old, purged]) await run(write, async () => 'first');
  await db.$executeRaw(sql`
    update idempotency_key set created_at = now() - interval '25 hours' where key in (${old.key}, ${purged.key})`);
  expect(await run({ ...old, input: { text: 'b' } }, async () => 'second')).toBe('second');
  expect(await purgeIdempotencyKeys(db)).toBe(1);
  expect(await run(purged, async () => 'third')).toBe('third');
  expect(await run(kept, async () => 'fourth')).toBe('first');
});
