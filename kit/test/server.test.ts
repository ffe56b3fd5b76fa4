import { buildSchema } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSubgraphServer, type SubgraphServer } from '../src/server/index.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { createSubgraphClient, settle, testKeys, viewerOf } from '../src/testing/index.ts';
import { anonymous, createViewerTokens, type Viewer, VIEWER_HEADER } from '../src/viewer.ts';

const ada = viewerOf('usr_ada');
const schema = buildSchema('type Query { me: String, slow: String, broken: String, context: Int }');

let server: SubgraphServer;
let client: ReturnType<typeof createSubgraphClient>;
let databaseAnswers: boolean;
let contexts: number;
let stopped: boolean;
let slow: { asked: boolean; answer: PromiseWithResolvers<string> };

interface Context {
  viewer: Viewer;
  number: number;
}
const fields = schema.getQueryType()?.getFields() ?? {};
Object.assign(fields['me'] ?? {}, { resolve: (_: unknown, __: unknown, { viewer }: Context) => viewer.userId });
Object.assign(fields['context'] ?? {}, { resolve: (_: unknown, __: unknown, { number }: Context) => number });
Object.assign(fields['broken'] ?? {}, { resolve: () => Promise.reject(new Error('the password is secret')) });
Object.assign(fields['slow'] ?? {}, {
  resolve: () => {
    slow.asked = true;
    return slow.answer.promise;
  },
});

beforeEach(async () => {
  databaseAnswers = true;
  contexts = 0;
  stopped = false;
  slow = { asked: false, answer: Promise.withResolvers<string>() };
  server = await startSubgraphServer<Context>({
    name: 'test',
    host: '127.0.0.1',
    port: 0,
    schema,
    viewerTokens: createViewerTokens(testKeys.viewer),
    logger: createLogger({ service: 'test', level: 'silent' }),
    context: (viewer) => ({ viewer, number: ++contexts }),
    ready: async () => {
      if (!databaseAnswers) throw new Error('no answer from 10.0.0.1');
    },
    route(_request, response, url) {
      if (url.pathname !== '/extra') return false;
      response.end('extra');
      return true;
    },
  });
  client = createSubgraphClient(server.url);
});
afterEach(async () => {
  slow.answer.resolve('late');
  if (!stopped) await server.stop();
});

const at = (path: string) => new URL(path, server.url);
const post = async (body: string | FormData, headers: Record<string, string> = {}) => {
  const token = await client.token(ada);
  const response = await fetch(server.url, { method: 'POST', body, headers: { [VIEWER_HEADER]: token, ...headers } });
  return { status: response.status, body: await response.json() };
};

describe('health', () => {
  test('is live, and ready as long as it can serve; the reason stays inside', async () => {
    expect((await fetch(at('/health/live'))).status).toBe(200);
    expect((await fetch(at('/health/ready'))).status).toBe(200);
    databaseAnswers = false;
    const response = await fetch(at('/health/ready'));
    expect([response.status, await response.text()]).toEqual([503, '{"status":"not ready"}']);
    expect((await fetch(at('/health/live'))).status).toBe(200);
  });

  test('and routes of its own stand beside GraphQL; anything else is not there', async () => {
    expect(await (await fetch(at('/extra'))).text()).toBe('extra');
    expect((await fetch(at('/else'))).status).toBe(404);
  });
});

describe('a request', () => {
  test('is answered for the viewer in its token, each with a context of its own', async () => {
    expect(await client.ask(ada, '{ me context }')).toEqual({ data: { me: 'usr_ada', context: 1 } });
    expect(await client.ask(anonymous, '{ me context }')).toEqual({ data: { me: null, context: 2 } });
  });

  test('without a genuine token is refused before anything runs', async () => {
    for (const token of ['', 'nonsense', await createViewerTokens('another-key-another-key-another-key').mint(ada)]) {
      const refused = await post('{"query":"{ me }"}', { 'content-type': 'application/json', [VIEWER_HEADER]: token });
      expect(refused).toMatchObject({ status: 401, body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
    }
    expect(contexts).toBe(0);
  });

  test.each([
    ['that is no JSON', '{"query":', 400],
    ['that is too large', JSON.stringify({ query: `{ me } #${'x'.repeat(1024 * 1024)}` }), 413],
    ['with files, where none are taken', new FormData(), 415],
  ])('%s is the caller’s fault', async (_, body, status) => {
    const headers: Record<string, string> = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
    expect(await post(body, headers)).toMatchObject({
      status,
      body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
  });

  test('that fails tells nothing of the inside', async () => {
    const { errors } = await client.ask(ada, '{ broken }');
    expect(errors).toMatchObject([{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } }]);
    expect(JSON.stringify(errors)).not.toMatch(/secret|stack/);
  });
});

test('stopping answers what is under way, and takes nothing new', async () => {
  const underWay = client.ask(ada, '{ slow }');
  await settle(() => slow.asked);
  stopped = true;
  const stopping = server.stop();
  await settle(() =>
    fetch(at('/health/live'), { headers: { connection: 'close' } }).then(
      () => false,
      () => true,
    ),
  );
  slow.answer.resolve('answered');
  expect(await underWay).toEqual({ data: { slow: 'answered' } });
  await stopping;
});
