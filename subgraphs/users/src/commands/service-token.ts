import { ConfigError } from '@chorus/kit/config';
import { mintServiceToken } from '../account/access-tokens.ts';
import { loadSigningConfig } from '../config.ts';

/**
 * Prints a token for a service account, signed with the key of access tokens:
 *
 *     node subgraphs/users/src/commands/service-token.ts NAME [HOURS]
 */
const [name = '', hours = '24'] = process.argv.slice(2);
try {
  process.stdout.write(`${await mintServiceToken(loadSigningConfig(), name, Math.round(Number(hours) * 3600))}\n`);
} catch (error) {
  if (!(error instanceof ConfigError) && !(error instanceof RangeError)) throw error;
  process.stderr.write(`${error.message}\nUsage: service-token.ts NAME [HOURS]\n`);
  process.exitCode = 1;
}
