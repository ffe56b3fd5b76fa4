/** The page at / in a real browser, on a stack of real processes of its own. */
import {
  type Chorus,
  createChorus,
  CreateRoomDocument,
  SendMessageDocument,
  SignUpDocument,
  type SignUpMutation,
} from '@chorus/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphiQLPage } from '../../router/test/graphiql-page.ts';
import { type Browser, launchBrowser } from '../src/browser.ts';
import { usePrivateStack } from './private-stack.ts';
import { verified } from './verified.ts';

const system = usePrivateStack();
let browser: Browser;
let token: string;
let ann: Chorus;

beforeAll(async () => {
  browser = await launchBrowser();
  const { graphql } = system.stack.urls;
  const input = { handle: 'ann', name: 'Ann', email: 'ann@example.test', password: 'correct horse battery' };
  const { signUp }: SignUpMutation = await createChorus({ url: graphql }).request(SignUpDocument, { input });
  if (signUp?.__typename !== 'Session') throw new Error('Ann could not sign up');
  token = await verified(system.stack, input.email, signUp.accessToken);
  ann = createChorus({ url: graphql, token });
}, 60_000);
afterAll(() => browser?.close());

test('loads from its own host alone, runs a query, and shows where the time went', async () => {
  const graphiql = await GraphiQLPage.open(browser, system.stack.urls.public);
  await graphiql.run('query WhoAmI { me { handle name } user(handle: "ann") { postCount } }', {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(await graphiql.result()).toEqual({
    data: { me: { handle: 'ann', name: 'Ann' }, user: { postCount: 0 } },
  });
  await graphiql.showPlugin('Trace');
  await graphiql.page.getByText('router.operation').first().waitFor();
  expect(graphiql.foreignRequests).toEqual([]);
  expect(graphiql.problems).toEqual([]);
});

test('shows the deferred part of an answer where it belongs', async () => {
  const graphiql = await GraphiQLPage.open(browser, system.stack.urls.public);
  await graphiql.run('query Later { me { handle ... @defer(label: "posts") { postCount } } }', {
    headers: { Authorization: `Bearer ${token}` },
  });
  interface Result {
    data: { me: { handle: string; postCount?: number } };
  }
  const { data } = await graphiql.result<Result>((shown) => shown.data.me.postCount !== undefined);
  expect(data).toEqual({ me: { handle: 'ann', postCount: 0 } });
  await graphiql.showPlugin('Trace');
  await graphiql.page.getByText('router.operation').first().waitFor();
  expect(graphiql.problems).toEqual([]);
});

test('holds a subscription with the Authorization header, and completes its events from another service', async () => {
  const room = { name: 'Live', idempotencyKey: 'graphiql-room' };
  const { createRoom } = await ann.request(CreateRoomDocument, { input: room });
  const { id: roomId, eventCursor } = createRoom?.room ?? { id: '', eventCursor: '' };
  const graphiql = await GraphiQLPage.open(browser, system.stack.urls.public);
  await graphiql.run(
    `subscription Live($roomId: ID!, $after: String) {
      roomEvents(roomId: $roomId, after: $after) { ... on MessageCreated { message { text author { name } } } }
    }`,
    { variables: { roomId, after: eventCursor }, headers: { Authorization: `Bearer ${token}` } },
  );
  for (const text of ['First', 'Second']) {
    await ann.request(SendMessageDocument, { input: { roomId, text, clientId: `graphiql-${text}` } });
    const event = { data: { roomEvents: { message: { text, author: { name: 'Ann' } } } } };
    await graphiql.result((shown) => JSON.stringify(shown) === JSON.stringify(event));
  }
  await graphiql.stop();
  expect(graphiql.foreignRequests).toEqual([]);
  expect(graphiql.problems).toEqual([]);
});
