import { MIMEType } from 'node:util';

export const JSON_TYPE = 'application/json';
export const RESPONSE_TYPE = 'application/graphql-response+json';

/** What an answer can be: GraphQL's own type, or plain JSON for clients that do not know it. */
export type ResponseType = typeof JSON_TYPE | typeof RESPONSE_TYPE;

/**
 * Which of our types a client prefers by its Accept header (RFC 9110, 12.5.1); null when it takes neither. Without a
 * header, or where it does not matter to the client, plain JSON.
 */
export function acceptedType(accept: string | undefined): ResponseType | null {
  if (accept === undefined || accept === '*/*' || accept === JSON_TYPE) return JSON_TYPE;
  if (accept === RESPONSE_TYPE) return RESPONSE_TYPE;
  const ranges = accept.split(',').map(readRange);
  const json = preference(ranges, JSON_TYPE);
  const response = preference(ranges, RESPONSE_TYPE);
  if (json.quality === 0 && response.quality === 0) return null;
  if (json.quality !== response.quality) return json.quality > response.quality ? JSON_TYPE : RESPONSE_TYPE;
  return response.position < json.position ? RESPONSE_TYPE : JSON_TYPE;
}

/** Deferred parts in the format that Apollo Client and GraphiQL read. */
export const PARTS_TYPE = 'multipart/mixed; boundary="-"; deferSpec=20220824';

/**
 * Whether a client takes the deferred parts of an answer on their own: `multipart/mixed; deferSpec=20220824` is in its
 * Accept header. Without the name of the format it could mean another.
 */
export function acceptsParts(accept: string | undefined): boolean {
  if (accept?.includes('multipart/mixed') !== true) return false;
  return accept.split(',').some((text) => {
    const { type, quality } = readRange(text);
    return type === 'multipart/mixed' && quality > 0 && DEFER_SPEC.test(text);
  });
}

const DEFER_SPEC = /;\s*deferspec\s*=\s*"?20220824"?\s*(;|$)/i;

/** One entry of an Accept header, or of one like it, lower case. */
export interface Range {
  type: string;
  /** 0 to 1; 0 refuses. */
  quality: number;
}

export function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  let quality = 1;
  for (const parameter of parameters) {
    if (parameter.startsWith('q=')) quality = Number(parameter.slice(2)) || 0;
    else if (parameter.startsWith('charset=') && !UTF_8.test(parameter.slice('charset='.length))) quality = 0;
  }
  return { type, quality };
}

/** How much a type is wanted, and at which place of the header that stands. The most specific range decides. */
function preference(ranges: readonly Range[], type: ResponseType): { quality: number; position: number } {
  for (const name of [type, 'application/*', '*/*']) {
    const position = ranges.findIndex((range) => range.type === name);
    const range = ranges[position];
    if (range !== undefined) return { quality: range.quality, position };
  }
  return { quality: 0, position: ranges.length };
}

const UTF_8 = /^"?utf-?8"?$/i;

/** The media type of a body without its parameters, lower case; '' when it is none, null when its charset is not UTF-8. */
export function bodyType(contentType: string | undefined): string | null {
  if (contentType === undefined || contentType === JSON_TYPE) return contentType ?? '';
  try {
    const { essence, params } = new MIMEType(contentType);
    return UTF_8.test(params.get('charset') ?? 'utf-8') ? essence : null;
  } catch {
    return ''; // no media type at all
  }
}
