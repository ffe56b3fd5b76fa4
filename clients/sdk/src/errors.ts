/** One error of a GraphQL answer. `extensions.code` says what kind; the server documents the codes. */
export interface GraphQLErrorLike {
  message: string;
  path?: readonly (string | number)[];
  extensions?: { code?: string; [key: string]: unknown };
}

/** The server answered with errors. `data` is what it could answer all the same, perhaps null. */
export class ChorusError extends Error {
  readonly errors: readonly GraphQLErrorLike[];
  readonly data: unknown;
  /** HTTP status; undefined over a socket. */
  readonly status: number | undefined;

  constructor(errors: readonly GraphQLErrorLike[], options: { data?: unknown; status?: number } = {}) {
    super(errors.map((error) => error.message).join('; ') || 'The server sent an empty answer.');
    this.name = 'ChorusError';
    this.errors = errors;
    this.data = options.data ?? null;
    this.status = options.status;
  }

  /** The code of the first error. */
  get code(): string | undefined {
    return this.errors[0]?.extensions?.code;
  }
}
