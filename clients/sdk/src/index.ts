/** The client of Chorus for TypeScript: typed operations, file uploads and subscriptions over one endpoint. */
export {
  type Answer,
  type Chorus,
  type ChorusOptions,
  createChorus,
  type Operation,
  type RequestOptions,
} from './client.ts';
export type { SessionTokens } from './session.ts';
export { ChorusError, type GraphQLErrorLike } from './errors.ts';
export * from './__generated__/graphql.ts';
