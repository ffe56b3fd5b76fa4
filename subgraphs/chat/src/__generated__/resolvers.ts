import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { RoomRow } from '../room/room.model.ts';
import type { MessageRow, MessageEditRow } from '../message/message.model.ts';
import type { RoomViewerRow } from '../read-state/read-state.model.ts';
import type { ReactionModel } from '../reaction/reaction.model.ts';
import type { InvitationRow } from '../invitation/invitation.model.ts';
import type { BanEdgeModel, MemberEdgeModel } from '../member/member.model.ts';
import type { RoomEventModel } from '../live/live.model.ts';
import type { InboxEventModel } from '../inbox/inbox.stream.ts';
import type { Context } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  DateTime: { input: Date; output: Date; }
  _FieldSet: { input: unknown; output: unknown; }
};

export type AcceptInvitationPayload = {
  __typename?: 'AcceptInvitationPayload';
  room?: Maybe<Room>;
};

export type AcceptMessageRequestPayload = {
  __typename?: 'AcceptMessageRequestPayload';
  room?: Maybe<Room>;
};

export type BanFromRoomPayload = {
  __typename?: 'BanFromRoomPayload';
  room?: Maybe<Room>;
};

export type ChangeRoomRolePayload = {
  __typename?: 'ChangeRoomRolePayload';
  room?: Maybe<Room>;
};

export type CreateRoomInput = {
  /** The attachment token that an upload returned. */
  avatar?: InputMaybe<Scalars['String']['input']>;
  /** For service accounts: when the room was made. */
  createdAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Made by the client, 8 to 64 characters; the same key and input give the same room again, for 24 hours. */
  idempotencyKey: Scalars['String']['input'];
  /** Whether anybody may read and join it. */
  isPublic?: InputMaybe<Scalars['Boolean']['input']>;
  /** People to add or invite, at most 100. */
  memberIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  name: Scalars['String']['input'];
};

export type CreateRoomPayload = {
  __typename?: 'CreateRoomPayload';
  room?: Maybe<Room>;
};

export type DeclineInvitationPayload = {
  __typename?: 'DeclineInvitationPayload';
  /** The id of the room declined. */
  roomId?: Maybe<Scalars['ID']['output']>;
};

export type DeclineMessageRequestPayload = {
  __typename?: 'DeclineMessageRequestPayload';
  /** The id of the room declined. */
  roomId?: Maybe<Scalars['ID']['output']>;
};

export type DeleteMessagePayload = {
  __typename?: 'DeleteMessagePayload';
  /** What is left of it. */
  message?: Maybe<Message>;
};

/** How somebody left a room. */
export type Departure =
  | 'BANNED'
  | 'LEFT'
  | 'REMOVED';

export type EditMessageInput = {
  /** Made by the client, 8 to 64 characters, unique for each edit of this message, and not that of its sending. */
  clientId: Scalars['String']['input'];
  /** Whom it mentions now, at most 20 members of the room; left out: whom it mentioned before. */
  mentionIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  messageId: Scalars['ID']['input'];
  /** As in sendMessage. */
  text: Scalars['String']['input'];
};

export type EditMessagePayload = {
  __typename?: 'EditMessagePayload';
  message?: Maybe<Message>;
};

export type InboxEvent = {
  __typename?: 'InboxEvent';
  event?: Maybe<RoomEvent>;
  /** The room as it is now; null when the viewer may no longer see it. Costs a read for each event: select it for RoomReset alone. */
  room?: Maybe<Room>;
  roomId: Scalars['ID']['output'];
};

export type InboxPosition = {
  /** Of this room. */
  cursor: Scalars['String']['input'];
  roomId: Scalars['ID']['input'];
};

export type InviteToRoomPayload = {
  __typename?: 'InviteToRoomPayload';
  /** Those who were asked, and are members once they accept. */
  invited: Array<Maybe<User>>;
  room?: Maybe<Room>;
};

export type JoinRoomPayload = {
  __typename?: 'JoinRoomPayload';
  room?: Maybe<Room>;
};

export type LeaveRoomPayload = {
  __typename?: 'LeaveRoomPayload';
  /** The id of the room left. */
  roomId?: Maybe<Scalars['ID']['output']>;
};

export type MarkRoomReadPayload = {
  __typename?: 'MarkRoomReadPayload';
  room?: Maybe<Room>;
};

export type Media = {
  __typename?: 'Media';
  ref: Scalars['ID']['output'];
};

export type MemberJoined = {
  __typename?: 'MemberJoined';
  cursor: Scalars['String']['output'];
  invitedBy?: Maybe<User>;
  role: RoomRole;
  /** Its place in the room: one more than that of the event before it. */
  seq: Scalars['Int']['output'];
  user?: Maybe<User>;
};

export type MemberLeft = {
  __typename?: 'MemberLeft';
  cursor: Scalars['String']['output'];
  departure: Departure;
  /** The owner or admin who removed or banned them; null when they lost the right to be there. */
  removedBy?: Maybe<User>;
  /** Its place in the room: one more than that of the event before it. */
  seq: Scalars['Int']['output'];
  user?: Maybe<User>;
};

export type MemberRoleChanged = {
  __typename?: 'MemberRoleChanged';
  /** Null when the room passed to them because its owner left. */
  changedBy?: Maybe<User>;
  cursor: Scalars['String']['output'];
  role: RoomRole;
  /** Its place in the room: one more than that of the event before it. */
  seq: Scalars['Int']['output'];
  user?: Maybe<User>;
};

export type Message = Node & {
  __typename?: 'Message';
  /** How many pictures it has; for whoever is told of the message together with others, and fetches them then. */
  attachmentCount: Scalars['Int']['output'];
  /** At most 10 pictures, in the author's order, as this viewer may fetch them. */
  attachments: Array<Maybe<Media>>;
  author?: Maybe<User>;
  /** What the sender named it. */
  clientId: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  /** When it was deleted; null when it was not. */
  deletedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who deleted it: its author, or an owner or admin of the room. */
  deletedBy?: Maybe<User>;
  /** When it was last edited; null when it never was. */
  editedAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * What it has said, version by version: the original first, what it says now last. Empty when it was never edited, and
   * once it is deleted.
   */
  edits?: Maybe<MessageEditConnection>;
  id: Scalars['ID']['output'];
  /** The members of the room whom it mentions, at most 20. */
  mentions: Array<Maybe<User>>;
  nodeId: Scalars['ID']['output'];
  /** At most 20, the emoji that was there first first. */
  reactions: Array<MessageReaction>;
  /** The message that it answers, of the same room. */
  replyTo?: Maybe<Message>;
  replyToId?: Maybe<Scalars['ID']['output']>;
  room?: Maybe<Room>;
  /** The message's place in its room; grows with every event of the room, so messages are not numbered without gaps. */
  seq: Scalars['Int']['output'];
  /** At most 4,000 characters; empty once it is deleted, and perhaps where something is attached. */
  text: Scalars['String']['output'];
};


export type MessageEditsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

export type MessageConnection = {
  __typename?: 'MessageConnection';
  edges: Array<MessageEdge>;
  pageInfo: PageInfo;
};

/**
 * The message here, as in the other events of a message, is as it is now, also when what happened is told late: put it in the
 * place of the one that you have, and later events will change nothing that it does not say already.
 */
export type MessageCreated = {
  __typename?: 'MessageCreated';
  cursor: Scalars['String']['output'];
  message?: Maybe<Message>;
  /** Its place in the room: one more than that of the event before it. */
  seq: Scalars['Int']['output'];
};

/** The message is a tombstone from now on, to which nothing happens any more. */
export type MessageDeleted = {
  __typename?: 'MessageDeleted';
  cursor: Scalars['String']['output'];
  message?: Maybe<Message>;
  /** Its place in the room: one more than that of the event before it. */
  seq: Scalars['Int']['output'];
};

export type MessageEdge = {
  __typename?: 'MessageEdge';
  cursor: Scalars['String']['output'];
  node?: Maybe<Message>;
};

/** A version of a message's text. */
export type MessageEdit = {
  __typename?: 'MessageEdit';
  text: Scalars['String']['output'];
  /** When it began to say this. */
  writtenAt: Scalars['DateTime']['output'];
};

export type MessageEditConnection = {
  __typename?: 'MessageEditConnection';
  edges: Array<MessageEditEdge>;
  pageInfo: PageInfo;
};

export type MessageEditEdge = {
  __typename?: 'MessageEditEdge';
  cursor: Scalars['String']['output'];
  node?: Maybe<MessageEdit>;
};

export type MessageEdited = {
  __typename?: 'MessageEdited';
  cursor: Scalars['String']['output'];
  message?: Maybe<Message>;
  /** Its place in the room: one more than that of the event before it. */
  seq: Scalars['Int']['output'];
};

/** An emoji with which people reacted to a message. */
export type MessageReaction = {
  __typename?: 'MessageReaction';
  /** How many people did, at least 1. */
  count: Scalars['Int']['output'];
  emoji: Scalars['String']['output'];
  /** Whether the viewer did. */
  viewerHasReacted: Scalars['Boolean']['output'];
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Makes the viewer a member of the room that they were invited to. */
  acceptInvitation?: Maybe<AcceptInvitationPayload>;
  acceptMessageRequest?: Maybe<AcceptMessageRequestPayload>;
  /** Removes somebody, and keeps them out until the ban is lifted. For owner and admins, towards lower roles. Idempotent. */
  banFromRoom?: Maybe<BanFromRoomPayload>;
  /** Makes a member an admin, or an admin a member. For the owner. */
  changeRoomRole?: Maybe<ChangeRoomRolePayload>;
  /** Creates a room with the viewer as its owner. People who follow the viewer are members at once, all others are invited. */
  createRoom?: Maybe<CreateRoomPayload>;
  /** Idempotent. Nobody is told. */
  declineInvitation?: Maybe<DeclineInvitationPayload>;
  /** Whoever asked is not told, and cannot ask again. */
  declineMessageRequest?: Maybe<DeclineMessageRequestPayload>;
  /**
   * Deletes a message: the viewer's own, or anybody's as owner or admin of the room. It keeps its place and its author, and
   * loses its text, its earlier versions and its reactions. Idempotent.
   */
  deleteMessage?: Maybe<DeleteMessagePayload>;
  /** Changes the text of a message that the viewer wrote. The same clientId for the same message is the same edit. */
  editMessage?: Maybe<EditMessagePayload>;
  /**
   * Adds people to a group or public room of which the viewer is a member: at once those who follow the viewer, all others
   * by an invitation. Who is in it already stays. At most 100 in one call.
   */
  inviteToRoom?: Maybe<InviteToRoomPayload>;
  /** Makes the viewer a member of a public room, or of a post's. Idempotent. */
  joinRoom?: Maybe<JoinRoomPayload>;
  /** Leaves a room, but not a direct one. An owner's room passes to who was there longest, admins first. Idempotent. */
  leaveRoom?: Maybe<LeaveRoomPayload>;
  /** The viewer has read a room up to this sequence number. That only grows, and goes no further than the room's last event. */
  markRoomRead?: Maybe<MarkRoomReadPayload>;
  /** Mutes a room for the viewer until a time, or for good. */
  muteRoom?: Maybe<MuteRoomPayload>;
  /**
   * Opens the one direct room of the viewer and somebody else, which is made on first use. Who does not follow the viewer,
   * and has not written to them, gets a request: up to 3 messages until they accept. That takes a verified e-mail address.
   */
  openDirectRoom?: Maybe<OpenDirectRoomPayload>;
  /** Opens the one room about a post, which is made on first use. To write in it, and to hear it live, join it. */
  openPostRoom?: Maybe<OpenPostRoomPayload>;
  /** Reacts to a message with one emoji, of which a message has at most 20 different ones. Idempotent. */
  reactToMessage?: Maybe<ReactToMessagePayload>;
  /** Ends a membership, or takes an invitation back. For owner and admins, towards lower roles. Idempotent. */
  removeFromRoom?: Maybe<RemoveFromRoomPayload>;
  /** Takes the viewer's reaction back. Idempotent. */
  removeReaction?: Maybe<RemoveReactionPayload>;
  /**
   * Sends a message. The same clientId by the same author is the same message. In a direct room it is FORBIDDEN with the
   * reason PEER_UNAVAILABLE while the other person's account is closed, as editing and reacting are.
   */
  sendMessage?: Maybe<SendMessagePayload>;
  /**
   * Tells the other members of a room that the viewer types. Say it again every few seconds; after 8 s without, and with
   * `isTyping: false`, the viewer has ceased. It is stored nowhere.
   */
  setTyping?: Maybe<SetTypingPayload>;
  /** Makes another member the owner; the viewer, who was it, stays as an admin. */
  transferRoom?: Maybe<TransferRoomPayload>;
  /** Lifts a ban. For owner and admins. Idempotent. */
  unbanFromRoom?: Maybe<UnbanFromRoomPayload>;
  /** Idempotent. */
  unmuteRoom?: Maybe<UnmuteRoomPayload>;
  /** Changes the name or the avatar of a group or public room. For its owner and admins. */
  updateRoom?: Maybe<UpdateRoomPayload>;
};


export type MutationAcceptInvitationArgs = {
  roomId: Scalars['ID']['input'];
};


export type MutationAcceptMessageRequestArgs = {
  roomId: Scalars['ID']['input'];
};


export type MutationBanFromRoomArgs = {
  roomId: Scalars['ID']['input'];
  userId: Scalars['ID']['input'];
};


export type MutationChangeRoomRoleArgs = {
  role: RoomRole;
  roomId: Scalars['ID']['input'];
  userId: Scalars['ID']['input'];
};


export type MutationCreateRoomArgs = {
  input: CreateRoomInput;
};


export type MutationDeclineInvitationArgs = {
  roomId: Scalars['ID']['input'];
};


export type MutationDeclineMessageRequestArgs = {
  roomId: Scalars['ID']['input'];
};


export type MutationDeleteMessageArgs = {
  messageId: Scalars['ID']['input'];
};


export type MutationEditMessageArgs = {
  input: EditMessageInput;
};


export type MutationInviteToRoomArgs = {
  roomId: Scalars['ID']['input'];
  userIds: Array<Scalars['ID']['input']>;
};


export type MutationJoinRoomArgs = {
  roomId: Scalars['ID']['input'];
};


export type MutationLeaveRoomArgs = {
  roomId: Scalars['ID']['input'];
};


export type MutationMarkRoomReadArgs = {
  roomId: Scalars['ID']['input'];
  seq: Scalars['Int']['input'];
};


export type MutationMuteRoomArgs = {
  roomId: Scalars['ID']['input'];
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type MutationOpenDirectRoomArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationOpenPostRoomArgs = {
  postId: Scalars['ID']['input'];
};


export type MutationReactToMessageArgs = {
  emoji: Scalars['String']['input'];
  messageId: Scalars['ID']['input'];
};


export type MutationRemoveFromRoomArgs = {
  roomId: Scalars['ID']['input'];
  userId: Scalars['ID']['input'];
};


export type MutationRemoveReactionArgs = {
  emoji: Scalars['String']['input'];
  messageId: Scalars['ID']['input'];
};


export type MutationSendMessageArgs = {
  input: SendMessageInput;
};


export type MutationSetTypingArgs = {
  isTyping?: Scalars['Boolean']['input'];
  roomId: Scalars['ID']['input'];
};


export type MutationTransferRoomArgs = {
  roomId: Scalars['ID']['input'];
  userId: Scalars['ID']['input'];
};


export type MutationUnbanFromRoomArgs = {
  roomId: Scalars['ID']['input'];
  userId: Scalars['ID']['input'];
};


export type MutationUnmuteRoomArgs = {
  roomId: Scalars['ID']['input'];
};


export type MutationUpdateRoomArgs = {
  input: UpdateRoomInput;
};

export type MuteRoomPayload = {
  __typename?: 'MuteRoomPayload';
  room?: Maybe<Room>;
};

export type Node = {
  id: Scalars['ID']['output'];
};

export type OpenDirectRoomPayload = {
  __typename?: 'OpenDirectRoomPayload';
  room?: Maybe<Room>;
};

export type OpenPostRoomPayload = {
  __typename?: 'OpenPostRoomPayload';
  room?: Maybe<Room>;
};

export type PageInfo = {
  __typename?: 'PageInfo';
  endCursor?: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
};

export type Post = {
  __typename?: 'Post';
  /** The room about this post, once somebody opened it, for whoever may see the post. */
  discussion?: Maybe<Room>;
  id: Scalars['ID']['output'];
};

export type PresenceChange = {
  __typename?: 'PresenceChange';
  isOnline: Scalars['Boolean']['output'];
  user?: Maybe<User>;
};

export type PublicRoomOrder =
  /** Latest activity first. */
  | 'ACTIVITY'
  | 'NAME';

export type Query = {
  __typename?: 'Query';
  /** Direct rooms that strangers opened by writing to the viewer, who has not accepted or declined them yet. */
  messageRequests?: Maybe<RoomConnection>;
  /** Rooms that anybody may join. */
  publicRooms?: Maybe<RoomConnection>;
  /** A room that the viewer may see: their own, a public one, that of a post, or a request to them; null otherwise. */
  room?: Maybe<Room>;
  /** Invitations that wait for the viewer's answer, latest first. */
  roomInvitations?: Maybe<RoomInvitationConnection>;
  /** The viewer's rooms, the one with the latest activity first. */
  rooms?: Maybe<RoomConnection>;
  /**
   * Messages with these words, the newest first: in one room that the viewer may see, or in all in which they are a member.
   * Words in "quotes" are a phrase, `or` stands between two of which one is enough, `-` before one that must not be there; at
   * least one word has to be there.
   */
  searchMessages?: Maybe<MessageConnection>;
  /** Unread messages in all of the viewer's rooms but those that are muted, counted up to 1,000. Null when nobody is signed in. */
  unreadMessageCount?: Maybe<Scalars['Int']['output']>;
};


export type QueryMessageRequestsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryPublicRoomsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  order?: InputMaybe<PublicRoomOrder>;
};


export type QueryRoomArgs = {
  id: Scalars['ID']['input'];
};


export type QueryRoomInvitationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryRoomsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QuerySearchMessagesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  query: Scalars['String']['input'];
  roomId?: InputMaybe<Scalars['ID']['input']>;
};

export type ReactToMessagePayload = {
  __typename?: 'ReactToMessagePayload';
  message?: Maybe<Message>;
};

/** The message's `reactions` have the counts as they are now; `user` and `emoji` say whose `viewerHasReacted` became true. */
export type ReactionAdded = {
  __typename?: 'ReactionAdded';
  cursor: Scalars['String']['output'];
  emoji: Scalars['String']['output'];
  message?: Maybe<Message>;
  /** Its place in the room: one more than that of the event before it. */
  seq: Scalars['Int']['output'];
  user?: Maybe<User>;
};

/** The message's `reactions` have the counts as they are now; `user` and `emoji` say whose `viewerHasReacted` became false. */
export type ReactionRemoved = {
  __typename?: 'ReactionRemoved';
  cursor: Scalars['String']['output'];
  emoji: Scalars['String']['output'];
  message?: Maybe<Message>;
  /** Its place in the room: one more than that of the event before it. */
  seq: Scalars['Int']['output'];
  user?: Maybe<User>;
};

export type RemoveFromRoomPayload = {
  __typename?: 'RemoveFromRoomPayload';
  room?: Maybe<Room>;
};

export type RemoveReactionPayload = {
  __typename?: 'RemoveReactionPayload';
  message?: Maybe<Message>;
};

export type Room = Node & {
  __typename?: 'Room';
  avatar?: Maybe<Media>;
  /** Who may not come back, latest first. For its owner and admins; null to all others. */
  bans?: Maybe<RoomBanConnection>;
  createdAt: Scalars['DateTime']['output'];
  createdBy?: Maybe<User>;
  /** Where this answer stands in the room's events: subscribe to `roomEvents` after it to miss nothing. */
  eventCursor: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  kind: RoomKind;
  lastMessage?: Maybe<Message>;
  /** The place of the last event that this answer knows of: the one at `eventCursor`. */
  lastSeq: Scalars['Int']['output'];
  memberCount: Scalars['Int']['output'];
  /** In the order in which they joined. For members; null to all others. */
  members?: Maybe<RoomMemberConnection>;
  /** Oldest first: `last: 50` is the newest page, `before` goes back. */
  messages?: Maybe<MessageConnection>;
  /**
   * A page of at most `count` messages around a place: one half up to it, the other after it. The place is a message of the
   * room, or a sequence number, also one that no message has. Its cursors go on in `messages`, either way. Null when the
   * message is not one of this room.
   */
  messagesAround?: Maybe<MessageConnection>;
  /** 1 to 80 characters; null for a direct room and for that of a post. */
  name?: Maybe<Scalars['String']['output']>;
  nodeId: Scalars['ID']['output'];
  /** The other person of a direct room. */
  peer?: Maybe<User>;
  /** What the room of a post is about. */
  post?: Maybe<Post>;
  /** What a direct room waits for; null once it is accepted, and between people who are no strangers. */
  request?: Maybe<RoomRequest>;
  /** Null when the viewer is not a member. */
  viewer?: Maybe<RoomViewer>;
  /** The viewer's own role; null when they are not a member. */
  viewerRole?: Maybe<RoomRole>;
};


export type RoomBansArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type RoomMembersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type RoomMessagesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type RoomMessagesAroundArgs = {
  count?: InputMaybe<Scalars['Int']['input']>;
  messageId?: InputMaybe<Scalars['ID']['input']>;
  seq?: InputMaybe<Scalars['Int']['input']>;
};

export type RoomBanConnection = {
  __typename?: 'RoomBanConnection';
  edges: Array<RoomBanEdge>;
  pageInfo: PageInfo;
};

export type RoomBanEdge = {
  __typename?: 'RoomBanEdge';
  bannedAt: Scalars['DateTime']['output'];
  bannedBy?: Maybe<User>;
  cursor: Scalars['String']['output'];
  node?: Maybe<User>;
};

export type RoomConnection = {
  __typename?: 'RoomConnection';
  edges: Array<RoomEdge>;
  pageInfo: PageInfo;
};

export type RoomEdge = {
  __typename?: 'RoomEdge';
  cursor: Scalars['String']['output'];
  node?: Maybe<Room>;
};

export type RoomEnd = {
  __typename?: 'RoomEnd';
  reason: RoomEndReason;
};

export type RoomEndReason =
  /** The viewer is not, or no longer, a member, or the room is closed to them. */
  | 'NOT_A_MEMBER';

export type RoomEvent = MemberJoined | MemberLeft | MemberRoleChanged | MessageCreated | MessageDeleted | MessageEdited | ReactionAdded | ReactionRemoved | RoomEnd | RoomReset | RoomUpdated;

/** An invitation to the viewer, with what they may know of the room before they accept. */
export type RoomInvitation = {
  __typename?: 'RoomInvitation';
  avatar?: Maybe<Media>;
  createdAt: Scalars['DateTime']['output'];
  invitedBy?: Maybe<User>;
  memberCount: Scalars['Int']['output'];
  roomId: Scalars['ID']['output'];
  roomName?: Maybe<Scalars['String']['output']>;
};

export type RoomInvitationConnection = {
  __typename?: 'RoomInvitationConnection';
  edges: Array<RoomInvitationEdge>;
  pageInfo: PageInfo;
};

export type RoomInvitationEdge = {
  __typename?: 'RoomInvitationEdge';
  cursor: Scalars['String']['output'];
  node?: Maybe<RoomInvitation>;
};

export type RoomKind =
  /** Of two people, for good. */
  | 'DIRECT'
  /** For whom its members bring. */
  | 'GROUP'
  /** About a post: to read, and to join, for whoever may see it. */
  | 'POST'
  /** For anybody: to read, and to join. */
  | 'PUBLIC';

export type RoomMemberConnection = {
  __typename?: 'RoomMemberConnection';
  edges: Array<RoomMemberEdge>;
  pageInfo: PageInfo;
};

export type RoomMemberEdge = {
  __typename?: 'RoomMemberEdge';
  cursor: Scalars['String']['output'];
  joinedAt: Scalars['DateTime']['output'];
  node?: Maybe<User>;
  role: RoomRole;
};

/** A direct room that a stranger opened. */
export type RoomRequest = {
  __typename?: 'RoomRequest';
  /** When its first message was sent; null before. */
  requestedAt?: Maybe<Scalars['DateTime']['output']>;
  requester?: Maybe<User>;
  state: RoomRequestState;
};

export type RoomRequestState =
  | 'DECLINED'
  /** To whoever asked it is this also when it was declined. */
  | 'PENDING';

export type RoomReset = {
  __typename?: 'RoomReset';
  /** Where to go on from, after fetching the room again. */
  cursor: Scalars['String']['output'];
};

export type RoomRole =
  | 'ADMIN'
  | 'MEMBER'
  | 'OWNER';

/** The room has this name and this avatar from now on. */
export type RoomUpdated = {
  __typename?: 'RoomUpdated';
  /** The id of its picture: when it is not the one that you have, fetch `Room.avatar`. */
  avatarId?: Maybe<Scalars['ID']['output']>;
  cursor: Scalars['String']['output'];
  name?: Maybe<Scalars['String']['output']>;
  /** Its place in the room: one more than that of the event before it. */
  seq: Scalars['Int']['output'];
  updatedBy?: Maybe<User>;
};

/** What stands between the viewer and a room of which they are a member. Nobody else is told. */
export type RoomViewer = {
  __typename?: 'RoomViewer';
  /** The first of them. */
  firstUnread?: Maybe<Message>;
  isMuted: Scalars['Boolean']['output'];
  /** Everything up to this sequence number is read. */
  lastReadSeq: Scalars['Int']['output'];
  /** Null when the room is not muted, or for good. */
  mutedUntil?: Maybe<Scalars['DateTime']['output']>;
  /** Messages of others after it that were not deleted, counted up to 1,000, and among the 3,000 messages that follow it. */
  unreadCount: Scalars['Int']['output'];
};

export type SendMessageInput = {
  /** Attachment tokens that uploads returned, at most 10. */
  attachments?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Made by the client, 8 to 64 characters, unique for each message of its author. */
  clientId: Scalars['String']['input'];
  /** For service accounts: when the message was written. */
  createdAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Members of the room whom it mentions, at most 20. */
  mentionIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** The message that it answers, of the same room. */
  replyToId?: InputMaybe<Scalars['ID']['input']>;
  roomId: Scalars['ID']['input'];
  /** At most 4,000 characters, without the white space around them; at least 1 unless something is attached. */
  text: Scalars['String']['input'];
};

export type SendMessagePayload = {
  __typename?: 'SendMessagePayload';
  message?: Maybe<Message>;
};

export type SetTypingPayload = {
  __typename?: 'SetTypingPayload';
  /** The id of the room. */
  roomId?: Maybe<Scalars['ID']['output']>;
};

export type Subscription = {
  __typename?: 'Subscription';
  /**
   * The events of all of the viewer's rooms on one stream, each room's as `roomEvents` gives them: of the 500 with the latest
   * activity, and of those that the viewer comes into. `after` says how far each room is known, by `Room.eventCursor` or the
   * cursor of its last event. A room that is not in it begins with RoomReset: fetch it, and go on from there; so does
   * one that the viewer comes into later. RoomEnd ends one room, not the stream. Order holds within a room.
   */
  inboxEvents?: Maybe<InboxEvent>;
  /**
   * Which of these people, at most 200, come and go: everybody begins as absent, so those who are there are told at once. A
   * person is there while one of their clients holds `roomEvents` or `inboxEvents`. Seen by whoever shares a room with them, or follows them and is
   * followed by them, never across a block; others are never there.
   */
  presence?: Maybe<PresenceChange>;
  /**
   * Everything that lasts in a room, each once and in order. Starts after the cursor `after` (from `Room.eventCursor` or
   * from an earlier event), or now. RoomReset: the cursor is too old; fetch the room again and go on from the new
   * cursor. RoomEnd: the viewer may no longer read the room; nothing follows.
   */
  roomEvents?: Maybe<RoomEvent>;
  /** Which others begin and cease to type in a room that the viewer is a member of. It ends when the viewer is none any more. */
  typing?: Maybe<TypingChange>;
};


export type SubscriptionInboxEventsArgs = {
  after?: InputMaybe<Array<InboxPosition>>;
};


export type SubscriptionPresenceArgs = {
  userIds: Array<Scalars['ID']['input']>;
};


export type SubscriptionRoomEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  roomId: Scalars['ID']['input'];
};


export type SubscriptionTypingArgs = {
  roomId: Scalars['ID']['input'];
};

export type TransferRoomPayload = {
  __typename?: 'TransferRoomPayload';
  room?: Maybe<Room>;
};

export type TypingChange = {
  __typename?: 'TypingChange';
  isTyping: Scalars['Boolean']['output'];
  user?: Maybe<User>;
};

export type UnbanFromRoomPayload = {
  __typename?: 'UnbanFromRoomPayload';
  room?: Maybe<Room>;
};

export type UnmuteRoomPayload = {
  __typename?: 'UnmuteRoomPayload';
  room?: Maybe<Room>;
};

export type UpdateRoomInput = {
  /** The attachment token that an upload returned; null takes the avatar away. It stays when it is not given. */
  avatar?: InputMaybe<Scalars['String']['input']>;
  /** Stays when it is not given. */
  name?: InputMaybe<Scalars['String']['input']>;
  roomId: Scalars['ID']['input'];
};

export type UpdateRoomPayload = {
  __typename?: 'UpdateRoomPayload';
  room?: Maybe<Room>;
};

export type User = {
  __typename?: 'User';
  id: Scalars['ID']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Message: Message;
  Post: Post;
  Room: Room;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Message:
    ( { __typename: 'Message' }
    & ( GraphQLRecursivePick<FederationTypes['Message'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['Message'], {"nodeId":true}> ) );
  Post:
    ( { __typename: 'Post' }
    & GraphQLRecursivePick<FederationTypes['Post'], {"id":true}> );
  Room:
    ( { __typename: 'Room' }
    & ( GraphQLRecursivePick<FederationTypes['Room'], {"id":true}>
        | GraphQLRecursivePick<FederationTypes['Room'], {"nodeId":true}> ) );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( MessageRow )
    | ( RoomRow )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AcceptInvitationPayload: ResolverTypeWrapper<Omit<AcceptInvitationPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  AcceptMessageRequestPayload: ResolverTypeWrapper<Omit<AcceptMessageRequestPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  BanFromRoomPayload: ResolverTypeWrapper<Omit<BanFromRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  ChangeRoomRolePayload: ResolverTypeWrapper<Omit<ChangeRoomRolePayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  CreateRoomInput: CreateRoomInput;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  CreateRoomPayload: ResolverTypeWrapper<Omit<CreateRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeclineInvitationPayload: ResolverTypeWrapper<DeclineInvitationPayload>;
  DeclineMessageRequestPayload: ResolverTypeWrapper<DeclineMessageRequestPayload>;
  DeleteMessagePayload: ResolverTypeWrapper<Omit<DeleteMessagePayload, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  Departure: Departure;
  EditMessageInput: EditMessageInput;
  EditMessagePayload: ResolverTypeWrapper<Omit<EditMessagePayload, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  InboxEvent: ResolverTypeWrapper<InboxEventModel>;
  InboxPosition: InboxPosition;
  InviteToRoomPayload: ResolverTypeWrapper<Omit<InviteToRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  JoinRoomPayload: ResolverTypeWrapper<Omit<JoinRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  LeaveRoomPayload: ResolverTypeWrapper<LeaveRoomPayload>;
  MarkRoomReadPayload: ResolverTypeWrapper<Omit<MarkRoomReadPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  Media: ResolverTypeWrapper<Media>;
  MemberJoined: ResolverTypeWrapper<MemberJoined>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  MemberLeft: ResolverTypeWrapper<MemberLeft>;
  MemberRoleChanged: ResolverTypeWrapper<MemberRoleChanged>;
  Message: ResolverTypeWrapper<MessageRow>;
  MessageConnection: ResolverTypeWrapper<Omit<MessageConnection, 'edges'> & { edges: Array<ResolversTypes['MessageEdge']> }>;
  MessageCreated: ResolverTypeWrapper<Omit<MessageCreated, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  MessageDeleted: ResolverTypeWrapper<Omit<MessageDeleted, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  MessageEdge: ResolverTypeWrapper<Omit<MessageEdge, 'node'> & { node?: Maybe<ResolversTypes['Message']> }>;
  MessageEdit: ResolverTypeWrapper<MessageEditRow>;
  MessageEditConnection: ResolverTypeWrapper<Omit<MessageEditConnection, 'edges'> & { edges: Array<ResolversTypes['MessageEditEdge']> }>;
  MessageEditEdge: ResolverTypeWrapper<Omit<MessageEditEdge, 'node'> & { node?: Maybe<ResolversTypes['MessageEdit']> }>;
  MessageEdited: ResolverTypeWrapper<Omit<MessageEdited, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  MessageReaction: ResolverTypeWrapper<ReactionModel>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  MuteRoomPayload: ResolverTypeWrapper<Omit<MuteRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  OpenDirectRoomPayload: ResolverTypeWrapper<Omit<OpenDirectRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  OpenPostRoomPayload: ResolverTypeWrapper<Omit<OpenPostRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Post: ResolverTypeWrapper<Omit<Post, 'discussion'> & { discussion?: Maybe<ResolversTypes['Room']> }>;
  PresenceChange: ResolverTypeWrapper<PresenceChange>;
  PublicRoomOrder: PublicRoomOrder;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ReactToMessagePayload: ResolverTypeWrapper<Omit<ReactToMessagePayload, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  ReactionAdded: ResolverTypeWrapper<Omit<ReactionAdded, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  ReactionRemoved: ResolverTypeWrapper<Omit<ReactionRemoved, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  RemoveFromRoomPayload: ResolverTypeWrapper<Omit<RemoveFromRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  RemoveReactionPayload: ResolverTypeWrapper<Omit<RemoveReactionPayload, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  Room: ResolverTypeWrapper<RoomRow>;
  RoomBanConnection: ResolverTypeWrapper<Omit<RoomBanConnection, 'edges'> & { edges: Array<ResolversTypes['RoomBanEdge']> }>;
  RoomBanEdge: ResolverTypeWrapper<BanEdgeModel>;
  RoomConnection: ResolverTypeWrapper<Omit<RoomConnection, 'edges'> & { edges: Array<ResolversTypes['RoomEdge']> }>;
  RoomEdge: ResolverTypeWrapper<Omit<RoomEdge, 'node'> & { node?: Maybe<ResolversTypes['Room']> }>;
  RoomEnd: ResolverTypeWrapper<RoomEnd>;
  RoomEndReason: RoomEndReason;
  RoomEvent: ResolverTypeWrapper<RoomEventModel>;
  RoomInvitation: ResolverTypeWrapper<InvitationRow>;
  RoomInvitationConnection: ResolverTypeWrapper<Omit<RoomInvitationConnection, 'edges'> & { edges: Array<ResolversTypes['RoomInvitationEdge']> }>;
  RoomInvitationEdge: ResolverTypeWrapper<Omit<RoomInvitationEdge, 'node'> & { node?: Maybe<ResolversTypes['RoomInvitation']> }>;
  RoomKind: RoomKind;
  RoomMemberConnection: ResolverTypeWrapper<Omit<RoomMemberConnection, 'edges'> & { edges: Array<ResolversTypes['RoomMemberEdge']> }>;
  RoomMemberEdge: ResolverTypeWrapper<MemberEdgeModel>;
  RoomRequest: ResolverTypeWrapper<RoomRequest>;
  RoomRequestState: RoomRequestState;
  RoomReset: ResolverTypeWrapper<RoomReset>;
  RoomRole: RoomRole;
  RoomUpdated: ResolverTypeWrapper<RoomUpdated>;
  RoomViewer: ResolverTypeWrapper<RoomViewerRow>;
  SendMessageInput: SendMessageInput;
  SendMessagePayload: ResolverTypeWrapper<Omit<SendMessagePayload, 'message'> & { message?: Maybe<ResolversTypes['Message']> }>;
  SetTypingPayload: ResolverTypeWrapper<SetTypingPayload>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TransferRoomPayload: ResolverTypeWrapper<Omit<TransferRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  TypingChange: ResolverTypeWrapper<TypingChange>;
  UnbanFromRoomPayload: ResolverTypeWrapper<Omit<UnbanFromRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  UnmuteRoomPayload: ResolverTypeWrapper<Omit<UnmuteRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  UpdateRoomInput: UpdateRoomInput;
  UpdateRoomPayload: ResolverTypeWrapper<Omit<UpdateRoomPayload, 'room'> & { room?: Maybe<ResolversTypes['Room']> }>;
  User: ResolverTypeWrapper<User>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AcceptInvitationPayload: Omit<AcceptInvitationPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  AcceptMessageRequestPayload: Omit<AcceptMessageRequestPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  BanFromRoomPayload: Omit<BanFromRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  ChangeRoomRolePayload: Omit<ChangeRoomRolePayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  CreateRoomInput: CreateRoomInput;
  Boolean: Scalars['Boolean']['output'];
  ID: Scalars['ID']['output'];
  CreateRoomPayload: Omit<CreateRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  DateTime: Scalars['DateTime']['output'];
  DeclineInvitationPayload: DeclineInvitationPayload;
  DeclineMessageRequestPayload: DeclineMessageRequestPayload;
  DeleteMessagePayload: Omit<DeleteMessagePayload, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  EditMessageInput: EditMessageInput;
  EditMessagePayload: Omit<EditMessagePayload, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  InboxEvent: InboxEventModel;
  InboxPosition: InboxPosition;
  InviteToRoomPayload: Omit<InviteToRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  JoinRoomPayload: Omit<JoinRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  LeaveRoomPayload: LeaveRoomPayload;
  MarkRoomReadPayload: Omit<MarkRoomReadPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  Media: Media;
  MemberJoined: MemberJoined;
  Int: Scalars['Int']['output'];
  MemberLeft: MemberLeft;
  MemberRoleChanged: MemberRoleChanged;
  Message: MessageRow;
  MessageConnection: Omit<MessageConnection, 'edges'> & { edges: Array<ResolversParentTypes['MessageEdge']> };
  MessageCreated: Omit<MessageCreated, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  MessageDeleted: Omit<MessageDeleted, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  MessageEdge: Omit<MessageEdge, 'node'> & { node?: Maybe<ResolversParentTypes['Message']> };
  MessageEdit: MessageEditRow;
  MessageEditConnection: Omit<MessageEditConnection, 'edges'> & { edges: Array<ResolversParentTypes['MessageEditEdge']> };
  MessageEditEdge: Omit<MessageEditEdge, 'node'> & { node?: Maybe<ResolversParentTypes['MessageEdit']> };
  MessageEdited: Omit<MessageEdited, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  MessageReaction: ReactionModel;
  Mutation: Record<PropertyKey, never>;
  MuteRoomPayload: Omit<MuteRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  OpenDirectRoomPayload: Omit<OpenDirectRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  OpenPostRoomPayload: Omit<OpenPostRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  PageInfo: PageInfo;
  Post: Omit<Post, 'discussion'> & { discussion?: Maybe<ResolversParentTypes['Room']> } | FederationReferenceTypes['Post'];
  PresenceChange: PresenceChange;
  Query: Record<PropertyKey, never>;
  ReactToMessagePayload: Omit<ReactToMessagePayload, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  ReactionAdded: Omit<ReactionAdded, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  ReactionRemoved: Omit<ReactionRemoved, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  RemoveFromRoomPayload: Omit<RemoveFromRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  RemoveReactionPayload: Omit<RemoveReactionPayload, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  Room: RoomRow;
  RoomBanConnection: Omit<RoomBanConnection, 'edges'> & { edges: Array<ResolversParentTypes['RoomBanEdge']> };
  RoomBanEdge: BanEdgeModel;
  RoomConnection: Omit<RoomConnection, 'edges'> & { edges: Array<ResolversParentTypes['RoomEdge']> };
  RoomEdge: Omit<RoomEdge, 'node'> & { node?: Maybe<ResolversParentTypes['Room']> };
  RoomEnd: RoomEnd;
  RoomEvent: RoomEventModel;
  RoomInvitation: InvitationRow;
  RoomInvitationConnection: Omit<RoomInvitationConnection, 'edges'> & { edges: Array<ResolversParentTypes['RoomInvitationEdge']> };
  RoomInvitationEdge: Omit<RoomInvitationEdge, 'node'> & { node?: Maybe<ResolversParentTypes['RoomInvitation']> };
  RoomMemberConnection: Omit<RoomMemberConnection, 'edges'> & { edges: Array<ResolversParentTypes['RoomMemberEdge']> };
  RoomMemberEdge: MemberEdgeModel;
  RoomRequest: RoomRequest;
  RoomReset: RoomReset;
  RoomUpdated: RoomUpdated;
  RoomViewer: RoomViewerRow;
  SendMessageInput: SendMessageInput;
  SendMessagePayload: Omit<SendMessagePayload, 'message'> & { message?: Maybe<ResolversParentTypes['Message']> };
  SetTypingPayload: SetTypingPayload;
  Subscription: Record<PropertyKey, never>;
  TransferRoomPayload: Omit<TransferRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  TypingChange: TypingChange;
  UnbanFromRoomPayload: Omit<UnbanFromRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  UnmuteRoomPayload: Omit<UnmuteRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  UpdateRoomInput: UpdateRoomInput;
  UpdateRoomPayload: Omit<UpdateRoomPayload, 'room'> & { room?: Maybe<ResolversParentTypes['Room']> };
  User: User;
  String: Scalars['String']['output'];
};

export type SharedDirectiveArgs = {
  startsAt?: Maybe<Scalars['String']['input']>;
};

export type SharedDirectiveResolver<Result, Parent, ContextType = Context, Args = SharedDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AcceptInvitationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AcceptInvitationPayload'] = ResolversParentTypes['AcceptInvitationPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type AcceptMessageRequestPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['AcceptMessageRequestPayload'] = ResolversParentTypes['AcceptMessageRequestPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type BanFromRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BanFromRoomPayload'] = ResolversParentTypes['BanFromRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type ChangeRoomRolePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangeRoomRolePayload'] = ResolversParentTypes['ChangeRoomRolePayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type CreateRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CreateRoomPayload'] = ResolversParentTypes['CreateRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeclineInvitationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeclineInvitationPayload'] = ResolversParentTypes['DeclineInvitationPayload']> = {
  roomId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type DeclineMessageRequestPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeclineMessageRequestPayload'] = ResolversParentTypes['DeclineMessageRequestPayload']> = {
  roomId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type DeleteMessagePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['DeleteMessagePayload'] = ResolversParentTypes['DeleteMessagePayload']> = {
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
};

export type EditMessagePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EditMessagePayload'] = ResolversParentTypes['EditMessagePayload']> = {
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
};

export type InboxEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InboxEvent'] = ResolversParentTypes['InboxEvent']> = {
  event?: Resolver<Maybe<ResolversTypes['RoomEvent']>, ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
  roomId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type InviteToRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InviteToRoomPayload'] = ResolversParentTypes['InviteToRoomPayload']> = {
  invited?: Resolver<Array<Maybe<ResolversTypes['User']>>, ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type JoinRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['JoinRoomPayload'] = ResolversParentTypes['JoinRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type LeaveRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LeaveRoomPayload'] = ResolversParentTypes['LeaveRoomPayload']> = {
  roomId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type MarkRoomReadPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MarkRoomReadPayload'] = ResolversParentTypes['MarkRoomReadPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type MediaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Media'] = ResolversParentTypes['Media']> = {
  ref?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type MemberJoinedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberJoined'] = ResolversParentTypes['MemberJoined']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  invitedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['RoomRole'], ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MemberLeftResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberLeft'] = ResolversParentTypes['MemberLeft']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  departure?: Resolver<ResolversTypes['Departure'], ParentType, ContextType>;
  removedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MemberRoleChangedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MemberRoleChanged'] = ResolversParentTypes['MemberRoleChanged']> = {
  changedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['RoomRole'], ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MessageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Message'] = ResolversParentTypes['Message'], FederationReferenceType extends FederationReferenceTypes['Message'] = FederationReferenceTypes['Message']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Message']> | FederationReferenceType, FederationReferenceType, ContextType>;
  attachmentCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  attachments?: Resolver<Array<Maybe<ResolversTypes['Media']>>, ParentType, ContextType>;
  author?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  clientId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  deletedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  deletedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  editedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  edits?: Resolver<Maybe<ResolversTypes['MessageEditConnection']>, ParentType, ContextType, Partial<MessageEditsArgs>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  mentions?: Resolver<Array<Maybe<ResolversTypes['User']>>, ParentType, ContextType>;
  nodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  reactions?: Resolver<Array<ResolversTypes['MessageReaction']>, ParentType, ContextType>;
  replyTo?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
  replyToId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MessageConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MessageConnection'] = ResolversParentTypes['MessageConnection']> = {
  edges?: Resolver<Array<ResolversTypes['MessageEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type MessageCreatedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MessageCreated'] = ResolversParentTypes['MessageCreated']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MessageDeletedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MessageDeleted'] = ResolversParentTypes['MessageDeleted']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MessageEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MessageEdge'] = ResolversParentTypes['MessageEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
};

export type MessageEditResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MessageEdit'] = ResolversParentTypes['MessageEdit']> = {
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  writtenAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type MessageEditConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MessageEditConnection'] = ResolversParentTypes['MessageEditConnection']> = {
  edges?: Resolver<Array<ResolversTypes['MessageEditEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type MessageEditEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MessageEditEdge'] = ResolversParentTypes['MessageEditEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['MessageEdit']>, ParentType, ContextType>;
};

export type MessageEditedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MessageEdited'] = ResolversParentTypes['MessageEdited']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MessageReactionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MessageReaction'] = ResolversParentTypes['MessageReaction']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  emoji?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  viewerHasReacted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  acceptInvitation?: Resolver<Maybe<ResolversTypes['AcceptInvitationPayload']>, ParentType, ContextType, RequireFields<MutationAcceptInvitationArgs, 'roomId'>>;
  acceptMessageRequest?: Resolver<Maybe<ResolversTypes['AcceptMessageRequestPayload']>, ParentType, ContextType, RequireFields<MutationAcceptMessageRequestArgs, 'roomId'>>;
  banFromRoom?: Resolver<Maybe<ResolversTypes['BanFromRoomPayload']>, ParentType, ContextType, RequireFields<MutationBanFromRoomArgs, 'roomId' | 'userId'>>;
  changeRoomRole?: Resolver<Maybe<ResolversTypes['ChangeRoomRolePayload']>, ParentType, ContextType, RequireFields<MutationChangeRoomRoleArgs, 'role' | 'roomId' | 'userId'>>;
  createRoom?: Resolver<Maybe<ResolversTypes['CreateRoomPayload']>, ParentType, ContextType, RequireFields<MutationCreateRoomArgs, 'input'>>;
  declineInvitation?: Resolver<Maybe<ResolversTypes['DeclineInvitationPayload']>, ParentType, ContextType, RequireFields<MutationDeclineInvitationArgs, 'roomId'>>;
  declineMessageRequest?: Resolver<Maybe<ResolversTypes['DeclineMessageRequestPayload']>, ParentType, ContextType, RequireFields<MutationDeclineMessageRequestArgs, 'roomId'>>;
  deleteMessage?: Resolver<Maybe<ResolversTypes['DeleteMessagePayload']>, ParentType, ContextType, RequireFields<MutationDeleteMessageArgs, 'messageId'>>;
  editMessage?: Resolver<Maybe<ResolversTypes['EditMessagePayload']>, ParentType, ContextType, RequireFields<MutationEditMessageArgs, 'input'>>;
  inviteToRoom?: Resolver<Maybe<ResolversTypes['InviteToRoomPayload']>, ParentType, ContextType, RequireFields<MutationInviteToRoomArgs, 'roomId' | 'userIds'>>;
  joinRoom?: Resolver<Maybe<ResolversTypes['JoinRoomPayload']>, ParentType, ContextType, RequireFields<MutationJoinRoomArgs, 'roomId'>>;
  leaveRoom?: Resolver<Maybe<ResolversTypes['LeaveRoomPayload']>, ParentType, ContextType, RequireFields<MutationLeaveRoomArgs, 'roomId'>>;
  markRoomRead?: Resolver<Maybe<ResolversTypes['MarkRoomReadPayload']>, ParentType, ContextType, RequireFields<MutationMarkRoomReadArgs, 'roomId' | 'seq'>>;
  muteRoom?: Resolver<Maybe<ResolversTypes['MuteRoomPayload']>, ParentType, ContextType, RequireFields<MutationMuteRoomArgs, 'roomId'>>;
  openDirectRoom?: Resolver<Maybe<ResolversTypes['OpenDirectRoomPayload']>, ParentType, ContextType, RequireFields<MutationOpenDirectRoomArgs, 'userId'>>;
  openPostRoom?: Resolver<Maybe<ResolversTypes['OpenPostRoomPayload']>, ParentType, ContextType, RequireFields<MutationOpenPostRoomArgs, 'postId'>>;
  reactToMessage?: Resolver<Maybe<ResolversTypes['ReactToMessagePayload']>, ParentType, ContextType, RequireFields<MutationReactToMessageArgs, 'emoji' | 'messageId'>>;
  removeFromRoom?: Resolver<Maybe<ResolversTypes['RemoveFromRoomPayload']>, ParentType, ContextType, RequireFields<MutationRemoveFromRoomArgs, 'roomId' | 'userId'>>;
  removeReaction?: Resolver<Maybe<ResolversTypes['RemoveReactionPayload']>, ParentType, ContextType, RequireFields<MutationRemoveReactionArgs, 'emoji' | 'messageId'>>;
  sendMessage?: Resolver<Maybe<ResolversTypes['SendMessagePayload']>, ParentType, ContextType, RequireFields<MutationSendMessageArgs, 'input'>>;
  setTyping?: Resolver<Maybe<ResolversTypes['SetTypingPayload']>, ParentType, ContextType, RequireFields<MutationSetTypingArgs, 'isTyping' | 'roomId'>>;
  transferRoom?: Resolver<Maybe<ResolversTypes['TransferRoomPayload']>, ParentType, ContextType, RequireFields<MutationTransferRoomArgs, 'roomId' | 'userId'>>;
  unbanFromRoom?: Resolver<Maybe<ResolversTypes['UnbanFromRoomPayload']>, ParentType, ContextType, RequireFields<MutationUnbanFromRoomArgs, 'roomId' | 'userId'>>;
  unmuteRoom?: Resolver<Maybe<ResolversTypes['UnmuteRoomPayload']>, ParentType, ContextType, RequireFields<MutationUnmuteRoomArgs, 'roomId'>>;
  updateRoom?: Resolver<Maybe<ResolversTypes['UpdateRoomPayload']>, ParentType, ContextType, RequireFields<MutationUpdateRoomArgs, 'input'>>;
};

export type MuteRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MuteRoomPayload'] = ResolversParentTypes['MuteRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Message' | 'Room', ParentType, ContextType>;
};

export type OpenDirectRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OpenDirectRoomPayload'] = ResolversParentTypes['OpenDirectRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type OpenPostRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OpenPostRoomPayload'] = ResolversParentTypes['OpenPostRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PostResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Post'] = ResolversParentTypes['Post'], FederationReferenceType extends FederationReferenceTypes['Post'] = FederationReferenceTypes['Post']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Post']> | FederationReferenceType, FederationReferenceType, ContextType>;
  discussion?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type PresenceChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PresenceChange'] = ResolversParentTypes['PresenceChange']> = {
  isOnline?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  messageRequests?: Resolver<Maybe<ResolversTypes['RoomConnection']>, ParentType, ContextType, Partial<QueryMessageRequestsArgs>>;
  publicRooms?: Resolver<Maybe<ResolversTypes['RoomConnection']>, ParentType, ContextType, RequireFields<QueryPublicRoomsArgs, 'order'>>;
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType, RequireFields<QueryRoomArgs, 'id'>>;
  roomInvitations?: Resolver<Maybe<ResolversTypes['RoomInvitationConnection']>, ParentType, ContextType, Partial<QueryRoomInvitationsArgs>>;
  rooms?: Resolver<Maybe<ResolversTypes['RoomConnection']>, ParentType, ContextType, Partial<QueryRoomsArgs>>;
  searchMessages?: Resolver<Maybe<ResolversTypes['MessageConnection']>, ParentType, ContextType, RequireFields<QuerySearchMessagesArgs, 'query'>>;
  unreadMessageCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
};

export type ReactToMessagePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReactToMessagePayload'] = ResolversParentTypes['ReactToMessagePayload']> = {
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
};

export type ReactionAddedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReactionAdded'] = ResolversParentTypes['ReactionAdded']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  emoji?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ReactionRemovedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ReactionRemoved'] = ResolversParentTypes['ReactionRemoved']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  emoji?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RemoveFromRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RemoveFromRoomPayload'] = ResolversParentTypes['RemoveFromRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type RemoveReactionPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RemoveReactionPayload'] = ResolversParentTypes['RemoveReactionPayload']> = {
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
};

export type RoomResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Room'] = ResolversParentTypes['Room'], FederationReferenceType extends FederationReferenceTypes['Room'] = FederationReferenceTypes['Room']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Room']> | FederationReferenceType, FederationReferenceType, ContextType>;
  avatar?: Resolver<Maybe<ResolversTypes['Media']>, ParentType, ContextType>;
  bans?: Resolver<Maybe<ResolversTypes['RoomBanConnection']>, ParentType, ContextType, Partial<RoomBansArgs>>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  eventCursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['RoomKind'], ParentType, ContextType>;
  lastMessage?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
  lastSeq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  memberCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  members?: Resolver<Maybe<ResolversTypes['RoomMemberConnection']>, ParentType, ContextType, Partial<RoomMembersArgs>>;
  messages?: Resolver<Maybe<ResolversTypes['MessageConnection']>, ParentType, ContextType, Partial<RoomMessagesArgs>>;
  messagesAround?: Resolver<Maybe<ResolversTypes['MessageConnection']>, ParentType, ContextType, RequireFields<RoomMessagesAroundArgs, 'count'>>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  nodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  peer?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  post?: Resolver<Maybe<ResolversTypes['Post']>, ParentType, ContextType>;
  request?: Resolver<Maybe<ResolversTypes['RoomRequest']>, ParentType, ContextType>;
  viewer?: Resolver<Maybe<ResolversTypes['RoomViewer']>, ParentType, ContextType>;
  viewerRole?: Resolver<Maybe<ResolversTypes['RoomRole']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RoomBanConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomBanConnection'] = ResolversParentTypes['RoomBanConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RoomBanEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RoomBanEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomBanEdge'] = ResolversParentTypes['RoomBanEdge']> = {
  bannedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  bannedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type RoomConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomConnection'] = ResolversParentTypes['RoomConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RoomEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RoomEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomEdge'] = ResolversParentTypes['RoomEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type RoomEndResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomEnd'] = ResolversParentTypes['RoomEnd']> = {
  reason?: Resolver<ResolversTypes['RoomEndReason'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RoomEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomEvent'] = ResolversParentTypes['RoomEvent']> = {
  __resolveType: TypeResolveFn<'MemberJoined' | 'MemberLeft' | 'MemberRoleChanged' | 'MessageCreated' | 'MessageDeleted' | 'MessageEdited' | 'ReactionAdded' | 'ReactionRemoved' | 'RoomEnd' | 'RoomReset' | 'RoomUpdated', ParentType, ContextType>;
};

export type RoomInvitationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomInvitation'] = ResolversParentTypes['RoomInvitation']> = {
  avatar?: Resolver<Maybe<ResolversTypes['Media']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  invitedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  memberCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  roomId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  roomName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RoomInvitationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomInvitationConnection'] = ResolversParentTypes['RoomInvitationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RoomInvitationEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RoomInvitationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomInvitationEdge'] = ResolversParentTypes['RoomInvitationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['RoomInvitation']>, ParentType, ContextType>;
};

export type RoomMemberConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomMemberConnection'] = ResolversParentTypes['RoomMemberConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RoomMemberEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RoomMemberEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomMemberEdge'] = ResolversParentTypes['RoomMemberEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  joinedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['RoomRole'], ParentType, ContextType>;
};

export type RoomRequestResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomRequest'] = ResolversParentTypes['RoomRequest']> = {
  requestedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  requester?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['RoomRequestState'], ParentType, ContextType>;
};

export type RoomResetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomReset'] = ResolversParentTypes['RoomReset']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RoomUpdatedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomUpdated'] = ResolversParentTypes['RoomUpdated']> = {
  avatarId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  seq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  updatedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RoomViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RoomViewer'] = ResolversParentTypes['RoomViewer']> = {
  firstUnread?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
  isMuted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lastReadSeq?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  mutedUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  unreadCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SendMessagePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SendMessagePayload'] = ResolversParentTypes['SendMessagePayload']> = {
  message?: Resolver<Maybe<ResolversTypes['Message']>, ParentType, ContextType>;
};

export type SetTypingPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetTypingPayload'] = ResolversParentTypes['SetTypingPayload']> = {
  roomId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  inboxEvents?: SubscriptionResolver<Maybe<ResolversTypes['InboxEvent']>, "inboxEvents", ParentType, ContextType, Partial<SubscriptionInboxEventsArgs>>;
  presence?: SubscriptionResolver<Maybe<ResolversTypes['PresenceChange']>, "presence", ParentType, ContextType, RequireFields<SubscriptionPresenceArgs, 'userIds'>>;
  roomEvents?: SubscriptionResolver<Maybe<ResolversTypes['RoomEvent']>, "roomEvents", ParentType, ContextType, RequireFields<SubscriptionRoomEventsArgs, 'roomId'>>;
  typing?: SubscriptionResolver<Maybe<ResolversTypes['TypingChange']>, "typing", ParentType, ContextType, RequireFields<SubscriptionTypingArgs, 'roomId'>>;
};

export type TransferRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TransferRoomPayload'] = ResolversParentTypes['TransferRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type TypingChangeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['TypingChange'] = ResolversParentTypes['TypingChange']> = {
  isTyping?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type UnbanFromRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnbanFromRoomPayload'] = ResolversParentTypes['UnbanFromRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type UnmuteRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnmuteRoomPayload'] = ResolversParentTypes['UnmuteRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type UpdateRoomPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateRoomPayload'] = ResolversParentTypes['UpdateRoomPayload']> = {
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  AcceptInvitationPayload?: AcceptInvitationPayloadResolvers<ContextType>;
  AcceptMessageRequestPayload?: AcceptMessageRequestPayloadResolvers<ContextType>;
  BanFromRoomPayload?: BanFromRoomPayloadResolvers<ContextType>;
  ChangeRoomRolePayload?: ChangeRoomRolePayloadResolvers<ContextType>;
  CreateRoomPayload?: CreateRoomPayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeclineInvitationPayload?: DeclineInvitationPayloadResolvers<ContextType>;
  DeclineMessageRequestPayload?: DeclineMessageRequestPayloadResolvers<ContextType>;
  DeleteMessagePayload?: DeleteMessagePayloadResolvers<ContextType>;
  EditMessagePayload?: EditMessagePayloadResolvers<ContextType>;
  InboxEvent?: InboxEventResolvers<ContextType>;
  InviteToRoomPayload?: InviteToRoomPayloadResolvers<ContextType>;
  JoinRoomPayload?: JoinRoomPayloadResolvers<ContextType>;
  LeaveRoomPayload?: LeaveRoomPayloadResolvers<ContextType>;
  MarkRoomReadPayload?: MarkRoomReadPayloadResolvers<ContextType>;
  Media?: MediaResolvers<ContextType>;
  MemberJoined?: MemberJoinedResolvers<ContextType>;
  MemberLeft?: MemberLeftResolvers<ContextType>;
  MemberRoleChanged?: MemberRoleChangedResolvers<ContextType>;
  Message?: MessageResolvers<ContextType>;
  MessageConnection?: MessageConnectionResolvers<ContextType>;
  MessageCreated?: MessageCreatedResolvers<ContextType>;
  MessageDeleted?: MessageDeletedResolvers<ContextType>;
  MessageEdge?: MessageEdgeResolvers<ContextType>;
  MessageEdit?: MessageEditResolvers<ContextType>;
  MessageEditConnection?: MessageEditConnectionResolvers<ContextType>;
  MessageEditEdge?: MessageEditEdgeResolvers<ContextType>;
  MessageEdited?: MessageEditedResolvers<ContextType>;
  MessageReaction?: MessageReactionResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  MuteRoomPayload?: MuteRoomPayloadResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  OpenDirectRoomPayload?: OpenDirectRoomPayloadResolvers<ContextType>;
  OpenPostRoomPayload?: OpenPostRoomPayloadResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Post?: PostResolvers<ContextType>;
  PresenceChange?: PresenceChangeResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  ReactToMessagePayload?: ReactToMessagePayloadResolvers<ContextType>;
  ReactionAdded?: ReactionAddedResolvers<ContextType>;
  ReactionRemoved?: ReactionRemovedResolvers<ContextType>;
  RemoveFromRoomPayload?: RemoveFromRoomPayloadResolvers<ContextType>;
  RemoveReactionPayload?: RemoveReactionPayloadResolvers<ContextType>;
  Room?: RoomResolvers<ContextType>;
  RoomBanConnection?: RoomBanConnectionResolvers<ContextType>;
  RoomBanEdge?: RoomBanEdgeResolvers<ContextType>;
  RoomConnection?: RoomConnectionResolvers<ContextType>;
  RoomEdge?: RoomEdgeResolvers<ContextType>;
  RoomEnd?: RoomEndResolvers<ContextType>;
  RoomEvent?: RoomEventResolvers<ContextType>;
  RoomInvitation?: RoomInvitationResolvers<ContextType>;
  RoomInvitationConnection?: RoomInvitationConnectionResolvers<ContextType>;
  RoomInvitationEdge?: RoomInvitationEdgeResolvers<ContextType>;
  RoomMemberConnection?: RoomMemberConnectionResolvers<ContextType>;
  RoomMemberEdge?: RoomMemberEdgeResolvers<ContextType>;
  RoomRequest?: RoomRequestResolvers<ContextType>;
  RoomReset?: RoomResetResolvers<ContextType>;
  RoomUpdated?: RoomUpdatedResolvers<ContextType>;
  RoomViewer?: RoomViewerResolvers<ContextType>;
  SendMessagePayload?: SendMessagePayloadResolvers<ContextType>;
  SetTypingPayload?: SetTypingPayloadResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  TransferRoomPayload?: TransferRoomPayloadResolvers<ContextType>;
  TypingChange?: TypingChangeResolvers<ContextType>;
  UnbanFromRoomPayload?: UnbanFromRoomPayloadResolvers<ContextType>;
  UnmuteRoomPayload?: UnmuteRoomPayloadResolvers<ContextType>;
  UpdateRoomPayload?: UpdateRoomPayloadResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  shared?: SharedDirectiveResolver<any, any, ContextType>;
};
