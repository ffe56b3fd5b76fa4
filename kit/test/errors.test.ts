import { buildSchema, graphql, GraphQLError } from 'graphql';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { badInput, fault, maskError, notFound, unauthenticated } from '../src/errors.ts';

function mask(error: unknown) {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const formatted = error instanceof GraphQLError ? error.toJSON() : { message: String(error) };
  return { masked: maskError(formatted, error, logger), logged: lines.join('') };
}

/** The error that reaches the formatter when a resolver throws. */
async function thrown(error: Error): Promise<GraphQLError> {
  const schema = buildSchema('type Query { field: Int }');
  const rootValue = {
    field() {
      throw error;
    },
  };
  const { errors } = await graphql({ schema, source: '{ field }', rootValue });
  return errors?.[0] ?? new GraphQLError('no error');
}

test('coded errors pass as they are', async () => {
  for (const error of [
    badInput('input.text', 'No.'),
    notFound('This post', 'id'),
    unauthenticated(),
    fault('RATE_LIMITED', 'Wait.', { retryAfter: 3 }),
  ]) {
    const { masked, logged } = mask(await thrown(error));
    expect(masked).toMatchObject({ message: error.message, path: ['field'], extensions: error.extensions });
    expect(logged).toBe('');
  }
});

test('anything else is masked and logged', async () => {
  for (const error of [
    new Error('select * from secret'),
    new TypeError('x is undefined'),
    new GraphQLError('secret'),
  ]) {
    const { masked, logged } = mask(await thrown(error));
    expect(masked).toMatchObject({ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } });
    expect(JSON.stringify(masked)).not.toMatch(/secret|undefined|stack/);
    expect(logged).toContain(error.message);
  }
});

test('a foreign error with a code of ours is masked all the same', async () => {
  const foreign = Object.assign(new Error('secret'), { extensions: { code: 'NOT_FOUND' } });
  expect(mask(await thrown(foreign)).masked).toMatchObject({ extensions: { code: 'INTERNAL' } });
});

test('a stack never leaves, whatever carries it', () => {
  const error = new GraphQLError('Bad.', { extensions: { code: 'BAD_USER_INPUT', stacktrace: ['at secret'] } });
  expect(mask(error).masked).toEqual({ message: 'Bad.', extensions: { code: 'BAD_USER_INPUT' } });
});

test('a variable of the wrong type is the caller’s fault', async () => {
  const { errors } = await graphql({
    schema: buildSchema('type Query { field(n: Int!): Int }'),
    source: 'query ($n: Int!) { field(n: $n) }',
    variableValues: { n: 'one' },
  });
  expect(mask(errors?.[0]).masked.extensions).toEqual({ code: 'BAD_USER_INPUT' });
});
