import { sql } from '@chorus/kit/sql';
import { openDatabase } from '../../../subgraphs/users/src/database.ts';
import { idOf, PEOPLE } from './happened.ts';

/** What all of them sign in with. */
export const PASSWORD = 'a long walk by the river';

export const personId = (n: number): string => idOf('usr', n);

const SYLLABLES = 'ba che do fi gu ha jo ki lu me na po ra sel ti vo wy zan or el'.split(' ');
/** Five syllables, as unlike those of the next as names are; no two alike. */
export function handleOf(n: number): string {
  const spread = (n * 7_919_993 + 1_234_567) % SYLLABLES.length ** 5;
  return Array.from(
    { length: 5 },
    (_, place) => SYLLABLES[Math.floor(spread / SYLLABLES.length ** place) % SYLLABLES.length],
  )
    .join('_')
    .replaceAll(/_(?!.*_)/g, '.')
    .replaceAll('_', '');
}

/** Everybody who takes part. */
export async function addPeople(url: string): Promise<void> {
  const all = Array.from({ length: PEOPLE }, (_, n) => n);
  const db = openDatabase({ url, size: 1 });
  try {
    await db.$executeRaw(sql`
    insert into users (id, handle, name)
    select id, handle, initcap(replace(handle, '.', ' '))
    from unnest(${all.map(personId)}::text[], ${all.map(handleOf)}::text[]) as person (id, handle)`);
  } finally {
    await db.$disconnect();
  }
}

/** Lets the first `count` of them sign in. */
export async function letSignIn(url: string, count: number, passwordHash: string): Promise<void> {
  const some = Array.from({ length: count }, (_, n) => n);
  const db = openDatabase({ url, size: 1 });
  try {
    await db.$executeRaw(sql`
    insert into credential (user_id, email, email_verified_at, password_hash)
    select id, handle || '@example.com', now(), ${passwordHash}
    from unnest(${some.map(personId)}::text[], ${some.map(handleOf)}::text[]) as person (id, handle)`);
  } finally {
    await db.$disconnect();
  }
}
