import { createTestDatabase } from '@chorus/kit/testing';
import { expect, test } from 'vitest';
import { arrayLiteral, sql } from '../src/sql.ts';
import { openTestDatabase } from './database.ts';

test('an array literal is the same array, whatever is in it', async () => {
  const database = await createTestDatabase('chat');
  const db = openTestDatabase(database.url);
  try {
    const texts = [
      'usr_0198',
      '2026-01-31T10:00:00.000Z',
      '',
      ' ',
      'null',
      'NULL',
      'Null.',
      null,
      'a,b',
      '{x}',
      '"',
      '\\',
      String.raw`\"\\n`,
      "it's; drop table",
      '\n\r\t',
      'ß😀\u2028',
    ];
    const [row] = await db.$queryRaw<unknown[]>(sql`
      select ${arrayLiteral(texts)}::text[] as texts, ${arrayLiteral(new Set<string>())}::text[] as none,
        ${arrayLiteral([1, -2, null])}::int[] as numbers, ${arrayLiteral([true, false, null])}::boolean[] as booleans,
        ${arrayLiteral([2n ** 60n])}::bigint[] as large`);
    expect(row).toEqual({
      texts,
      none: [],
      numbers: [1, -2, null],
      booleans: [true, false, null],
      large: [String(2n ** 60n)],
    });
  } finally {
    await db.close();
    await database.drop();
  }
});
