import { GraphQLScalarType, Kind } from 'graphql';
import { badInput } from './errors.ts';

const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function parse(value: unknown): Date {
  const date = typeof value === 'string' && iso.test(value) ? new Date(value) : null;
  if (date === null || Number.isNaN(date.getTime())) {
    throw badInput('DateTime', 'A DateTime is an ISO 8601 instant with a time zone, such as 2026-01-31T12:00:00.000Z.');
  }
  return date;
}

/** An instant; ISO 8601 on the wire, a Date inside. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? value : parse(value)).toISOString(),
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});
