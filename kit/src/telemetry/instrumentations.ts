import type { Instrumentation } from '@opentelemetry/instrumentation';
import { GraphQLInstrumentation } from '@opentelemetry/instrumentation-graphql';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';

/** Query strings hold signatures and grants. */
const REDACTED = 'redacted';

/** Spans of outgoing HTTP; they also carry the trace on. Incoming requests have withServerSpan. */
export function transportInstrumentations(): Instrumentation[] {
  return [
    new HttpInstrumentation({ disableIncomingRequestInstrumentation: true, requireParentforOutgoingSpans: true }),
    new UndiciInstrumentation({
      requireParentforSpans: true,
      startSpanHook: ({ origin, path }) =>
        path.includes('?') ? { 'url.full': `${origin}${pathOf(path)}?${REDACTED}`, 'url.query': REDACTED } : {},
    }),
  ];
}

/** Spans of what a request does inside: GraphQL's phases, SQL and Redis. Polling loops have no parent and leave none. */
export function databaseInstrumentations(): Instrumentation[] {
  return [
    // Resolvers have their own spans, one a selection (resolver-spans.ts).
    new GraphQLInstrumentation({ ignoreResolveSpans: true, ignoreTrivialResolveSpans: true }),
    new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true, enhancedDatabaseReporting: false }),
    new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: redisStatement }),
  ];
}

/** The command and its first key; values and scripts stay out of traces. */
function redisStatement(command: string, args: readonly unknown[]): string {
  const [key] = args;
  if (!(typeof key === 'string' || Buffer.isBuffer(key)) || /^(auth|hello|acl|config)$/i.test(command)) return command;
  const more = args.length > 1 ? ` [+${args.length - 1}]` : '';
  return `${command} ${key.toString().slice(0, 100)}${more}`;
}

function pathOf(url: string | undefined): string {
  return url?.split('?', 1)[0] ?? '/';
}
