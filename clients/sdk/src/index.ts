/** The client of Chorus for TypeScript: typed operations, file uploads and subscriptions over one endpoint. */
export {
  type Answer,
  type Chorus,
  type ChorusOptions,
  createChorus,
  type Operation,
  type RequestOptions,
} from './client.ts';
export type { LiveRoom, RoomOptions, RoomState } from './room/room.ts';
export type { RoomConnection, RoomDiagnostics } from './room/feed.ts';
export type { OutgoingMessage, PendingMessage } from './room/outbox.ts';
export {
  fold,
  type RoomEvent,
  type RoomInfo,
  type RoomMember,
  type RoomMessage,
  type RoomSnapshot,
  type RoomView,
  viewOf,
} from './room/view.ts';
export type { SessionTokens } from './session.ts';
export { ChorusError, type GraphQLErrorLike } from './errors.ts';
export * from './__generated__/graphql.ts';
