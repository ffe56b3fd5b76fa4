import { createServer } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, type GraphQLSchema, parse } from 'graphql';
import { headerReader, type Message, MessageReader, response } from '../harness/http1.ts';
import { answerMessages, startWorker } from '../harness/processes.ts';
import { type SubgraphName, subgraphNames, subgraphSdl } from './schema.ts';
import { resolvers } from './world.ts';

/** The calls to subgraphs since the last count. */
export interface Census {
  calls: number;
  /** Calls without Authorization header. */
  anonymous: number;
  /** How many different Authorization headers there were. */
  identities: number;
  /** How many calls came with each of them, by subgraph: at least, and at most. */
  perIdentity: { fewest: number; most: number }[];
}

type Question = { kind: 'start'; keys: unknown } | { kind: 'count' };

/** A process that answers for all four subgraphs, at a path for each, and takes spans in. */
export interface StandIns {
  port: number;
  url: (name: SubgraphName) => string;
  /** Ends the count of the calls so far and begins anew. */
  count(): Promise<Census>;
  stop(): Promise<void>;
}

/** @param keys a JSON Web Key Set to publish at /jwks */
export async function startStandIns(keys: unknown): Promise<StandIns> {
  const worker = startWorker({ args: [import.meta.filename] });
  const { port } = await worker.ask<{ port: number }>({ kind: 'start', keys } satisfies Question);
  return {
    port,
    url: (name) => `http://127.0.0.1:${port}/${name}`,
    count: () => worker.ask<Census>({ kind: 'count' } satisfies Question),
    stop: () => worker.stop(),
  };
}

/** Answers are executed once for each distinct request and then sent as the bytes they were: old ones go first. */
const REMEMBERED = 20_000;

const authorization = headerReader('authorization');
let calls = 0;
let anonymous = 0;
/** Calls to each subgraph. */
let byIdentity = new Map<string, number[]>();

function takeCensus(): Census {
  const counts = [...byIdentity.values()];
  const perIdentity = subgraphNames.map((_, i) => {
    const range = { fewest: counts[0]?.[i] ?? 0, most: 0 };
    for (const { [i]: count = 0 } of counts) {
      range.fewest = Math.min(range.fewest, count);
      range.most = Math.max(range.most, count);
    }
    return range;
  });
  const census = { calls, anonymous, identities: byIdentity.size, perIdentity };
  calls = anonymous = 0;
  byIdentity = new Map();
  return census;
}

function noteCall(subgraph: number, head: string): void {
  calls++;
  const identity = authorization(head);
  if (identity === undefined) {
    anonymous++;
    return;
  }
  let counts = byIdentity.get(identity);
  if (counts === undefined) byIdentity.set(identity, (counts = subgraphNames.map(() => 0)));
  counts[subgraph] = (counts[subgraph] ?? 0) + 1;
}

async function listen(keys: unknown): Promise<{ port: number }> {
  const subgraphs = new Map(
    subgraphNames.map((name, index): [string, { index: number; schema: GraphQLSchema }] => [
      `/${name}`,
      { index, schema: buildSubgraphSchema([{ typeDefs: parse(subgraphSdl[name]), resolvers: resolvers[name] }]) },
    ]),
  );
  const remembered = new Map<string, Buffer>();
  const execute = async (schema: GraphQLSchema, body: string) => {
    const { query, variables, operationName } = JSON.parse(body) as {
      query: string;
      variables?: Record<string, unknown>;
      operationName?: string;
    };
    return graphql({ schema, source: query, variableValues: variables, operationName });
  };

  const answer = ({ head, body }: Message): Buffer | Promise<Buffer> => {
    const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/'));
    const subgraph = subgraphs.get(path);
    if (subgraph === undefined) {
      if (path === '/jwks') return response(200, JSON.stringify(keys));
      return response(path === '/v1/traces' ? 200 : 404, '{}');
    }
    noteCall(subgraph.index, head);
    const text = body.toString();
    const key = path + text;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    return execute(subgraph.schema, text).then((result) => {
      const bytes = response(200, JSON.stringify(result));
      if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value ?? '');
      remembered.set(key, bytes);
      return bytes;
    });
  };

  const server = createServer({ noDelay: true }, (socket) => {
    const reader = new MessageReader((message) => {
      const bytes = answer(message);
      if (Buffer.isBuffer(bytes)) socket.write(bytes);
      else void bytes.then((late) => socket.write(late));
    });
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    // A gateway that goes away in mid-call is seen by the load.
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0 };
}

if (import.meta.main) {
  answerMessages((message) => {
    const question = message as Question;
    return question.kind === 'start' ? listen(question.keys) : takeCensus();
  });
}
