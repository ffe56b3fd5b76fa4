import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { traceId } from '@chorus/kit/telemetry';
import { trace } from '@opentelemetry/api';
import { type Answer, type AnswerError, printFirst, printPayload } from '../execution/compiled/index.ts';
import type { OperationContext } from '../operation/context.ts';
import { outcomeAttributes } from '../operation/telemetry.ts';
import { TRACE_HEADER } from './answers.ts';
import { PARTS_TYPE } from './media-types.ts';

/** How long a client may leave a part unread before its connection is ended. */
const DRAIN_LIMIT_MS = 30_000;

const BOUNDARY = '\r\n---';
const HEAD = '\r\ncontent-type: application/json; charset=utf-8\r\n\r\n';
const END = '--\r\n';

/**
 * Writes a first answer and its deferred parts, each as soon as it is there, as
 * https://github.com/graphql/graphql-wg/blob/main/rfcs/DeferStream.md says and `deferSpec=20220824` names it. The next
 * part is not taken before the client has read the last; when the client is gone, no more is.
 * @param show what a client may see of errors
 */
export async function writeParts(
  response: ServerResponse,
  first: Pick<Answer, 'data' | 'errors'>,
  subsequent: NonNullable<Answer['subsequent']>,
  show: (errors: readonly AnswerError[]) => readonly AnswerError[],
  context: OperationContext,
): Promise<void> {
  const id = traceId();
  response.writeHead(200, {
    'content-type': PARTS_TYPE,
    'cache-control': 'no-store',
    ...(id !== undefined && { [TRACE_HEADER]: id }),
  });
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const errors = [...first.errors];
  const write = async (text: string): Promise<void> => {
    if (response.write(text) || response.destroyed) return;
    const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(DRAIN_LIMIT_MS)]);
    await once(response, 'drain', { signal }).catch(() => response.destroy());
  };
  try {
    // Clients read a part when they see the boundary behind it, so it goes out together with that.
    await write(BOUNDARY + HEAD + printFirst(first) + BOUNDARY);
    for await (const { incremental, hasNext } of subsequent) {
      const parts = incremental.map((part) => {
        if (part.errors === undefined) return part;
        errors.push(...part.errors);
        return { ...part, errors: show(part.errors) };
      });
      if (response.destroyed) break;
      await write(HEAD + printPayload({ incremental: parts, hasNext }) + BOUNDARY);
      if (response.destroyed) break;
    }
    response.end(END);
  } finally {
    await subsequent.return?.();
    trace.getActiveSpan()?.setAttributes(outcomeAttributes(context, errors));
  }
}
