import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { perSubgraph, SUBGRAPHS, type Subgraph } from './layout.ts';
import { Problem } from './problem.ts';

const secret = z.string().min(32);
const schema = z.object({
  postgres: secret,
  redis: secret,
  attachment: secret,
  viewer: z.record(z.string(), secret),
});

export interface Secrets {
  /** Password of the embedded Postgres's superuser. */
  postgres: string;
  /** Password of the embedded Redis. */
  redis: string;
  /** Signs attachment tokens; shared by the subgraphs. */
  attachment: string;
  /** Signs the router's viewer tokens, one per subgraph. */
  viewer: Record<Subgraph, string>;
  /** PEM file of the RSA key that signs access tokens. */
  signingKeyFile: string;
}

/**
 * Reads the stack's secrets, made when it, or a new subgraph, is first started: `secrets.json` and `keys/` in `dir`, for
 * the owner's eyes.
 * @throws Problem when they cannot be read.
 */
export function loadSecrets(dir: string): Secrets {
  mkdirSync(dir, { recursive: true });
  const signingKeyFile = path.join(dir, 'keys', 'signing.pem');
  makeSigningKey(signingKeyFile);
  const file = path.join(dir, 'secrets.json');
  const make = () => randomBytes(32).toString('base64url');
  const kept = existsSync(file) ? parse(file) : { postgres: make(), redis: make(), attachment: make(), viewer: {} };
  const viewer = perSubgraph((name) => kept.viewer[name] ?? make());
  const secrets = { ...kept, viewer: { ...kept.viewer, ...viewer } };
  if (SUBGRAPHS.some((name) => kept.viewer[name] === undefined)) {
    writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  }
  chmodSync(file, 0o600);
  return { ...secrets, signingKeyFile };
}

/** Makes the RSA key that signs access tokens, as a PEM file for the owner's eyes, unless it is there already. */
export function makeSigningKey(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
}

function parse(file: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Problem(
      `The secrets in ${file} are damaged.`,
      'Repair the file, or start empty with new ones: npm start -- --fresh',
      { cause: error },
    );
  }
}
