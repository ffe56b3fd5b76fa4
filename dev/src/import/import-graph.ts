import type { Bulk } from './bulk.ts';
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
const WINDOW = 20_000;

/** Makes the two people of each edge follow each other. Following twice is following once, so it can be run again. */
export async function importGraph({ file }: Source, context: ImportContext): Promise<void> {
  const { report, signal } = context;
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
    await store(edges, context);
    edges = [];
  }
  await store(edges, context);
}

async function store(edges: readonly Edge[], context: ImportContext): Promise<void> {
  const { bulk, people, progress, report, concurrency } = context;
  await people.ensure(edges.flatMap(({ a, b }) => [a, b]));
  const followed = new Map<string, string[]>();
  for (const { a, b } of edges) {
    for (const [follower, other] of [
      [a.handle, b.handle],
      [b.handle, a.handle],
    ] as const) {
      const others = followed.get(follower);
      if (others) others.push(people.idOf(other));
      else followed.set(follower, [people.idOf(other)]);
    }
  }
  await forEachOf(followed, concurrency, async ([follower, others]) => {
    for (const outcome of await bulk.many(follow, others, people.idOf(follower))) {
      if (outcome.error) throw new Error(`${follower} cannot follow: ${outcome.error.message}`);
    }
    report.counts.follows += others.length;
    progress.add(others.length);
  });
}
