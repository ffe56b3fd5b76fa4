import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { CallSubgraph } from '../../src/execution/compiled/index.ts';
import { Graph, read } from './graph.ts';

const graph = new Graph({
  posts: {
    sdl: `type Query { post: Post posts: [Post] grid: [[Post]] now: Int hidden: Int! }
      type Post @key(fields: "id") { id: ID! title: String author: User owner: User! }
      type User @key(fields: "id") { id: ID! }`,
  },
  users: {
    sdl: `type User @key(fields: "id") { id: ID! name: String! nick: String friends: [User!] }
      type Query { me: User }`,
  },
});

const post = (id: string, author: string | null) => ({
  __typename: 'Post',
  id,
  title: `post ${id}`,
  author: author === null ? null : { __typename: 'User', id: author },
});

/** Answers by service; an Error rejects the call. */
const answering =
  (answers: Record<string, unknown>): CallSubgraph =>
  async (service) => {
    const answer = answers[service];
    if (answer instanceof Error) throw answer;
    return typeof answer === 'string' ? answer : JSON.stringify(answer);
  };

const run = async (query: string, answers: Record<string, unknown>, signal?: AbortSignal) =>
  read(await graph.run(query, { call: answering(answers), signal }));

const UNAVAILABLE = {
  message: 'A part of this answer is unavailable at the moment. Try again.',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
};

describe('failures', () => {
  it('leaves null, with a coded error at each place, what a failed call would have filled', async () => {
    const posts = { data: { posts: [post('1', 'a'), post('2', null), post('3', 'a')] } };
    const seen: unknown[] = [];
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:4001');
    const answer = await graph.run('{ posts { title author { id nick friends { id } } } }', {
      call: answering({ posts, users: cause }),
      onError: (failure) => seen.push(failure),
    });
    expect(seen).toEqual([{ service: 'users', cause }]);
    expect(read(answer)).toEqual({
      data: {
        posts: [
          { title: 'post 1', author: { id: 'a', nick: null, friends: null } },
          { title: 'post 2', author: null },
          { title: 'post 3', author: { id: 'a', nick: null, friends: null } },
        ],
      },
      errors: [0, 2].flatMap((i) => [
        { ...UNAVAILABLE, path: ['posts', i, 'author', 'nick'] },
        { ...UNAVAILABLE, path: ['posts', i, 'author', 'friends'] },
      ]),
    });
    expect(JSON.stringify(read(answer))).not.toMatch(/10\.0\.0|users/);
  });

  it('has one error for a null that spreads', async () => {
    const posts = { data: { posts: [post('1', 'a')] } };
    expect(await run('{ posts { author { name } } }', { posts, users: new Error('down') })).toEqual({
      data: { posts: [{ author: null }] },
      errors: [{ ...UNAVAILABLE, path: ['posts', 0, 'author', 'name'] }],
    });
  });

  it('passes on an error that was made for the client', async () => {
    const cause = new GraphQLError('Too slow.', { extensions: { code: 'TIMEOUT' } });
    expect((await run('{ now }', { posts: cause })).errors).toEqual([
      { message: 'Too slow.', extensions: { code: 'TIMEOUT' }, path: ['now'] },
    ]);
  });

  it('maps errors of entities to every place that shows them', async () => {
    const posts = {
      data: {
        grid: [
          [post('1', 'a'), null],
          [post('2', 'b'), post('3', 'a')],
        ],
      },
    };
    const users = {
      data: {
        _entities: [
          { __typename: 'User', nick: null },
          { __typename: 'User', nick: 'bee' },
        ],
      },
      errors: [
        {
          message: 'no nick',
          path: ['_entities', 0, 'nick'],
          extensions: { code: 'NOT_FOUND', serviceName: 'users', stacktrace: [] },
        },
      ],
    };
    expect(await run('{ grid { author { nick } } }', { posts, users })).toEqual({
      data: {
        grid: [
          [{ author: { nick: null } }, null],
          [{ author: { nick: 'bee' } }, { author: { nick: null } }],
        ],
      },
      errors: [
        { message: 'no nick', extensions: { code: 'NOT_FOUND' }, path: ['grid', 0, 0, 'author', 'nick'] },
        { message: 'no nick', extensions: { code: 'NOT_FOUND' }, path: ['grid', 1, 1, 'author', 'nick'] },
      ],
    });
  });

  it('names no key that the client did not ask for', async () => {
    const posts = {
      data: { post: { title: 't', author: null } },
      errors: [{ message: 'x', path: ['post', 'author', 'id'] }],
    };
    expect((await run('{ post { title author { nick } } }', { posts })).errors).toEqual([
      { message: 'x', extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' }, path: ['post', 'author'] },
    ]);
  });

  it('treats an answer without data as a failed call, with the reason that it gives', async () => {
    const refused = { errors: [{ message: 'Sign in first.', extensions: { code: 'UNAUTHENTICATED' } }] };
    expect(await run('{ now post { title } }', { posts: refused })).toEqual({
      data: { now: null, post: null },
      errors: ['now', 'post'].map((key) => ({
        message: 'Sign in first.',
        extensions: { code: 'UNAUTHENTICATED' },
        path: [key],
      })),
    });
    expect((await run('{ hidden now }', { posts: refused })).data).toBeNull();
  });

  it('gives an entity that is not there as null, without an error', async () => {
    const posts = { data: { posts: [post('1', 'a'), post('2', 'b')] } };
    const users = { data: { _entities: [null, { name: 'bee' }] } };
    expect(await run('{ posts { author { id name } } }', { posts, users })).toEqual({
      data: { posts: [{ author: null }, { author: { id: 'b', name: 'bee' } }] },
      errors: [],
    });
  });

  it.each([
    ['no JSON', '<html>502</html>'],
    ['no object', '[1,2]'],
    ['null', 'null'],
    ['data that is no object', { data: [1] }],
    ['neither data nor errors', {}],
    ['no entities', { data: { _entities: null } }],
    ['too few entities', { data: { _entities: [] } }],
    ['entities that are no list', { data: { _entities: { length: 1 } } }],
  ])('gives an error for an answer that is %s', async (_, users) => {
    const posts = { data: { post: post('1', 'a') } };
    const { data, errors } = await run('{ post { title author { nick } } }', { posts, users });
    expect(data).toEqual({ post: { title: 'post 1', author: { nick: null } } });
    expect(errors).toEqual([
      {
        message: 'A part of this answer could not be read.',
        extensions: { code: 'INTERNAL' },
        path: ['post', 'author', 'nick'],
      },
    ]);
  });

  it.each([
    ['a list for an object', { post: [post('1', 'a')] }],
    ['an object for a list', { posts: { 0: post('1', 'a') } }],
    ['a scalar for an object', { post: 'text', posts: 1 }],
    ['entities of odd shapes', { posts: ['x', [post('1', 'a')], { author: 7 }, { author: [{ __typename: 'User' }] }] }],
    [
      'keys of prototypes',
      JSON.parse('{"post":{"__proto__":{"title":"x"},"constructor":1,"author":{"__typename":"__proto__"}}}'),
    ],
  ])('survives %s', async (_, data) => {
    const { errors } = await run('{ post { title author { nick } } posts { title author { nick } } }', {
      posts: { data },
      users: { data: { _entities: [{ nick: 'n' }] } },
    });
    expect(errors.length).toBeLessThan(10);
    expect(({} as { title?: string }).title).toBeUndefined();
  });

  it('begins no call after it is aborted, and says why', async () => {
    const controller = new AbortController();
    const made: string[] = [];
    const answer = await graph.run('{ post { title author { nick } } }', {
      signal: controller.signal,
      call: async (service) => {
        made.push(service);
        controller.abort(new GraphQLError('Out of time.', { extensions: { code: 'TIMEOUT' } }));
        return { data: { post: post('1', 'a') } };
      },
    });
    expect(made).toEqual(['posts']);
    expect(read(answer)).toMatchObject({
      data: { post: { title: 'post 1', author: { nick: null } } },
      errors: [{ path: ['post', 'author', 'nick'], extensions: { code: 'TIMEOUT' } }],
    });
  });

  it('bounds the errors of one answer', async () => {
    const posts = { data: { posts: Array.from({ length: 900 }, (_, i) => post(String(i), String(i))) } };
    const { errors } = await run('{ posts { author { nick } } }', { posts, users: new Error('down') });
    expect(errors).toHaveLength(500);
  });
});
