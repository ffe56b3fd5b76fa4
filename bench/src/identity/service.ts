import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { signToken } from '@chorus/kit/tokens';
import { anonymous, type Viewer, VIEWER_HEADER } from '@chorus/kit/viewer';
import { freePort } from '../harness/ports.ts';
import { startProgram } from '../harness/processes.ts';
import { untilItAnswers } from '../harness/ready.ts';
import type { World } from './world.ts';

const main = path.join(import.meta.dirname, '../../../subgraphs/users/src/main.ts');
/** The router renews tokens every few seconds; here one lasts. */
const TOKEN_SECONDS = 3600;

/** The users service as in production, but that one thread of it hashes. */
export interface Service {
  port: number;
  /** The header by which the router says who asks. */
  headerOf(viewer: Partial<Viewer>): Promise<string>;
  stop(): Promise<void>;
}

export async function startService({ databases, redisUrl, signingKeyFile }: World): Promise<Service> {
  const port = await freePort();
  const key = randomBytes(32).toString('hex');
  const program = startProgram(
    {
      args: [main],
      env: {
        HOST: '127.0.0.1',
        PORT: String(port),
        LOG_LEVEL: 'warn',
        DATABASE_URL: databases.users,
        REDIS_URL: redisUrl,
        VIEWER_KEY: key,
        ATTACHMENT_KEY: randomBytes(32).toString('hex'),
        SIGNING_KEY_FILE: signingKeyFile,
        TOKEN_ISSUER: 'http://127.0.0.1',
        // Nothing here is mailed.
        SMTP_URL: 'smtp://127.0.0.1:1',
        ...ONE_HASHING_THREAD,
      },
    },
    { processor: 'any' },
  );
  const headerOf = (viewer: Partial<Viewer>) =>
    signToken(key, 'viewer+jwt', { ...anonymous, address: '127.0.0.1', ...viewer }, TOKEN_SECONDS);
  const headers = { [VIEWER_HEADER]: await headerOf({}) };
  await untilItAnswers(program, { port, body: JSON.stringify({ query: '{ __typename }' }), headers }, 'users');
  return { port, headerOf, stop: () => program.stop() };
}

/** For the service and for what it is compared with. */
export const ONE_HASHING_THREAD = { HASHING_CONCURRENCY: '1', UV_THREADPOOL_SIZE: '1' } as const;
