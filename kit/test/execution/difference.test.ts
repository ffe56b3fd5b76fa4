import { randomBytes } from 'node:crypto';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type GraphQLError,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  validate,
  visit,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationOf } from '../../src/execution/index.ts';
import { createRandomOperation } from './random-operation.ts';
import { createRandomSchema } from './random-schema.ts';
import { randomOf } from './random.ts';

const OPERATIONS = 600;
/** Another one each time. To see a failure again, put the seed that it names here. */
const seed = randomBytes(4).toString('hex');
const schema = createRandomSchema({ strict: true });
const loose = createRandomSchema({ strict: false });

interface Answer {
  data: unknown;
  errors: string[];
}
/** Values that a message shows, which graphql-js prints in a way of its own. */
const shown = /(but got:|with value|serialize\().*?(?=","locations")/;
const answerOf = ({
  data,
  errors = [],
}: ExecutionResult | { data: unknown; errors: readonly GraphQLError[] }): Answer => ({
  data: JSON.parse(JSON.stringify(data ?? null)),
  errors: errors.map((error) => JSON.stringify(error).replace(shown, '$1 …')).toSorted(),
});

/** What differs between graphql-js and us; null: nothing. */
async function difference(document: DocumentNode, variables: Record<string, unknown>, seed: string): Promise<unknown> {
  const contextValue = { seed };
  const theirs = answerOf(await execute({ schema, document, variableValues: variables, contextValue }));
  const operation = operationOf(schema, document, null);
  const coerced = operation?.coerce(variables) ?? { errors: [] };
  if (operation === null || 'errors' in coerced) return theirs.data === null ? null : { theirs, ours: 'refused' };
  const executed = await operation.execute({ rootValue: undefined, contextValue, ...coerced }, { traced: false });
  const ours = answerOf({ data: JSON.parse(executed.data), errors: executed.errors });
  if (JSON.stringify(ours.data) !== JSON.stringify(theirs.data)) return { theirs, ours };

  // Where several errors would each make the same place null, the first to come stands: which one that is, and whether
  // others came before, is a matter of timing. All others must be the same.
  let possible: Answer | undefined;
  const [here, there] = [byNull(ours), byNull(theirs)];
  for (const place of new Set([...here.keys(), ...there.keys()])) {
    const [a, b] = [here.get(place) ?? [], there.get(place) ?? []];
    if (a.join() === b.join()) continue;
    possible ??= answerOf(await execute({ schema: loose, document, variableValues: variables, contextValue }));
    const all = possible.errors;
    const known = (error: string) => b.includes(error) || all.includes(error) || error.includes('Cannot return null');
    if (a.length === 0 || b.length === 0 || !a.every(known)) return { place, ours, theirs };
    if (a.concat(b).every((error) => pathOf(error).join('.') === place)) return { place, ours, theirs };
  }
  return null;
}

const pathOf = (error: string): (string | number)[] => (JSON.parse(error) as { path: (string | number)[] }).path;

/** Errors by the outermost null of the answer that they lie at or below. */
function byNull({ data, errors }: Answer): Map<string, string[]> {
  return Map.groupBy(errors, (error) => {
    let value: unknown = data;
    const at: (string | number)[] = [];
    for (const key of pathOf(error)) {
      if (value === null || typeof value !== 'object') break;
      value = (value as Record<string | number, unknown>)[key];
      at.push(key);
    }
    return at.join('.');
  });
}

/** The smallest document, by leaving out selections, for which a difference remains. */
async function shrink(
  document: DocumentNode,
  differs: (document: DocumentNode) => Promise<boolean>,
): Promise<DocumentNode> {
  const sets: SelectionSetNode[] = [];
  visit(document, { SelectionSet: (set) => void sets.push(set) });
  for (const set of sets) {
    for (const selection of set.selections) {
      const without = visit(document, {
        SelectionSet: (node) =>
          node === set && node.selections.length > 1
            ? { ...node, selections: node.selections.filter((one) => one !== selection) }
            : undefined,
      });
      const used = print(without);
      const kept = {
        ...without,
        definitions: without.definitions.filter(
          (one) => one.kind !== Kind.FRAGMENT_DEFINITION || used.includes(`...${one.name.value}`),
        ),
      };
      const smaller = parse(print(kept));
      if (print(smaller).length < print(document).length && (await differs(smaller))) return shrink(smaller, differs);
    }
  }
  return document;
}

// graphql-js gives up a list at the first element that may not be null, and does not look after the promises before it.
const listeners = process.listeners('unhandledRejection');
const ignore = () => {};
beforeAll(() => void process.removeAllListeners('unhandledRejection').on('unhandledRejection', ignore));
afterAll(async () => {
  // The last of them may still be on their way: every level of an answer takes at most one turn of the event loop.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', ignore);
  for (const listener of listeners) process.on('unhandledRejection', listener);
});

test(`${OPERATIONS} random operations are answered as by graphql-js`, { timeout: 120_000 }, async () => {
  let compared = 0;
  for (let turn = 0; compared < OPERATIONS; turn++) {
    const own = `${seed}.${turn}`;
    const { source, variables } = createRandomOperation(schema, randomOf(own));
    const document = parse(source);
    if (validate(schema, document).length > 0) continue;
    compared++;
    if ((await difference(document, variables, own)) === null) continue;
    const smallest = await shrink(document, async (one) => (await difference(one, variables, own)) !== null);
    expect.unreachable(
      `seed ${seed}, operation ${turn}:\n${print(smallest)}\n${JSON.stringify(variables)}\n` +
        JSON.stringify(await difference(smallest, variables, own), null, 2),
    );
  }
});
