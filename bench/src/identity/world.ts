import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { privateEnvironment } from '@chorus/dev/environment';
import { startInfrastructure } from '@chorus/dev/infrastructure';
import { createLog } from '@chorus/dev/log';
import { createLogger, type Logger } from '@chorus/kit/logger';

/** Postgres, with the four databases, and Redis: a stack's own, new, and removed in the end. */
export interface World {
  databases: { users: string; posts: string };
  redisUrl: string;
  /** PEM file of the key that signs access tokens. */
  signingKeyFile: string;
  logger: Logger;
  stop(): Promise<void>;
}

export async function startWorld(log: (line: string) => void): Promise<World> {
  log('starting Postgres and Redis');
  const dir = mkdtempSync(path.join(tmpdir(), 'chorus-bench-'));
  const quiet = createLog({ write: () => undefined, readable: true, colours: false });
  const started = await startInfrastructure({ dir, env: privateEnvironment(), log: quiet, durable: true });
  return {
    databases: started.databases,
    redisUrl: started.redisUrl,
    signingKeyFile: started.secrets.signingKeyFile,
    logger: createLogger({ service: 'bench', level: 'warn' }),
    async stop() {
      await started.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
