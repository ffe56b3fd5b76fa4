import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Fixture, issuer, startFixture } from './fixture/router.ts';

/** An issuer whose keys come and go. */
let server: Server;
let published: { status: number; body: string };
let fetched: number;
let fixture: Fixture;

beforeEach(async () => {
  fetched = 0;
  server = createServer((_request, response) => {
    fetched++;
    response.writeHead(published.status, { 'content-type': 'application/json' }).end(published.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  fixture = await startFixture({ JWKS_URL: `http://127.0.0.1:${port}/jwks` });
});
afterEach(async () => {
  await fixture.stop();
  server.closeAllConnections();
  server.close();
});

async function createKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' },
    token: (sub = 'ada') =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid, typ: 'at+jwt' })
        .setSubject(sub)
        .setAudience('chorus')
        .setIssuer(issuer)
        .setExpirationTime('10m')
        .sign(privateKey),
  };
}
const publish = (...keys: { jwk: object }[]) => {
  published = { status: 200, body: JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }) };
};
const ask = async (token: string) => {
  const { status, data, errors } = await fixture.ask('{ me { userId } }', { token });
  const me = data?.['me'] as { userId: string } | undefined;
  return [status, errors?.[0]?.extensions['code'] ?? me?.userId];
};

test.each([
  ['an error', 503, '{}'],
  ['no JSON', 200, '<html>'],
  ['no keys', 200, '{"keys":7}'],
])('nobody is signed out because the issuer answers %s, over HTTP or on a socket', async (_what, status, body) => {
  published = { status, body };
  const key = await createKey('k1');
  const token = await key.token();
  expect(await ask(token)).toEqual([503, 'SUBGRAPH_UNAVAILABLE']);
  const { client, closed } = fixture.connect({ authorization: `Bearer ${token}` });
  const asked = client.iterate({ query: '{ me { userId } }' }).next();
  await expect(asked).rejects.toBeDefined();
  expect((await closed).code).toBe(1013);
  publish(key);
  expect(await ask(token)).toEqual([200, 'ada']);
});

test('known keys serve while the issuer is away, tokens never seen before included', async () => {
  const key = await createKey('k1');
  publish(key);
  expect(await ask(await key.token())).toEqual([200, 'ada']);
  published = { status: 503, body: '' };
  expect(await ask(await key.token('bob'))).toEqual([200, 'bob']);
  expect(fetched).toBe(1);
});

test('made-up key ids do not make the router ask for keys again and again', async () => {
  publish(await createKey('k1'));
  const codes = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => ask(await (await createKey(`made-up-${index}`)).token())),
  );
  expect(new Set(codes.map(String))).toEqual(new Set(['401,UNAUTHENTICATED']));
  expect(fetched).toBe(1);
});
