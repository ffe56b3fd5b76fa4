/** What has to happen once before the services of docker-compose.yml start: the signing key, and the migrations. */
import { z } from 'zod';
import { readEnvironment } from '../src/env.ts';
import { prismaDir, SUBGRAPHS } from '../src/layout.ts';
import { deploy } from '../src/migrations.ts';
import { makeSigningKey } from '../src/secrets.ts';

/** Everything that this reads of the environment. */
export const environment = z.object({
  SIGNING_KEY_FILE: z.string(),
  USERS_DATABASE_URL: z.url(),
  POSTS_DATABASE_URL: z.url(),
  CHAT_DATABASE_URL: z.url(),
  MEDIA_DATABASE_URL: z.url(),
});

if (import.meta.main) {
  const config = environment.parse(readEnvironment());
  makeSigningKey(config.SIGNING_KEY_FILE);
  for (const name of SUBGRAPHS) {
    const urls = {
      users: config.USERS_DATABASE_URL,
      posts: config.POSTS_DATABASE_URL,
      chat: config.CHAT_DATABASE_URL,
      media: config.MEDIA_DATABASE_URL,
    };
    const applied = await deploy(prismaDir(name), urls[name]);
    console.log(`${name}: ${applied.length} migrations applied`);
  }
}
