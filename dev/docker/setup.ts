/** What has to happen once before the services of docker-compose.yml start: the signing key, and the migrations. */
import { z } from 'zod';
import { readEnvironment } from '../src/env.ts';
import { type DatabaseVariable, databaseVariable, prismaDir, SUBGRAPHS } from '../src/layout.ts';
import { deploy } from '../src/migrations.ts';
import { makeSigningKey } from '../src/secrets.ts';

const databases = Object.fromEntries(SUBGRAPHS.map((name) => [databaseVariable(name), z.url()]));

/** Everything that this reads of the environment. */
export const environment = z.object({
  SIGNING_KEY_FILE: z.string(),
  ...(databases as Record<DatabaseVariable, z.ZodURL>),
});

if (import.meta.main) {
  const config = environment.parse(readEnvironment());
  makeSigningKey(config.SIGNING_KEY_FILE);
  for (const name of SUBGRAPHS) {
    const applied = await deploy(prismaDir(name), config[databaseVariable(name)]);
    console.log(`${name}: ${applied.length} migrations applied`);
  }
}
