/** The middle value; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

/** The smallest value that at least `share` (0 to 1) of all do not exceed; 0 of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/**
 * How many times `ours` is `theirs`: the median of what each round says, so that a disturbance of one round moves
 * nothing. Rounds that lack a figure do not count; null without any.
 */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number | null {
  const ratios = ours.flatMap((value, round) => {
    const other = theirs[round];
    return other === undefined || !(other > 0) ? [] : [value / other];
  });
  return median(ratios) ?? null;
}

/** Three significant digits. */
export const rounded = (value: number): number => Number(value.toPrecision(3));
