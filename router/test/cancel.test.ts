import { type ClientRequest, type IncomingMessage, request as sendRaw } from 'node:http';
import { settle } from '@chorus/kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from 'graphql-ws';
import { type Plain, startPlain } from './fixture/plain.ts';

let plain: Plain;
beforeAll(async () => {
  plain = await startPlain();
});
afterAll(() => plain.stop());

/** The service holds what it is asked; resolves with the request once its first bytes are there. */
function heldRequest(): Promise<IncomingMessage> {
  const held = Promise.withResolvers<IncomingMessage>();
  plain.answers((request) => {
    request.once('data', () => held.resolve(request));
    request.resume();
  });
  return held.promise;
}
const post = (headers: Record<string, string>): ClientRequest => {
  const request = sendRaw(plain.url, { method: 'POST', headers });
  request.on('error', () => undefined); // it is about to be destroyed
  return request;
};

test('a client that leaves takes the calls to subgraphs with it', async () => {
  const held = heldRequest();
  const client = post({ 'content-type': 'application/json' });
  client.end('{"query":"{ greeting }"}');
  const { socket } = await held;
  client.destroy();
  expect(await settle(() => socket.destroyed, { what: 'the end of the call' })).toBe(true);
});

test('and so does a socket that closes', async () => {
  const held = heldRequest();
  const client = createClient({ url: plain.url.replace(/^http/, 'ws'), retryAttempts: 0 });
  const answer = client
    .iterate({ query: '{ greeting }' })
    .next()
    .catch(() => undefined);
  const { socket } = await held;
  client.terminate();
  expect(await settle(() => socket.destroyed, { what: 'the end of the call' })).toBe(true);
  await answer;
});

test('a file whose sender leaves never looks whole to the subgraph', async () => {
  const held = heldRequest();
  const client = post({ 'content-type': 'multipart/form-data; boundary=b', 'apollo-require-preflight': '1' });
  const part = (disposition: string, content: string) =>
    `--b\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n${content}`;
  const query = 'mutation ($file: Upload!) { receive(file: $file) }';
  client.write(part('name="operations"', `${JSON.stringify({ query, variables: { file: null } })}\r\n`));
  client.write(part('name="map"', '{"0":["variables.file"]}\r\n'));
  client.write(part('name="0"; filename="a.png"', 'x'.repeat(100_000)));
  const incoming = await held;
  let received = '';
  incoming.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  incoming.on('error', () => undefined); // it is cut off
  client.destroy();
  await settle(() => incoming.closed, { what: 'the end of the call' });
  expect(incoming.complete).toBe(false);
  // What would close the body.
  expect(received).not.toMatch(/--chorus-[^\r]*--/);
});
