import type { Step } from './plan.ts';

/** Steps that are one call, and the calls that have to be answered before. */
export interface Group {
  readonly index: number;
  readonly service: string;
  readonly block: number;
  /** More than one only for `_entities` fetches. */
  readonly steps: readonly Step[];
  readonly after: readonly number[];
}

/**
 * Makes calls of steps: as few as possible without making any later one wait longer.
 *
 * A step's level is the longest chain of steps before it. The `_entities` fetches of one level to one subgraph are one
 * call (a wave). Then, if a whole call of a level is made of steps that nothing waits for, and its subgraph is called
 * on a later level anyway, its steps join that call: one call less, and the answer is no later, because it waits for
 * that later call in any case.
 *
 *     reviews(1) -> users(2), inventory(1), products(1), products(2)   ->   products(1) joins products(2)
 *
 * Steps of different deferred parts, and of different root fields of a mutation, never share a call.
 */
export function schedule(steps: readonly Step[]): Group[] {
  const levels: number[] = [];
  const awaited = new Set<number>();
  for (const step of steps) {
    levels.push(Math.max(0, ...[...step.after].map((index) => (levels[index] ?? 0) + 1)));
    for (const index of step.after) awaited.add(index);
  }
  const waves = new Map<string, { level: number; steps: Step[] }[]>();
  for (const step of steps) {
    const mergeable = step.requires !== undefined;
    const kind = `${step.block} ${step.epoch} ${mergeable ? 'entities' : step.index} ${step.fetch.serviceName}`;
    const levelsOfKind = waves.get(kind) ?? [];
    const level = levels[step.index] ?? 0;
    const wave = levelsOfKind.find((candidate) => candidate.level === level);
    if (wave) wave.steps.push(step);
    else levelsOfKind.push({ level, steps: [step] });
    waves.set(kind, levelsOfKind);
  }
  const calls = [...waves.values()].flatMap((ofKind) => joinLater(ofKind, awaited));
  calls.sort((a, b) => a.level - b.level);
  const callOf = new Map(calls.flatMap(({ steps }, index) => steps.map((step) => [step.index, index] as const)));
  return calls.flatMap(({ steps }, index): Group[] => {
    const [first] = steps;
    if (first === undefined) return [];
    const after = new Set(steps.flatMap((step) => [...step.after].flatMap((before) => callOf.get(before) ?? [])));
    return [{ index, service: first.fetch.serviceName, block: first.block, steps, after: [...after] }];
  });
}

interface Wave {
  readonly level: number;
  readonly steps: Step[];
}

function joinLater(waves: readonly Wave[], awaited: ReadonlySet<number>): Wave[] {
  const ordered = waves.toSorted((a, b) => a.level - b.level);
  return ordered.filter(({ steps }, i) => {
    const later = ordered[i + 1];
    if (later === undefined || steps.some(({ index }) => awaited.has(index))) return true;
    later.steps.unshift(...steps);
    return false;
  });
}
