import { chmodSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { ConfigError } from '@chorus/kit/config';
import { loadSigningKeys, rotateKeys } from '../account/signing-key.ts';
import { loadSigningConfig } from '../config.ts';

/**
 * Adds a key to SIGNING_KEY_FILE that signs access tokens in 20 minutes, and drops those of which no token lives. Running
 * services take it up by themselves. While a new key waits for its time it does nothing more.
 *
 *     node subgraphs/users/src/commands/rotate-keys.ts
 */
try {
  const config = loadSigningConfig();
  const file = config.SIGNING_KEY_FILE;
  if (file === undefined) throw new ConfigError(['SIGNING_KEY_FILE is required: a variable cannot be written to']);
  const { text, next } = await rotateKeys(await loadSigningKeys(config), Date.now());
  // Renamed over the old one, so that nobody reads half of it; for the eyes of the same people.
  const written = `${file}.${process.pid}`;
  writeFileSync(written, text, { mode: 0o600, flag: 'wx' });
  chmodSync(written, statSync(file).mode);
  renameSync(written, file);
  process.stdout.write(`The next key signs from ${next.toISOString()}.\n`);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
