import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { startSubgraphServer } from '../../src/server/index.ts';
import { instrumentResolvers } from '../../src/telemetry/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createSubgraphClient, settle, testKeys, viewerOf } from '../../src/testing/index.ts';
import { createViewerTokens, VIEWER_HEADER } from '../../src/viewer.ts';
import { recordSpans } from './fixtures/recorder.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';

test.each([
  ['the short path', {}],
  ['Apollo Server', { extensions: {} }],
])('%s: a request of a recorded trace has a span for each resolver, one of another has none', async (_, more) => {
  using recorder = recordSpans();
  const schema = buildSchema('type Query { me: String }');
  Object.assign(schema.getQueryType()?.getFields()['me'] ?? {}, { resolve: async () => 'Ada' });
  const server = await startSubgraphServer({
    name: 'test',
    host: '127.0.0.1',
    port: 0,
    schema: instrumentResolvers(schema),
    viewerTokens: createViewerTokens(testKeys.viewer),
    logger: createLogger({ service: 'test', level: 'silent' }),
    context: () => ({}),
    ready: async () => undefined,
  });
  try {
    const token = await createSubgraphClient(server.url).token(viewerOf('usr_ada'));
    const ask = async (flags: string) => {
      const traceparent = `00-${traceId}-${parent}-${flags}`;
      const headers = { 'content-type': 'application/json', [VIEWER_HEADER]: token, traceparent };
      const body = JSON.stringify({ query: 'query Me { me }', ...more });
      const response = await fetch(server.url, { method: 'POST', headers, body });
      expect(await response.json()).toEqual({ data: { me: 'Ada' } });
    };
    await ask('00');
    await ask('01');
    const root = await settle(() => recorder.spans().find((span) => span.name === 'POST /graphql'));
    expect(root.parentSpanContext?.spanId).toBe(parent);
    const ours = recorder.spans().filter((span) => ['POST /graphql', 'resolve Query.me'].includes(span.name));
    expect(ours.map((span) => [span.name, span.spanContext().traceId])).toEqual([
      ['resolve Query.me', traceId],
      ['POST /graphql', traceId],
    ]);
  } finally {
    await server.stop();
  }
});
