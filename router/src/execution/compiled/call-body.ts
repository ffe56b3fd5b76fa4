import type { AnswerReader } from './answer-reader.ts';
import type { Variables } from './conditions.ts';
import { MAX_ERRORS, type ResponsePath } from './errors.ts';
import { isData, type Data } from './merge.ts';

/** The JSON text of a body up to its variables: `{"query":"…","operationName":"…","variables":`. */
export function bodyHead(query: string, operationName: string | undefined): string {
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return `{"query":${JSON.stringify(query)}${name},"variables":`;
}

/**
 * Prints variables of a call as the client sent them, `"n":3,"name":"x"`, with `separator` in front if there are any.
 * What the client left out is left out here: its default stands in the query.
 */
export function compileVariables(
  clientVariables: ReadonlyMap<string, string>,
  usages: readonly string[],
): (variables: Variables, separator: string) => string {
  const names = usages
    .filter((name) => name !== 'representations')
    .map((name) => [clientVariables.get(name) ?? name, `${JSON.stringify(name)}:`] as const);
  return (variables, separator) => {
    let text = '';
    for (const [name, label] of names) {
      const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
      if (value !== undefined) text += `${text === '' ? separator : ','}${label}${JSON.stringify(value)}`;
    }
    return text;
  };
}

/** What a subgraph answered; undefined when it is no GraphQL answer. Of endless errors the first are enough. */
export function readAnswer(
  response: unknown,
  reader: AnswerReader | undefined,
  repeated: Set<Data>,
): { data: Data | undefined; errors: readonly unknown[] } | undefined {
  const known = typeof response === 'string' ? reader?.(response, repeated) : undefined;
  if (known !== undefined) return { data: known, errors: [] };
  const value: unknown = typeof response === 'string' ? parseJson(response) : response;
  if (!isData(value)) return undefined;
  const { data, errors } = value;
  if (data !== undefined && data !== null && !isData(data)) return undefined;
  return { data: data ?? undefined, errors: Array.isArray(errors) ? errors.slice(0, MAX_ERRORS) : [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no answer; the caller reports it as malformed.
    return undefined;
  }
}

/** The path of a subgraph's error, in the subgraph's words. */
export function pathOf(error: unknown): ResponsePath | undefined {
  if (!isData(error) || !Array.isArray(error['path'])) return undefined;
  return error['path'].filter((part) => typeof part === 'string' || typeof part === 'number');
}
