import type { Bulk } from './bulk.ts';
import { createFollowed, type Followed } from './followed.ts';
import { type Edge, parseEdge } from './graph.ts';
import { forEachOf } from './limiter.ts';
import { readLines } from './lines.ts';
import { follow } from './mutations.ts';
import type { People } from './people.ts';
import type { Progress } from './progress.ts';
import type { Report } from './report.ts';
import type { Source } from './sources.ts';

export interface ImportContext {
  bulk: Bulk;
  people: People;
  progress: Progress;
  report: Report;
  /** Files, or people, worked on at once. */
  concurrency: number;
  signal: AbortSignal;
}

/** Edges in memory at once: enough that a person's follows share requests. */
const WINDOW = 50_000;

/** Makes the two people of each edge follow each other, where they do not yet. */
export async function importGraph({ file }: Source, context: ImportContext): Promise<void> {
  const { report, signal } = context;
  const followed = createFollowed(context.bulk, context.concurrency);
  let edges: Edge[] = [];
  for await (const { number, text, fault } of readLines(file, signal)) {
    const line = text === null ? { kind: 'malformed' as const, fault: fault ?? '' } : parseEdge(text);
    if (line.kind === 'malformed') report.skip(file, number, line.fault);
    if (line.kind === 'note') report.counts.notes += 1;
    if (line.kind !== 'edge') {
      context.progress.add(2);
      continue;
    }
    edges.push(line);
    if (edges.length < WINDOW) continue;
    await store(edges, followed, context);
    edges = [];
  }
  await store(edges, followed, context);
}

async function store(edges: readonly Edge[], earlier: Followed, context: ImportContext): Promise<void> {
  const { bulk, people, progress, report, concurrency } = context;
  await people.ensure(edges.flatMap(({ a, b }) => [a, b]));
  const groups = new Map<string, string[]>();
  const add = (follower: string, other: string) => {
    const others = groups.get(follower);
    if (others) others.push(other);
    else groups.set(follower, [other]);
  };
  for (const { a, b } of edges) {
    const [one, two] = [people.idOf(a.handle), people.idOf(b.handle)];
    add(one, two);
    add(two, one);
  }
  await earlier.meet([...groups.keys()]);
  await forEachOf(groups, concurrency, async ([follower, others]) => {
    const followed = await earlier.by(follower);
    const missing = others.filter((other) => !followed.has(other));
    for (const { error } of await bulk.many(follow, missing, follower)) {
      if (error) throw new Error(`${follower} cannot follow: ${error.message}`);
    }
    report.counts.follows += others.length;
    progress.add(others.length);
  });
}
