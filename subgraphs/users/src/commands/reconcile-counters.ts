import { ConfigError } from '@chorus/kit/config';
import { loadDatabaseConfig } from '../config.ts';
import { openDatabase } from '../database.ts';
import { findDrift } from '../follow/follow.reconcile.ts';

/**
 * Prints whose counts of followers and followees differ from the follow graph, and with --repair sets them right:
 *
 *     DATABASE_URL=… node subgraphs/users/src/commands/reconcile-counters.ts [--repair]
 *
 * It may run while the service does. The exit status is 1 when it leaves a difference.
 */
async function reconcile(url: string, repair: boolean): Promise<void> {
  const db = openDatabase({ url, size: 1 });
  try {
    let found = 0;
    for await (const { userId, counted, edges } of findDrift(db, { repair })) {
      found++;
      process.stdout.write(
        `${userId} followers ${counted.followers} of ${edges.followers}, following ${counted.following} of ${edges.following}\n`,
      );
    }
    process.stdout.write(`${found} drifted${found > 0 && repair ? ', repaired' : ''}\n`);
    if (found > 0 && !repair) process.exitCode = 1;
  } finally {
    await db.$disconnect();
  }
}

const [flag, ...rest] = process.argv.slice(2);
try {
  if (rest.length > 0 || (flag !== undefined && flag !== '--repair')) throw new ConfigError(['unknown arguments']);
  await reconcile(loadDatabaseConfig().DATABASE_URL, flag === '--repair');
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\nUsage: reconcile-counters.ts [--repair]\n`);
  process.exitCode = 2;
}
