import type { GraphQLFormattedError } from 'graphql';
import type { AnswerError, ResponsePath } from '../../src/execution/compiled/index.ts';
import type { StockAnswer } from './stock.ts';

export interface OurAnswer {
  readonly data: unknown;
  readonly errors: readonly AnswerError[];
}

/** One place or error in which the two answers differ. */
export interface Difference {
  /** `whole`: our answer against that of one schema over the whole graph, which `stock` is then; `deferred`: in parts against at once. */
  readonly kind: 'data' | 'only ours' | 'only stock' | 'completion' | 'whole' | 'deferred';
  readonly path: ResponsePath | undefined;
  readonly ours?: unknown;
  readonly stock?: unknown;
}

/** Everything in which two answers differ: data by place, errors as multisets of message, code and path. */
export function compare(ours: OurAnswer, stock: StockAnswer): Difference[] {
  const differences: Difference[] = [];
  compareData(ours.data, stock.data, [], differences);
  const left = [...stock.errors];
  for (const error of ours.errors) {
    const same = left.findIndex((candidate) => identity(candidate) === identity(error));
    if (same >= 0) left.splice(same, 1);
    else differences.push({ kind: 'only ours', path: error.path, ours: error });
  }
  for (const error of left) differences.push({ kind: 'only stock', path: error.path, stock: error });
  for (const error of stock.completion) differences.push({ kind: 'completion', path: error.path, stock: error });
  return differences;
}

function compareData(ours: unknown, stock: unknown, path: ResponsePath, differences: Difference[]): void {
  if (Object.is(ours, stock)) return;
  if (Array.isArray(ours) && Array.isArray(stock) && ours.length === stock.length) {
    ours.forEach((element, i) => compareData(element, stock[i], [...path, i], differences));
  } else if (isObject(ours) && isObject(stock)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(stock)]);
    for (const key of keys) compareData(ours[key], stock[key], [...path, key], differences);
  } else {
    differences.push({ kind: 'data', path, ours, stock });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The stock executor's own code, for errors that came without one, is our INTERNAL. */
function identity({ message, path, extensions }: GraphQLFormattedError | AnswerError): string {
  const code = extensions?.['code'];
  return JSON.stringify([
    message,
    code === 'DOWNSTREAM_SERVICE_ERROR' ? 'INTERNAL' : (code ?? 'INTERNAL'),
    path ?? null,
  ]);
}
