/**
 * Composes the subgraphs' schemas: `node dev/src/compose.ts` writes schema/supergraph.graphql, which the router loads, and
 * schema/api.graphql, what clients see. With `--check` it writes nothing and fails when a file is not what it would write.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { composeServices } from '@apollo/composition';
import { lexicographicSortSchema, parse, printSchema } from 'graphql';
import { ROOT, SUBGRAPHS } from './layout.ts';

const schemaDir = path.join(ROOT, 'schema');

/**
 * @returns the text of each file, by name
 * @throws Error with every fault when the subgraphs do not compose
 */
function compose(): Record<string, string> {
  const services = SUBGRAPHS.map((name) => ({
    name,
    // A placeholder: where a subgraph really is, the router is told by SUBGRAPH_URLS.
    url: `http://${name}.internal/graphql`,
    typeDefs: parse(readFileSync(path.join(schemaDir, `${name}.graphql`), 'utf8')),
  }));
  const { supergraphSdl, schema, errors } = composeServices(services);
  if (errors !== undefined) throw new Error(errors.map(({ message }) => message).join('\n'));
  const api = schema.toAPISchema().toGraphQLJSSchema();
  return {
    'supergraph.graphql': `${supergraphSdl.trimEnd()}\n`,
    'api.graphql': `${printSchema(lexicographicSortSchema(api))}\n`,
  };
}

try {
  const files = Object.entries(compose()).map(([name, text]) => ({ file: path.join(schemaDir, name), name, text }));
  if (process.argv.includes('--check')) {
    const stale = files.filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
    for (const { name } of stale) console.error(`schema/${name} is out of date: run \`pnpm compose\` and commit it.`);
    if (stale.length > 0) process.exitCode = 1;
  } else {
    for (const { file, text } of files) writeFileSync(file, text);
  }
} catch (error) {
  console.error(`The subgraphs do not compose:\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
