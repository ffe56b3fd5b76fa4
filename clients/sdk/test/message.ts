import type { MessageFieldsFragment } from '../src/__generated__/graphql.ts';

/** A message of a scripted server. */
export const messageOf = (seq: number, clientId = `client-${seq}`): MessageFieldsFragment => ({
  id: `msg_${seq}`,
  seq,
  text: `m${seq}`,
  attachmentCount: 0,
  replyToId: null,
  mentions: [],
  clientId,
  createdAt: '2026-01-01T00:00:00.000Z',
  editedAt: null,
  deletedAt: null,
  author: null,
  reactions: [],
});
