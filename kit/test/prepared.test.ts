import { createTestDatabase } from '@chorus/kit/testing';
import { expect, test } from 'vitest';
import { clientOptions } from '../src/database.ts';

test('a statement is planned once for a connection; past five hundred of them each time, and none is kept', async () => {
  const database = await createTestDatabase('chat');
  const connection = await clientOptions({ url: database.url, size: 1 }, { heard: false }).adapter.connect();
  try {
    const ask = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows;
    for (let time = 1; time <= 3; time++) await ask('select 1 as the_same');
    const [one] = await ask(
      `select count(*)::int, sum(generic_plans + custom_plans)::int from pg_prepared_statements where statement like '%the_same'`,
    );
    expect(one).toEqual([1, 3]);
    for (let other = 1; other <= 600; other++) expect(await ask(`select ${other}`)).toEqual([[other]]);
    expect(await ask('select count(*)::int from pg_prepared_statements')).toEqual([[500]]);
    expect(await ask('select 600')).toEqual([[600]]);
  } finally {
    await connection.dispose();
    await database.drop();
  }
});
