import { type Contender, contender } from './contenders.ts';
import type { Stretch } from './field.ts';
import type { Results } from './figures.ts';
import { operationNames } from './operations.ts';

/**
 * What is not as it must be, a line each: every answer whole and the same from everybody, and every call to a subgraph
 * made for the client whose Authorization header it carries.
 */
export function faultsOf(results: Results): string[] {
  const faults: string[] = [];
  for (const operation of operationNames) {
    const expected = results.get('handwritten')?.[operation][0]?.answers[0];
    for (const [name, stretches] of results) {
      const found = new Set(
        stretches[operation].flatMap((stretch) => faultsOfStretch(stretch, contender(name).identities, expected)),
      );
      for (const fault of found) faults.push(`WRONG ${contender(name).label.trim()}, ${operation}: ${fault}`);
    }
  }
  return faults;
}

function faultsOfStretch(
  stretch: Stretch,
  identities: Contender['identities'],
  expected: string | undefined,
): string[] {
  const { requests, failures, failure, answers, census } = stretch;
  const faults: string[] = [];
  if (failures > 0) faults.push(`${failure}`);
  if (answers.length !== 1 || answers[0] !== expected) faults.push('the answer differs from that of the others');
  if (identities !== 'none' && census.anonymous > 0) faults.push('calls without Authorization header');
  if (identities === 'unique' && !servedEachAlike(stretch)) {
    faults.push(
      `calls for one client made with the header of another: ${JSON.stringify(census)} for ${requests} requests`,
    );
  }
  return faults;
}

/** A gateway may send more or fewer calls as it batches them, but whom it asks for one client it asks for all. */
const servedEachAlike = ({ requests, census }: Stretch): boolean =>
  census.identities === requests && census.perIdentity.every(({ fewest, most }) => fewest > 0 === most > 0);
