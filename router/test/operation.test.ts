import { getIntrospectionQuery } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Fixture, startFixture } from './fixture/router.ts';

const NOTES = '{ notes { id text author { name } } }';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ SUBGRAPH_TIMEOUT: '500' });
});
afterAll(() => fixture.stop());
afterEach(() => {
  fixture.world.entityCalls.length = 0;
});

const codes = ({ errors }: { errors: { extensions: Record<string, unknown> }[] | undefined }) =>
  errors?.map(({ extensions }) => extensions['code']);

describe('an operation over two subgraphs', () => {
  test('is one answer', async () => {
    const { status, body } = await fixture.ask(NOTES);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        notes: [
          { id: 'n1', text: 'First', author: { name: 'Ada' } },
          { id: 'n2', text: 'Second', author: { name: 'Bob' } },
          { id: 'n3', text: 'Third', author: { name: 'Ada' } },
        ],
      },
    });
  });

  test('takes variables, and refuses wrong ones', async () => {
    const query = 'query ($id: ID!) { note(id: $id) { text } }';
    expect((await fixture.ask(query, { variables: { id: 'n2' } })).data).toEqual({ note: { text: 'Second' } });
    const wrong = await fixture.ask(query, { variables: { id: ['n2', 'n3'] } });
    expect([wrong.status, codes(wrong)]).toEqual([400, ['BAD_USER_INPUT']]);
  });

  test('runs mutations in the order written', async () => {
    const query = 'mutation { a: addNote(text: "A") { id } b: addNote(text: "B") { id } }';
    const { data } = await fixture.ask(query, { token: await fixture.token() });
    expect(data).toEqual({ a: { id: 'n4' }, b: { id: 'n5' } });
    fixture.world.notes.length = 3;
  });

  test('has a null, and no error, for what another subgraph does not know', async () => {
    fixture.world.notes.push({ id: 'n4', text: 'Of nobody', authorId: 'zoe' });
    const { body } = await fixture.ask('{ note(id: "n4") { author { name } } }');
    expect(body).toEqual({ data: { note: { author: null } } });
    fixture.world.notes.length = 3;
  });
});

describe('a subgraph that fails', () => {
  test('is nulls and a coded error without a host; the rest of the answer stands', async () => {
    await fixture.stopSubgraph('people');
    try {
      const answer = await fixture.ask(NOTES);
      expect(answer.status).toBe(200);
      expect(answer.data?.['notes']).toEqual([
        { id: 'n1', text: 'First', author: null },
        { id: 'n2', text: 'Second', author: null },
        { id: 'n3', text: 'Third', author: null },
      ]);
      expect(codes(answer)).toEqual(['SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_UNAVAILABLE']);
      const emptied = [0, 1, 2].map((index) => ({ path: expect.arrayContaining(['notes', index, 'author']) }));
      expect(answer.errors).toMatchObject(emptied);
      expect(JSON.stringify(answer.errors)).not.toMatch(/127\.0\.0\.1|ECONN|serviceName|stack|:\d{4}/);
    } finally {
      await fixture.startSubgraph('people');
    }
    expect((await fixture.ask(NOTES)).errors).toBeUndefined();
  });

  test('to answer in time is a TIMEOUT', async () => {
    const answer = await fixture.ask('{ stuck me { userId } }');
    expect(answer.data).toEqual({ stuck: null, me: { userId: null } });
    expect(codes(answer)).toEqual(['TIMEOUT']);
  });

  test('by a fault of its own says nothing of it', async () => {
    const answer = await fixture.ask('{ broken }');
    expect(codes(answer)).toEqual(['INTERNAL']);
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|10\.0\.0\.1|serviceName/);
    expect(answer.errors?.[0]?.path).toEqual(['broken']);
  });

  test('with a code passes it on, with what belongs to it', async () => {
    const { errors } = await fixture.ask('{ refused }');
    expect(errors).toEqual([
      { message: 'Try again later.', path: ['refused'], extensions: { code: 'RATE_LIMITED', retryAfter: 3 } },
    ]);
  });
});

describe('a request that is no operation', () => {
  test.each([
    ['syntax', '{ notes {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('is refused for %s', async (_what, query, code) => {
    const answer = await fixture.ask(query);
    expect([answer.status, codes(answer)]).toEqual([400, [code]]);
  });

  test('is refused for a subscription over HTTP', async () => {
    const answer = await fixture.ask('subscription { notes { number } }');
    expect(answer.status).toBe(400);
    expect(codes(answer)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('limits', () => {
  const levels = (depth: number): string => (depth === 1 ? '{ name }' : `{ ofType ${levels(depth - 1)} }`);
  const aliased = (count: number) =>
    `{ ${Array.from({ length: count }, (_, index) => `a${index}: notes { id }`).join(' ')} }`;

  test('leave room for an introspection query and for fifty aliased mutations', async () => {
    expect((await fixture.ask(getIntrospectionQuery({ descriptions: true }))).errors).toBeUndefined();
    const many = Array.from({ length: 50 }, (_, index) => `a${index}: addNote(text: "${index}") { id }`);
    const { data, errors } = await fixture.ask(`mutation { ${many.join(' ')} }`, { token: await fixture.token() });
    expect([Object.keys(data ?? {}).length, errors]).toEqual([50, undefined]);
    fixture.world.notes.length = 3;
  });

  test.each([
    ['depth', `{ __schema { types ${levels(19)} } }`],
    ['aliases', `{ notes { ${Array.from({ length: 201 }, (_, index) => `a${index}: id`).join(' ')} } }`],
    ['root fields', aliased(101)],
    ['root fields in a fragment', `{ ...many } fragment many on Query ${aliased(101)}`],
    ['tokens', `{ notes { ${'id '.repeat(5000)} } }`],
    [
      'fields that fragments multiply',
      `{ notes { ...f0 } } ${Array.from({ length: 14 }, (_, i) => `fragment f${i} on Note { ...f${i + 1} ...f${i + 1} }`).join(' ')} fragment f14 on Note { a: id }`,
    ],
    [
      'fields at every depth, which fragments multiply',
      `{ __schema { types { ...f0 } } } ${Array.from({ length: 15 }, (_, i) => `fragment f${i} on __Type { ofType { ...f${i + 1} } ofType { ...f${i + 1} } }`).join(' ')} fragment f15 on __Type { name }`,
    ],
    ['the same field again and again', `{ notes { ${'author { name } '.repeat(400)} } }`],
    [
      'the same field in fragment after fragment',
      `{ notes { ${Array.from({ length: 400 }, (_, i) => `...f${i}`).join(' ')} } } ${Array.from({ length: 400 }, (_, i) => `fragment f${i} on Note { author { name } }`).join(' ')}`,
    ],
    [
      'fields of many operations together',
      Array.from({ length: 60 }, (_, i) => `query Q${i} { __typename ${'...f '.repeat(99)} }`).join(' ') +
        ' fragment f on Query { notes { id } }',
    ],
  ])('refuse %s as OPERATION_TOO_COMPLEX', async (_what, query) => {
    const answer = await fixture.ask(query);
    expect(answer.status).toBe(400);
    expect(codes(answer)).toContain('OPERATION_TOO_COMPLEX');
    expect(answer.data).toBeUndefined();
  });
});

test('the schema can be asked for, and holds nothing of federation', async () => {
  const { data } = await fixture.ask('{ __schema { types { name } } }');
  const names = (data as { __schema: { types: { name: string }[] } }).__schema.types.map(({ name }) => name);
  expect(names).toContain('Note');
  expect(names.filter((name) => /^(join__|link__|_)(?!_)/.test(name))).toEqual([]);
});

test('production answers no introspection', async () => {
  const production = await startFixture({ NODE_ENV: 'production' });
  try {
    const { status, errors } = await production.ask('{ __schema { types { name } } }');
    expect([status, errors?.[0]?.extensions['code']]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  } finally {
    await production.stop();
  }
});
