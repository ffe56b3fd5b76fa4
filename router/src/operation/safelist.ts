import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '@chorus/kit/config';
import { type DocumentNode, parse, print } from 'graphql';
import { z } from 'zod';

/** The documents that may run, where no others may. Each is the text that the manifest has. */
export interface Safelist {
  /** By its SHA-256, in hexadecimal. */
  byHash(hash: string): string | undefined;
  /** By what it says: spaces, comments and the order of its definitions aside. */
  byContent(document: DocumentNode): string | undefined;
}

/** Apollo's format of a persisted query manifest. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(
    z.object({
      id: z.string(),
      body: z.string(),
      name: z.string(),
      type: z.enum(['query', 'mutation', 'subscription']),
    }),
  ),
});

/**
 * Reads a persisted query manifest whose ids are the SHA-256 of its bodies.
 * @throws ConfigError when it is none
 */
export async function readSafelist(file: string): Promise<Safelist> {
  const texts = new Map<string, string>();
  const contents = new Map<string, string>();
  for (const { id, body, name } of await readManifest(file)) {
    if (createHash('sha256').update(body).digest('hex') !== id) {
      throw broken(`the id of ${name} is not the SHA-256 of its body`);
    }
    try {
      contents.set(contentOf(parse(body)), body);
    } catch (error) {
      throw broken(`${name} is no GraphQL (${String(error)})`);
    }
    texts.set(id, body);
  }
  return {
    byHash: (hash) => texts.get(hash),
    byContent: (document) => contents.get(contentOf(document)),
  };
}

async function readManifest(file: string): Promise<z.output<typeof manifest>['operations']> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error));
  }
  const { data, error } = manifest.safeParse(content);
  if (data !== undefined) return data.operations;
  const [issue] = error.issues;
  throw broken(`not a persisted query manifest: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`);
}

const broken = (why: string) => new ConfigError([`SAFELIST_PATH: ${why}`]);

const contentOf = ({ definitions }: DocumentNode): string =>
  definitions
    .map((definition) => print(definition))
    .toSorted()
    .join('\n');
