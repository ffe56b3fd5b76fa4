import type {
  MessageFieldsFragment,
  MessagesAroundQuery,
  RoomEventsSubscription,
  ViewerReactionsFragment,
  RoomSnapshotQuery,
  UserCardFragment,
} from '../__generated__/graphql.ts';

/** What the server sends about a room. */
export type RoomFrame = NonNullable<RoomEventsSubscription['roomEvents']>;
/** What lasts: an entry of the room's log. */
export type RoomEvent = Exclude<RoomFrame, { __typename: 'RoomReset' | 'RoomEnd' }>;
/** A message as it is now. A deleted one keeps its place, without its text. */
export type RoomMessage = Omit<MessageFieldsFragment, 'reactions'> & {
  reactions: (MessageFieldsFragment['reactions'][number] & ViewerReactionsFragment['reactions'][number])[];
};
export type RoomMember = UserCardFragment;
export type RoomSnapshot = NonNullable<RoomSnapshotQuery['room']>;
/** The room itself. */
export type RoomInfo = Omit<RoomSnapshot, 'members' | 'messages' | 'eventCursor' | 'lastSeq'>;

/** A room as it stands after the event `lastSeq`: a snapshot, and the events since folded into it. */
export interface RoomView {
  room: RoomInfo;
  /** In the order in which they joined; null in a room of more than 100. */
  members: readonly RoomMember[] | null;
  /** The newest ones, the oldest of them first. */
  messages: readonly RoomMessage[];
  /** Whether there are messages before these. */
  hasOlder: boolean;
  lastSeq: number;
  cursor: string;
  /** Whose view it is. */
  viewerId: string | null;
}

/** Members that a view holds. */
export const MAX_MEMBERS = 100;

/** What a fresh query says; equal to what a view has become by events. */
export function viewOf(
  { members, messages, eventCursor, lastSeq, ...room }: RoomSnapshot,
  viewerId: string | null,
): RoomView {
  return {
    room,
    members: members == null || members.pageInfo.hasNextPage ? null : members.edges.flatMap(({ node }) => node ?? []),
    ...pageOf(messages),
    lastSeq,
    cursor: eventCursor,
    viewerId,
  };
}

type Page = RoomSnapshot['messages'] | NonNullable<MessagesAroundQuery['room']>['messagesAround'];

export const pageOf = (page: Page | undefined): Pick<RoomView, 'messages' | 'hasOlder'> => ({
  messages: page?.edges.flatMap(({ node }) => node ?? []) ?? [],
  hasOlder: page?.pageInfo.hasPreviousPage ?? false,
});

/**
 * The view with a page from before its first message.
 * @param late what happened while the page was being loaded, and may not be in it yet
 */
export function withOlder(view: RoomView, page: ReturnType<typeof pageOf>, late: readonly RoomEvent[]): RoomView {
  const first = view.messages[0]?.seq ?? Infinity;
  const older = page.messages.filter(({ seq }) => seq < first);
  const all: RoomView = { ...view, ...page, messages: [...older, ...view.messages] };
  const { messages } = late.reduce((now, event) => apply(now, event, Infinity), all);
  return { ...all, messages };
}

/**
 * The view after one more event. One that it has in it already changes nothing, and a message comes as it is now, so
 * folding what a snapshot or an earlier event said already does no harm.
 * @param keep how many messages to hold: the oldest give way
 */
export function fold(view: RoomView, event: RoomEvent, keep: number): RoomView {
  if (event.seq <= view.lastSeq) return view;
  return apply({ ...view, lastSeq: event.seq, cursor: event.cursor }, event, keep);
}

function apply(next: RoomView, event: RoomEvent, keep: number): RoomView {
  switch (event.__typename) {
    case 'MessageCreated':
    case 'MessageEdited':
    case 'MessageDeleted':
      return withMessage(next, event.message, keep);
    case 'ReactionAdded':
      return withMessage(next, event.message, keep, { ...event, stands: true });
    case 'ReactionRemoved':
      return withMessage(next, event.message, keep, { ...event, stands: false });
    case 'MemberJoined':
      return withMembers(next, 1, (members) => joined(members, event.user));
    case 'MemberLeft':
      return withMembers(next, -1, (members) => members.filter(({ id }) => id !== event.user?.id));
    case 'MemberRoleChanged':
      return event.user?.id === next.viewerId ? { ...next, room: { ...next.room, viewerRole: event.role } } : next;
    case 'RoomUpdated':
      return { ...next, room: { ...next.room, name: event.name } };
  }
  return unheardOf(event);
}

/** A kind without a case above does not compile. */
const unheardOf = (event: never): never => {
  throw new Error(`an event of an unknown kind: ${JSON.stringify(event)}`);
};

/** Somebody's reaction, which now stands or no longer does. */
interface Reaction {
  emoji: string;
  user?: { id: string } | null;
  stands: boolean;
}

/** @param reaction what happened to it; whether the viewer has reacted is told by nothing else */
function withMessage(
  view: RoomView,
  incoming: MessageFieldsFragment | null | undefined,
  keep: number,
  reaction?: Reaction,
): RoomView {
  if (incoming == null) return view;
  const { messages, hasOlder, viewerId } = view;
  const [oldest] = messages;
  // Before what is held: whoever loads it gets it as it is then.
  if (hasOlder && oldest !== undefined && incoming.seq < oldest.seq) return view;
  const place = messages.findLastIndex(({ seq }) => seq <= incoming.seq);
  const before = messages[place]?.seq === incoming.seq ? messages[place] : undefined;
  const own = reaction?.user?.id === viewerId ? reaction : undefined;
  const message = withReactions(incoming, (emoji) =>
    own?.emoji === emoji
      ? own.stands
      : (before?.reactions.find((one) => one.emoji === emoji)?.viewerHasReacted ?? false),
  );
  const changed = messages.toSpliced(before ? place : place + 1, before ? 1 : 0, message);
  if (changed.length <= keep) return { ...view, messages: changed };
  return { ...view, messages: changed.slice(-keep), hasOlder: true };
}

const withReactions = (message: MessageFieldsFragment, viewerHas: (emoji: string) => boolean): RoomMessage => ({
  ...message,
  reactions: message.reactions.map((one) => ({ ...one, viewerHasReacted: viewerHas(one.emoji) })),
});

function withMembers(
  view: RoomView,
  change: number,
  apply: (members: readonly RoomMember[]) => readonly RoomMember[] | null,
): RoomView {
  const room = { ...view.room, memberCount: view.room.memberCount + change };
  return { ...view, room, members: view.members && apply(view.members) };
}

function joined(members: readonly RoomMember[], user: RoomMember | null | undefined): readonly RoomMember[] | null {
  if (user == null || members.some(({ id }) => id === user.id)) return members;
  return members.length < MAX_MEMBERS ? [...members, user] : null;
}
