import { ConfigError } from '@chorus/kit/config';
import { transact } from '@chorus/kit/database';
import { isId } from '@chorus/kit/ids';
import { lockAccount } from '../account/account-state.ts';
import { closeAccount } from '../account/closing.service.ts';
import { loadDatabaseConfig } from '../config.ts';
import { openDatabase } from '../database.ts';
import { canonicalHandle } from '../user/handle.ts';

/**
 * Has an account erased now, whether or not its owner has deleted it:
 *
 *     DATABASE_URL=… node subgraphs/users/src/commands/erase-account.ts HANDLE|ID
 *
 * The running services do it, within seconds; the handle is free again then. There is no way back. The exit status is 1
 * when there is no such account.
 */
async function erase(url: string, person: string): Promise<boolean> {
  const db = openDatabase({ url, size: 1 });
  try {
    return await transact(db, async (tx) => {
      const where = isId('usr', person) ? { id: person } : { handle: canonicalHandle(person) ?? '' };
      const user = await tx.user.findUnique({ where });
      if (user === null) return false;
      const state = await lockAccount(tx, user.id);
      if (state !== 'DELETED') await closeAccount(tx, user.id, { state: 'DELETED', erasureDays: 0 });
      await tx.deletion.updateMany({ where: { userId: user.id }, data: { dueAt: new Date() } });
      return true;
    });
  } finally {
    await db.$disconnect();
  }
}

const [person, ...rest] = process.argv.slice(2);
try {
  if (person === undefined || rest.length > 0) throw new ConfigError(['give one handle or id']);
  const found = await erase(loadDatabaseConfig().DATABASE_URL, person);
  process.stdout.write(found ? `${person} is being erased\n` : `There is no account ${person}\n`);
  if (!found) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\nUsage: erase-account.ts HANDLE|ID\n`);
  process.exitCode = 2;
}
