import { describe, expect, it } from 'vitest';
import { Graph, read } from './graph.ts';

const graph = new Graph({
  chat: {
    sdl: `type Query { q: Int } type Subscription { sent(room: ID!, n: Int = 2): Message }
      type Message { id: ID! text: String! author: User } type User @key(fields: "id") { id: ID! }`,
  },
  users: {
    sdl: 'type User @key(fields: "id") { id: ID! name: String }',
    resolvers: { User: { __resolveReference: (user: object) => user, name: ({ id }: { id: string }) => `user ${id}` } },
  },
});

const query = 'subscription S($room: ID!, $n: Int) { m: sent(room: $room, n: $n) { id: text author { name } } }';
const event = (author: string | null) => ({
  data: { m: { __typename: 'Message', id__as: 'hello', author: author && { __typename: 'User', id: author } } },
});

describe('subscriptions', async () => {
  const operation = await graph.compile(query);

  it('says where to subscribe, and how', async () => {
    const { service, body } = (await operation.subscription({ room: 'r' })) ?? {};
    expect(service).toBe('chat');
    const request = JSON.parse(body ?? '') as { query: string; variables: unknown; operationName: string };
    expect(request).toMatchObject({ variables: { room: 'r' }, operationName: 'S__chat__0' });
    expect(request.query).toMatch(/^subscription S__chat__0\(/);
    expect(await (await graph.compile('{ q }')).subscription({})).toBeUndefined();
  });

  it('fills each event from the other subgraphs', async () => {
    graph.calls.length = 0;
    const answer = await operation.runEvent({ event: event('7'), call: graph.call, variables: { room: 'r' } });
    expect(read(answer)).toEqual({ data: { m: { id: 'hello', author: { name: 'user 7' } } }, errors: [] });
    expect(graph.calls.map(({ service }) => service)).toEqual(['users']);
    const again = await operation.runEvent({
      event: JSON.stringify(event(null)),
      call: graph.call,
      variables: { room: 'r' },
    });
    expect(read(again)).toEqual({ data: { m: { id: 'hello', author: null } }, errors: [] });
    expect(graph.calls).toHaveLength(1);
  });

  it('passes on the errors of an event, in the client’s words', async () => {
    const failed = {
      data: { m: null },
      errors: [{ message: 'gone', path: ['m', 'id__as'], extensions: { code: 'NOT_FOUND' } }],
    };
    expect(read(await operation.runEvent({ event: failed, call: graph.call }))).toEqual({
      data: { m: null },
      errors: [{ message: 'gone', path: ['m', 'id'], extensions: { code: 'NOT_FOUND' } }],
    });
    expect(read(await operation.runEvent({ event: 'no JSON', call: graph.call }))).toMatchObject({
      data: { m: null },
      errors: [{ path: ['m'], extensions: { code: 'INTERNAL' } }],
    });
  });
});
