import { buildSchema, parse } from 'graphql';
import { expect, test } from 'vitest';
import { operationOf } from '../../src/execution/index.ts';

const schema = buildSchema(`
  type Query { thing: Thing  things: [Thing!] }
  type Thing { id: ID  sure: Int!  maybe: Int  thing: Thing  things: [Thing] }
`);

async function run(source: string, rootValue: unknown, variables: Record<string, unknown> = {}) {
  const operation = operationOf(schema, parse(source), null);
  const coerced = operation?.coerce(variables);
  if (operation === null || coerced === undefined || 'errors' in coerced) throw new Error('not an operation');
  const { data, errors } = await operation.execute({ rootValue, contextValue: {}, ...coerced }, { traced: false });
  return { data: JSON.parse(data) as unknown, errors: errors.map(({ message, path }) => [message, path?.join('.')]) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const fails = async (message: string) => Promise.reject(new Error(message));
const failsLater = async (message: string) => {
  await turn();
  throw new Error(message);
};

test('what comes of a part that has become null meanwhile is waited for, not executed and not told', async () => {
  const asked: string[] = [];
  const late = async () => {
    await turn();
    return { id: () => asked.push('late') };
  };
  const thing = { sure: () => fails('first'), maybe: () => failsLater('second'), thing: late };
  expect(await run('{ thing { sure maybe thing { id } } }', { thing })).toEqual({
    data: { thing: null },
    errors: [['first', 'thing.sure']],
  });
  expect(asked).toEqual([]);
});

test('a null inside leaves what stands beside it', async () => {
  const things = [{ id: 1 }, { thing: Promise.resolve({ sure: failsLater('no') }) }, { id: 3 }];
  expect(await run('{ thing { things { id thing { sure } } } }', { thing: { things } })).toEqual({
    data: {
      thing: {
        things: [
          { id: '1', thing: null },
          { id: null, thing: null },
          { id: '3', thing: null },
        ],
      },
    },
    errors: [['no', 'thing.things.1.thing.sure']],
  });
});

test('a promise that calls back at once is one like others', async () => {
  // oxlint-disable-next-line unicorn/no-thenable -- what a library may return
  const atOnce = { then: (resolve: (value: unknown) => void) => resolve({ id: 'x' }) };
  expect(await run('{ thing { id } things { id } }', { thing: atOnce, things: [atOnce, atOnce] })).toEqual({
    data: { thing: { id: 'x' }, things: [{ id: 'x' }, { id: 'x' }] },
    errors: [],
  });
});

test('one operation under each combination of its conditions', async () => {
  const source =
    'query ($a: Boolean!, $b: Boolean = true) { thing { id @include(if: $a) ... @skip(if: $b) { maybe } __typename } }';
  const thing = { id: 'x', maybe: 1 };
  const keys = async (variables: object) => {
    const { data } = await run(source, { thing }, { ...variables });
    return Object.keys((data as { thing: object }).thing);
  };
  expect(await keys({ a: true })).toEqual(['id', '__typename']);
  expect(await keys({ a: false, b: false })).toEqual(['maybe', '__typename']);
  expect(await keys({ a: true, b: false })).toEqual(['id', 'maybe', '__typename']);
});

test('fragments that double at every level are compiled once each', async () => {
  const levels = Array.from(
    { length: 60 },
    (_, i) => `fragment F${i} on Thing { a: thing { ...F${i + 1} } b: thing { ...F${i + 1} } }`,
  );
  const source = `{ thing { ...F0 } } ${levels.join('\n')} fragment F60 on Thing { id }`;
  expect(await run(source, { thing: {} })).toEqual({ data: { thing: { a: null, b: null } }, errors: [] });
});
