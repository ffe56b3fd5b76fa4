import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { settle } from '@chorus/kit/testing';
import { expect, test } from 'vitest';
import { startPlain } from './fixture/plain.ts';

test('of what a slow service is asked so much waits, and the rest is told to come again', async () => {
  const held: ServerResponse[] = [];
  let slow = true;
  const service = createServer((_request, response) => {
    if (slow) held.push(response);
    else response.end();
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const { port } = service.address() as { port: number };
  const plain = await startPlain({ PROXY_ROUTES: `/slow/=http://127.0.0.1:${port}` });

  const answers: IncomingMessage[] = [];
  const ask = async () => {
    const [answer] = (await once(get(new URL('/slow/', plain.url), { agent: false }), 'response')) as [IncomingMessage];
    answers.push(answer.resume());
  };
  const asked = Array.from({ length: 800 }, ask);
  // 256 under way and 512 waiting is what there is room for.
  await settle(() => answers.length === 800 - 256 - 512 && held.length === 256);
  for (const answer of answers) expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
  slow = false;
  for (const response of held) response.end();
  await Promise.all(asked);
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(768);

  await plain.stop();
  service.closeAllConnections();
  service.close();
});
