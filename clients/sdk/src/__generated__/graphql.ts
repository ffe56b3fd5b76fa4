/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type AccountState =
  | 'ACTIVE'
  | 'DEACTIVATED'
  | 'DELETED';

export type ChangeEmailInput = {
  email: string;
};

export type ChangePasswordInput = {
  /** 10 to 200 characters. */
  newPassword: string;
};

export type CreateCommentInput = {
  /** For service accounts: when the comment was written. */
  createdAt?: string | null | undefined;
  /** Made by the client, 8 to 64 characters; the same key and input give the same comment again, for 24 hours. */
  idempotencyKey: string;
  /** As for a post. */
  mentionIds?: Array<string> | null | undefined;
  postId: string;
  /** A comment on the same post to answer; its author is told of it. */
  replyToId?: string | null | undefined;
  text: string;
};

export type CreatePostInput = {
  /** Attachment tokens that uploads returned. */
  attachments?: Array<string> | null | undefined;
  /** For service accounts: when the post was written. */
  createdAt?: string | null | undefined;
  /** Made by the client, 8 to 64 characters; the same key and input give the same post again, for 24 hours. */
  idempotencyKey: string;
  /** Ids of people, at most 20; each is told of it who may see the post. */
  mentionIds?: Array<string> | null | undefined;
  text: string;
};

export type CreateRoomInput = {
  /** The attachment token that an upload returned. */
  avatar?: string | null | undefined;
  /** For service accounts: when the room was made. */
  createdAt?: string | null | undefined;
  /** Made by the client, 8 to 64 characters; the same key and input give the same room again, for 24 hours. */
  idempotencyKey: string;
  /** Whether anybody may read and join it. */
  isPublic?: boolean | null | undefined;
  /** People to add or invite, at most 100. */
  memberIds?: Array<string> | null | undefined;
  name: string;
};

/** How somebody left a room. */
export type Departure =
  | 'BANNED'
  | 'LEFT'
  | 'REMOVED';

export type EditMessageInput = {
  /** Made by the client, 8 to 64 characters, unique for each edit of this message, and not that of its sending. */
  clientId: string;
  /** Whom it mentions now, at most 20 members of the room; left out: whom it mentioned before. */
  mentionIds?: Array<string> | null | undefined;
  messageId: string;
  /** As in sendMessage. */
  text: string;
};

export type InboxPosition = {
  /** Of this room. */
  cursor: string;
  roomId: string;
};

export type LogInInput = {
  /** For browsers: the refresh token comes as a cookie that no script can read, and not in the answer. Over HTTP only. */
  cookie?: boolean;
  /** A handle or an e-mail address. */
  identifier: string;
  password: string;
};

export type MediaState =
  | 'PROCESSING'
  | 'READY'
  | 'REJECTED'
  | 'UPLOADED';

export type NotificationType =
  /** Somebody comments on a post of the viewer's. */
  | 'COMMENT'
  /** The account's e-mail address was changed. */
  | 'EMAIL_CHANGED'
  /** Somebody follows the viewer. */
  | 'FOLLOW'
  /** A private account lets the viewer follow it. */
  | 'FOLLOW_ACCEPTED'
  /** Somebody asks to follow the viewer, whose account is private. */
  | 'FOLLOW_REQUEST'
  /** Somebody likes a post of the viewer's. */
  | 'LIKE'
  /** Somebody mentions the viewer in a post or a comment. */
  | 'MENTION'
  /** A stranger's message waits for the viewer to accept it. */
  | 'MESSAGE_REQUEST'
  /** The account was signed in to from a device not seen before. */
  | 'NEW_LOGIN'
  /** The account's password was changed. */
  | 'PASSWORD_CHANGED'
  /** Somebody answers a comment of the viewer's. */
  | 'REPLY'
  /** A used refresh token came again, so somebody else has it; its session was ended. */
  | 'TOKEN_REUSED';

export type OAuthRefusal =
  /** The code was used or is too old, or another client began. Begin again. */
  | 'CODE_INVALID'
  /** The person, or the provider, said no. */
  | 'DENIED'
  /**
   * An account has this e-mail address and cannot be entered by it, because it never verified it or is linked to another
   * identity at this provider. Sign in as before (or reset the password) and link it then.
   */
  | 'EMAIL_TAKEN'
  /** The provider has verified no e-mail address of this person, so no account can be made. Verify it there. */
  | 'EMAIL_UNVERIFIED'
  /** This identity signs in as somebody else. Unlink it there first. */
  | 'IDENTITY_TAKEN'
  /** What the provider sent is not to be trusted, or was used before. Begin again. */
  | 'PROVIDER_ANSWER_INVALID'
  /** The viewer is linked to another identity at this provider. Unlink that first. */
  | 'PROVIDER_LINKED'
  /** The provider took too long. Begin again. */
  | 'PROVIDER_TIMEOUT'
  /** The provider does not answer. Begin again later. */
  | 'PROVIDER_UNAVAILABLE';

export type ProvisionUserInput = {
  createdAt?: string | null | undefined;
  handle: string;
  name: string;
};

export type PublicRoomOrder =
  /** Latest activity first. */
  | 'ACTIVITY'
  | 'NAME';

export type RequestPasswordResetInput = {
  /** Handle or e-mail. */
  identifier: string;
};

export type ResetPasswordInput = {
  /** Six digits. */
  code: string;
  /** Handle or e-mail, either of the account's. */
  identifier: string;
  /** 10 to 200 characters. */
  newPassword: string;
};

export type RoomEndReason =
  /** The viewer is not, or no longer, a member, or the room is closed to them. */
  | 'NOT_A_MEMBER';

export type RoomKind =
  /** Of two people, for good. */
  | 'DIRECT'
  /** For whom its members bring. */
  | 'GROUP'
  /** About a post: to read, and to join, for whoever may see it. */
  | 'POST'
  /** For anybody: to read, and to join. */
  | 'PUBLIC';

export type RoomRequestState =
  | 'DECLINED'
  /** To whoever asked it is this also when it was declined. */
  | 'PENDING';

export type RoomRole =
  | 'ADMIN'
  | 'MEMBER'
  | 'OWNER';

export type SendMessageInput = {
  /** Attachment tokens that uploads returned, at most 10. */
  attachments?: Array<string> | null | undefined;
  /** Made by the client, 8 to 64 characters, unique for each message of its author. */
  clientId: string;
  /** For service accounts: when the message was written. */
  createdAt?: string | null | undefined;
  /** Members of the room whom it mentions, at most 20. */
  mentionIds?: Array<string> | null | undefined;
  /** The message that it answers, of the same room. */
  replyToId?: string | null | undefined;
  roomId: string;
  /** At most 4,000 characters, without the white space around them; at least 1 unless something is attached. */
  text: string;
};

export type SignUpInput = {
  /** For browsers: the refresh token comes as a cookie that no script can read, and not in the answer. Over HTTP only. */
  cookie?: boolean;
  email: string;
  handle: string;
  name: string;
  /** 10 to 200 characters, and not one of those that everybody tries. */
  password: string;
};

export type StepUpInput = {
  method?: StepUpMethod;
  /** The password, or the code that was sent. */
  secret: string;
};

/** How a person proves again who they are. */
export type StepUpMethod =
  /** By a code that is sent to the verified address: for accounts without a password. */
  | 'EMAIL_CODE'
  | 'PASSWORD';

export type UpdateProfileInput = {
  /** The attachment token that an upload of an image returned. */
  avatar?: string | null | undefined;
  /** As for the avatar. */
  banner?: string | null | undefined;
  bio?: string | null | undefined;
  /** Requests that wait when an account is opened go on waiting. */
  isPrivate?: boolean | null | undefined;
  /** The address of a web page, http or https, at most 200 characters. */
  link?: string | null | undefined;
  name?: string | null | undefined;
  /** One line of at most 40 characters. */
  pronouns?: string | null | undefined;
};

export type UpdateRoomInput = {
  /** The attachment token that an upload returned; null takes the avatar away. It stays when it is not given. */
  avatar?: string | null | undefined;
  /** Stays when it is not given. */
  name?: string | null | undefined;
  roomId: string;
};

export type SessionFieldsFragment = { accessToken: string, expiresAt: string, refreshToken: string | null, refreshExpiresAt: string, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null };

export type SignUpMutationVariables = Exact<{
  input: SignUpInput;
}>;


export type SignUpMutation = { signUp:
    | { __typename: 'EmailTaken', message: string }
    | { __typename: 'HandleTaken', handle: string, message: string }
    | { __typename: 'Session', accessToken: string, expiresAt: string, refreshToken: string | null, refreshExpiresAt: string, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }
   | null };

export type LogInMutationVariables = Exact<{
  input: LogInInput;
}>;


export type LogInMutation = { logIn:
    | { __typename: 'InvalidCredentials', message: string }
    | { __typename: 'Session', accessToken: string, expiresAt: string, refreshToken: string | null, refreshExpiresAt: string, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }
   | null };

export type RefreshSessionMutationVariables = Exact<{
  refreshToken?: string | null | undefined;
}>;


export type RefreshSessionMutation = { refreshSession:
    | { __typename: 'Session', accessToken: string, expiresAt: string, refreshToken: string | null, refreshExpiresAt: string, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }
    | { __typename: 'SessionEnded', message: string }
   | null };

export type ExchangeOAuthCodeMutationVariables = Exact<{
  code: string;
  verifier: string;
  cookie?: boolean;
}>;


export type ExchangeOAuthCodeMutation = { exchangeOAuthCode:
    | { __typename: 'OAuthRefused', reason: OAuthRefusal, message: string }
    | { __typename: 'Session', accessToken: string, expiresAt: string, refreshToken: string | null, refreshExpiresAt: string, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }
   | null };

export type LinkedIdentitiesQueryVariables = Exact<{ [key: string]: never; }>;


export type LinkedIdentitiesQuery = { linkedIdentities: Array<{ provider: string, email: string | null, linkedAt: string, lastUsedAt: string }> | null };

export type LinkIdentityMutationVariables = Exact<{
  code: string;
  verifier: string;
}>;


export type LinkIdentityMutation = { linkIdentity:
    | { __typename: 'LinkedIdentitiesPayload', identities: Array<{ provider: string, email: string | null, linkedAt: string, lastUsedAt: string }> }
    | { __typename: 'OAuthRefused', reason: OAuthRefusal, message: string }
   | null };

export type UnlinkIdentityMutationVariables = Exact<{
  provider: string;
}>;


export type UnlinkIdentityMutation = { unlinkIdentity:
    | { __typename: 'LastWayIn', message: string }
    | { __typename: 'LinkedIdentitiesPayload', identities: Array<{ provider: string, email: string | null, linkedAt: string, lastUsedAt: string }> }
   | null };

export type LinkedIdentityFieldsFragment = { provider: string, email: string | null, linkedAt: string, lastUsedAt: string };

export type LogOutMutationVariables = Exact<{
  refreshToken?: string | null | undefined;
}>;


export type LogOutMutation = { logOut: { count: number } | null };

export type SessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionsQuery = { sessions: Array<{ id: string, device: string | null, address: string, createdAt: string, lastUsedAt: string, expiresAt: string, isCurrent: boolean }> | null };

export type RevokeSessionMutationVariables = Exact<{
  id: string;
}>;


export type RevokeSessionMutation = { revokeSession: { count: number } | null };

export type RevokeOtherSessionsMutationVariables = Exact<{ [key: string]: never; }>;


export type RevokeOtherSessionsMutation = { revokeOtherSessions: { count: number } | null };

export type RevokeAllSessionsMutationVariables = Exact<{ [key: string]: never; }>;


export type RevokeAllSessionsMutation = { revokeAllSessions: { count: number } | null };

export type ProvisionUsersMutationVariables = Exact<{
  input: Array<ProvisionUserInput> | ProvisionUserInput;
}>;


export type ProvisionUsersMutation = { provisionUsers: { users: Array<{ id: string, handle: string } | null> | null } | null };

export type AccountQueryVariables = Exact<{ [key: string]: never; }>;


export type AccountQuery = { account: { email: string, emailVerified: boolean, pendingEmail: string | null, hasPassword: boolean, stepUpMethods: Array<StepUpMethod> } | null };

export type AccountFieldsFragment = { email: string, emailVerified: boolean, pendingEmail: string | null, hasPassword: boolean, stepUpMethods: Array<StepUpMethod> };

export type EmailVerifiedFieldsFragment = { accessToken: string, expiresAt: string, account: { email: string, emailVerified: boolean, pendingEmail: string | null, hasPassword: boolean, stepUpMethods: Array<StepUpMethod> } | null };

export type VerifyEmailMutationVariables = Exact<{
  code: string;
}>;


export type VerifyEmailMutation = { verifyEmail:
    | { __typename: 'CodeRefused', message: string }
    | { __typename: 'EmailVerified', accessToken: string, expiresAt: string, account: { email: string, emailVerified: boolean, pendingEmail: string | null, hasPassword: boolean, stepUpMethods: Array<StepUpMethod> } | null }
   | null };

export type ResendVerificationMutationVariables = Exact<{ [key: string]: never; }>;


export type ResendVerificationMutation = { resendVerification: { account: { email: string, emailVerified: boolean, pendingEmail: string | null, hasPassword: boolean, stepUpMethods: Array<StepUpMethod> } | null } | null };

export type RequestPasswordResetMutationVariables = Exact<{
  input: RequestPasswordResetInput;
}>;


export type RequestPasswordResetMutation = { requestPasswordReset: { message: string } | null };

export type ResetPasswordMutationVariables = Exact<{
  input: ResetPasswordInput;
}>;


export type ResetPasswordMutation = { resetPassword:
    | { __typename: 'CodeRefused', message: string }
    | { __typename: 'PasswordReset', count: number }
   | null };

export type StepUpMutationVariables = Exact<{
  input: StepUpInput;
}>;


export type StepUpMutation = { stepUp:
    | { __typename: 'StepUpRefused', message: string }
    | { __typename: 'SteppedUp', expiresAt: string }
   | null };

export type RequestStepUpCodeMutationVariables = Exact<{ [key: string]: never; }>;


export type RequestStepUpCodeMutation = { requestStepUpCode: { expiresAt: string } | null };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword: { count: number } | null };

export type ChangeEmailMutationVariables = Exact<{
  input: ChangeEmailInput;
}>;


export type ChangeEmailMutation = { changeEmail: { account: { email: string, emailVerified: boolean, pendingEmail: string | null, hasPassword: boolean, stepUpMethods: Array<StepUpMethod> } | null } | null };

export type ConfirmEmailChangeMutationVariables = Exact<{
  code: string;
}>;


export type ConfirmEmailChangeMutation = { confirmEmailChange:
    | { __typename: 'CodeRefused', message: string }
    | { __typename: 'EmailTaken', message: string }
    | { __typename: 'EmailVerified', accessToken: string, expiresAt: string, account: { email: string, emailVerified: boolean, pendingEmail: string | null, hasPassword: boolean, stepUpMethods: Array<StepUpMethod> } | null }
   | null };

export type UndoEmailChangeMutationVariables = Exact<{
  token: string;
}>;


export type UndoEmailChangeMutation = { undoEmailChange:
    | { __typename: 'CodeRefused', message: string }
    | { __typename: 'EmailChangeUndone', email: string, ended: number }
    | { __typename: 'EmailTaken', message: string }
   | null };

export type DeactivateAccountMutationVariables = Exact<{ [key: string]: never; }>;


export type DeactivateAccountMutation = { deactivateAccount: { state: AccountState } | null };

export type DeleteAccountMutationVariables = Exact<{ [key: string]: never; }>;


export type DeleteAccountMutation = { deleteAccount: { state: AccountState } | null };

export type MessageFieldsFragment = { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> };

export type RoomFieldsFragment = { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number };

export type RoomViewerFieldsFragment = { lastReadSeq: number, unreadCount: number, isMuted: boolean, mutedUntil: string | null, firstUnread: { id: string, seq: number } | null };

export type RoomFaceFragment = { id: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null, peer: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null };

export type RoomsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RoomsQuery = { rooms: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number, viewer: { lastReadSeq: number, unreadCount: number, isMuted: boolean, mutedUntil: string | null, firstUnread: { id: string, seq: number } | null } | null, lastMessage: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null, peer: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null }> } | null };

export type RoomQueryVariables = Exact<{
  roomId: string;
}>;


export type RoomQuery = { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number, request: { state: RoomRequestState, requestedAt: string | null, requester: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null, lastMessage: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null, peer: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type RoomMembersQueryVariables = Exact<{
  roomId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RoomMembersQuery = { room: { id: string, members: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ role: RoomRole, joinedAt: string, node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null } | null };

export type RoomBansQueryVariables = Exact<{
  roomId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RoomBansQuery = { room: { id: string, bans: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ bannedAt: string, node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, bannedBy: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null } | null };

export type MessageRequestsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MessageRequestsQuery = { messageRequests: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number, request: { requestedAt: string | null } | null, lastMessage: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null, peer: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null }> } | null };

export type RoomInvitationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RoomInvitationsQuery = { roomInvitations: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { roomId: string, roomName: string | null, memberCount: number, createdAt: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null, invitedBy: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null }> } | null };

export type PublicRoomsQueryVariables = Exact<{
  order?: PublicRoomOrder | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type PublicRoomsQuery = { publicRooms: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number, avatar: { id: string, url: string | null, thumbHash: string | null } | null, peer: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null }> } | null };

export type PostDiscussionQueryVariables = Exact<{
  postId: string;
}>;


export type PostDiscussionQuery = { post: { id: string, discussion: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type RoomHistoryQueryVariables = Exact<{
  roomId: string;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type RoomHistoryQuery = { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number, messages: { pageInfo: { hasPreviousPage: boolean, startCursor: string | null }, edges: Array<{ node: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number, viewerHasReacted: boolean }> } | null }> } | null } | null };

export type ViewerReactionsFragment = { reactions: Array<{ emoji: string, viewerHasReacted: boolean }> };

export type MessagesAroundQueryVariables = Exact<{
  roomId: string;
  messageId?: string | null | undefined;
  seq?: number | null | undefined;
  count?: number | null | undefined;
}>;


export type MessagesAroundQuery = { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number, messagesAround: { pageInfo: { hasPreviousPage: boolean, hasNextPage: boolean, startCursor: string | null, endCursor: string | null }, edges: Array<{ node: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number, viewerHasReacted: boolean }> } | null }> } | null } | null };

export type RoomSnapshotQueryVariables = Exact<{
  roomId: string;
  last: number;
}>;


export type RoomSnapshotQuery = { me: { id: string } | null, room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number, members: { pageInfo: { hasNextPage: boolean }, edges: Array<{ node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null, messages: { pageInfo: { hasPreviousPage: boolean }, edges: Array<{ node: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number, viewerHasReacted: boolean }> } | null }> } | null } | null };

export type SearchMessagesQueryVariables = Exact<{
  query: string;
  roomId?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SearchMessagesQuery = { searchMessages: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, room: { id: string, name: string | null } | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null }> } | null };

export type UnreadMessagesQueryVariables = Exact<{ [key: string]: never; }>;


export type UnreadMessagesQuery = { unreadMessageCount: number | null };

export type MarkRoomReadMutationVariables = Exact<{
  roomId: string;
  seq: number;
}>;


export type MarkRoomReadMutation = { markRoomRead: { room: { id: string, viewer: { lastReadSeq: number, unreadCount: number, isMuted: boolean, mutedUntil: string | null, firstUnread: { id: string, seq: number } | null } | null } | null } | null };

export type MuteRoomMutationVariables = Exact<{
  roomId: string;
  until?: string | null | undefined;
}>;


export type MuteRoomMutation = { muteRoom: { room: { id: string, viewer: { lastReadSeq: number, unreadCount: number, isMuted: boolean, mutedUntil: string | null, firstUnread: { id: string, seq: number } | null } | null } | null } | null };

export type UnmuteRoomMutationVariables = Exact<{
  roomId: string;
}>;


export type UnmuteRoomMutation = { unmuteRoom: { room: { id: string, viewer: { lastReadSeq: number, unreadCount: number, isMuted: boolean, mutedUntil: string | null, firstUnread: { id: string, seq: number } | null } | null } | null } | null };

export type CreateRoomMutationVariables = Exact<{
  input: CreateRoomInput;
}>;


export type CreateRoomMutation = { createRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type InviteToRoomMutationVariables = Exact<{
  roomId: string;
  userIds: Array<string> | string;
}>;


export type InviteToRoomMutation = { inviteToRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null, invited: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null> } | null };

export type OpenDirectRoomMutationVariables = Exact<{
  userId: string;
}>;


export type OpenDirectRoomMutation = { openDirectRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type OpenPostRoomMutationVariables = Exact<{
  postId: string;
}>;


export type OpenPostRoomMutation = { openPostRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type JoinRoomMutationVariables = Exact<{
  roomId: string;
}>;


export type JoinRoomMutation = { joinRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type AcceptMessageRequestMutationVariables = Exact<{
  roomId: string;
}>;


export type AcceptMessageRequestMutation = { acceptMessageRequest: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type AcceptInvitationMutationVariables = Exact<{
  roomId: string;
}>;


export type AcceptInvitationMutation = { acceptInvitation: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type UpdateRoomMutationVariables = Exact<{
  input: UpdateRoomInput;
}>;


export type UpdateRoomMutation = { updateRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type RemoveFromRoomMutationVariables = Exact<{
  roomId: string;
  userId: string;
}>;


export type RemoveFromRoomMutation = { removeFromRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type BanFromRoomMutationVariables = Exact<{
  roomId: string;
  userId: string;
}>;


export type BanFromRoomMutation = { banFromRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type UnbanFromRoomMutationVariables = Exact<{
  roomId: string;
  userId: string;
}>;


export type UnbanFromRoomMutation = { unbanFromRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type ChangeRoomRoleMutationVariables = Exact<{
  roomId: string;
  userId: string;
  role: RoomRole;
}>;


export type ChangeRoomRoleMutation = { changeRoomRole: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type TransferRoomMutationVariables = Exact<{
  roomId: string;
  userId: string;
}>;


export type TransferRoomMutation = { transferRoom: { room: { id: string, kind: RoomKind, name: string | null, viewerRole: RoomRole | null, createdAt: string, memberCount: number, eventCursor: string, lastSeq: number } | null } | null };

export type DeclineMessageRequestMutationVariables = Exact<{
  roomId: string;
}>;


export type DeclineMessageRequestMutation = { declineMessageRequest: { roomId: string | null } | null };

export type DeclineInvitationMutationVariables = Exact<{
  roomId: string;
}>;


export type DeclineInvitationMutation = { declineInvitation: { roomId: string | null } | null };

export type LeaveRoomMutationVariables = Exact<{
  roomId: string;
}>;


export type LeaveRoomMutation = { leaveRoom: { roomId: string | null } | null };

export type SendMessageMutationVariables = Exact<{
  input: SendMessageInput;
}>;


export type SendMessageMutation = { sendMessage: { message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null } | null };

export type EditMessageMutationVariables = Exact<{
  input: EditMessageInput;
}>;


export type EditMessageMutation = { editMessage: { message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null } | null };

export type DeleteMessageMutationVariables = Exact<{
  messageId: string;
}>;


export type DeleteMessageMutation = { deleteMessage: { message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null } | null };

export type ReactToMessageMutationVariables = Exact<{
  messageId: string;
  emoji: string;
}>;


export type ReactToMessageMutation = { reactToMessage: { message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number, viewerHasReacted: boolean }> } | null } | null };

export type RemoveReactionMutationVariables = Exact<{
  messageId: string;
  emoji: string;
}>;


export type RemoveReactionMutation = { removeReaction: { message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number, viewerHasReacted: boolean }> } | null } | null };

export type RoomEventsSubscriptionVariables = Exact<{
  roomId: string;
  after?: string | null | undefined;
}>;


export type RoomEventsSubscription = { roomEvents:
    | { __typename: 'MemberJoined', cursor: string, seq: number, role: RoomRole, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, invitedBy: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }
    | { __typename: 'MemberLeft', cursor: string, seq: number, departure: Departure, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, removedBy: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }
    | { __typename: 'MemberRoleChanged', cursor: string, seq: number, role: RoomRole, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, changedBy: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }
    | { __typename: 'MessageCreated', cursor: string, seq: number, message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null }
    | { __typename: 'MessageDeleted', cursor: string, seq: number, message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null }
    | { __typename: 'MessageEdited', cursor: string, seq: number, message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null }
    | { __typename: 'ReactionAdded', cursor: string, seq: number, emoji: string, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null }
    | { __typename: 'ReactionRemoved', cursor: string, seq: number, emoji: string, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, message: { id: string, seq: number, text: string, attachmentCount: number, replyToId: string | null, clientId: string, createdAt: string, editedAt: string | null, deletedAt: string | null, mentions: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null>, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, reactions: Array<{ emoji: string, count: number }> } | null }
    | { __typename: 'RoomEnd', reason: RoomEndReason }
    | { __typename: 'RoomReset', cursor: string }
    | { __typename: 'RoomUpdated', cursor: string, seq: number, name: string | null, avatarId: string | null, updatedBy: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }
   | null };

export type SetTypingMutationVariables = Exact<{
  roomId: string;
  isTyping?: boolean;
}>;


export type SetTypingMutation = { setTyping: { roomId: string | null } | null };

export type TypingSubscriptionVariables = Exact<{
  roomId: string;
}>;


export type TypingSubscription = { typing: { isTyping: boolean, user: { id: string, name: string } | null } | null };

export type PresenceSubscriptionVariables = Exact<{
  userIds: Array<string> | string;
}>;


export type PresenceSubscription = { presence: { isOnline: boolean, user: { id: string } | null } | null };

export type InboxEventsSubscriptionVariables = Exact<{
  after?: Array<InboxPosition> | InboxPosition | null | undefined;
}>;


export type InboxEventsSubscription = { inboxEvents: { event:
      | { __typename: 'MemberJoined' }
      | { __typename: 'MemberLeft' }
      | { __typename: 'MemberRoleChanged' }
      | { __typename: 'MessageCreated', cursor: string, message: { id: string, seq: number, text: string, author: { id: string, name: string } | null, room: { id: string } | null } | null }
      | { __typename: 'MessageDeleted' }
      | { __typename: 'MessageEdited' }
      | { __typename: 'ReactionAdded' }
      | { __typename: 'ReactionRemoved' }
      | { __typename: 'RoomEnd', reason: RoomEndReason }
      | { __typename: 'RoomReset', cursor: string }
      | { __typename: 'RoomUpdated' }
     | null, room: { id: string, name: string | null, eventCursor: string } | null } | null };

export type UploadMediaMutationVariables = Exact<{
  file: Blob;
  idempotencyKey: string;
}>;


export type UploadMediaMutation = { uploadMedia: { attachmentToken: string | null, media: { id: string, state: MediaState, width: number | null, height: number | null, thumbHash: string | null, url: string | null } | null } | null };

export type MediaQueryVariables = Exact<{
  id: string;
}>;


export type MediaQuery = { media: { id: string, state: MediaState, width: number | null, height: number | null, thumbHash: string | null, url: string | null, variants: Array<{ width: number, height: number, size: number, url: string }> } | null };

export type NotificationFieldsFragment = { id: string, type: NotificationType, updatedAt: string, isSeen: boolean, isRead: boolean, actorCount: number, device: string | null, address: string | null, actors: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null }>, post: { id: string, text: string } | null, comment: { id: string, text: string } | null, room: { id: string, name: string | null } | null };

export type NotificationsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type NotificationsQuery = { notifications: { unseenCount: number, eventCursor: string, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, type: NotificationType, updatedAt: string, isSeen: boolean, isRead: boolean, actorCount: number, device: string | null, address: string | null, actors: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null }>, post: { id: string, text: string } | null, comment: { id: string, text: string } | null, room: { id: string, name: string | null } | null } | null }> } | null };

export type UnseenNotificationsQueryVariables = Exact<{ [key: string]: never; }>;


export type UnseenNotificationsQuery = { notifications: { unseenCount: number, eventCursor: string } | null };

export type NotificationSettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type NotificationSettingsQuery = { notificationSettings: Array<{ type: NotificationType, enabled: boolean }> | null };

export type SetNotificationsMutationVariables = Exact<{
  type: NotificationType;
  enabled: boolean;
}>;


export type SetNotificationsMutation = { setNotifications: { settings: Array<{ type: NotificationType, enabled: boolean }> | null } | null };

export type MarkNotificationsSeenMutationVariables = Exact<{
  until: string;
}>;


export type MarkNotificationsSeenMutation = { markNotificationsSeen: { unseenCount: number } | null };

export type MarkNotificationsReadMutationVariables = Exact<{
  ids: Array<string> | string;
}>;


export type MarkNotificationsReadMutation = { markNotificationsRead: { unseenCount: number } | null };

export type MarkAllNotificationsReadMutationVariables = Exact<{
  until: string;
}>;


export type MarkAllNotificationsReadMutation = { markAllNotificationsRead: { unseenCount: number } | null };

export type NotificationEventsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type NotificationEventsSubscription = { notifications:
    | { __typename: 'NotificationChanged', cursor: string, notification: { id: string, type: NotificationType, updatedAt: string, isSeen: boolean, isRead: boolean, actorCount: number, device: string | null, address: string | null, actors: Array<{ id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null }>, post: { id: string, text: string } | null, comment: { id: string, text: string } | null, room: { id: string, name: string | null } | null } | null }
    | { __typename: 'NotificationRemoved', cursor: string, id: string }
    | { __typename: 'NotificationsMarked', cursor: string, allRead: boolean }
    | { __typename: 'NotificationsReset', cursor: string }
   | null };

export type UserCardFragment = { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null };

export type ProfileFragment = { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null };

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { me: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null };

export type UserByHandleQueryVariables = Exact<{
  handle: string;
}>;


export type UserByHandleQuery = { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null };

export type FollowersQueryVariables = Exact<{
  userId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type FollowersQuery = { user: { followers: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ followedAt: string, node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null } | null };

export type FollowingQueryVariables = Exact<{
  userId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type FollowingQuery = { user: { following: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ followedAt: string, node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null } | null };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type FollowMutationVariables = Exact<{
  userId: string;
}>;


export type FollowMutation = { follow: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type UnfollowMutationVariables = Exact<{
  userId: string;
}>;


export type UnfollowMutation = { unfollow: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type SearchUsersQueryVariables = Exact<{
  query: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SearchUsersQuery = { searchUsers: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null };

export type SuggestedUsersQueryVariables = Exact<{
  first?: number | null | undefined;
}>;


export type SuggestedUsersQuery = { suggestedUsers: Array<{ followedByCount: number, user: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> | null };

export type FollowRequestsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type FollowRequestsQuery = { followRequests: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ since: string, node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null };

export type SentFollowRequestsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SentFollowRequestsQuery = { sentFollowRequests: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ since: string, node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null };

export type BlockedUsersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type BlockedUsersQuery = { blockedUsers: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ since: string, node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null };

export type MutedUsersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MutedUsersQuery = { mutedUsers: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ since: string, node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> } | null };

export type RelatedUsersFragment = { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ since: string, node: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null }> };

export type AcceptFollowRequestMutationVariables = Exact<{
  userId: string;
}>;


export type AcceptFollowRequestMutation = { acceptFollowRequest: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type RejectFollowRequestMutationVariables = Exact<{
  userId: string;
}>;


export type RejectFollowRequestMutation = { rejectFollowRequest: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type CancelFollowRequestMutationVariables = Exact<{
  userId: string;
}>;


export type CancelFollowRequestMutation = { cancelFollowRequest: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type RemoveFollowerMutationVariables = Exact<{
  userId: string;
}>;


export type RemoveFollowerMutation = { removeFollower: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type UnblockMutationVariables = Exact<{
  userId: string;
}>;


export type UnblockMutation = { unblock: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type MuteMutationVariables = Exact<{
  userId: string;
}>;


export type MuteMutation = { mute: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type UnmuteMutationVariables = Exact<{
  userId: string;
}>;


export type UnmuteMutation = { unmute: { user: { bio: string | null, link: string | null, pronouns: string | null, isPrivate: boolean, createdAt: string, followerCount: number, followingCount: number, postCount: number, id: string, handle: string, name: string, banner: { id: string, url: string | null, thumbHash: string | null } | null, viewer: { isSelf: boolean, follows: boolean, isFollowedBy: boolean, followRequested: boolean, isFollowRequestedBy: boolean, blocks: boolean, mutes: boolean } | null, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null };

export type BlockMutationVariables = Exact<{
  userId: string;
}>;


export type BlockMutation = { block: { user: { id: string, handle: string, name: string, viewer: { blocks: boolean } | null } | null } | null };

export type MediaFieldsFragment = { id: string, state: MediaState, width: number | null, height: number | null, thumbHash: string | null, url: string | null };

export type CommentFieldsFragment = { id: string, text: string, createdAt: string, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null };

export type PostFieldsFragment = { id: string, text: string, createdAt: string, likeCount: number, commentCount: number, viewerHasLiked: boolean | null, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, attachments: Array<{ id: string, state: MediaState, width: number | null, height: number | null, thumbHash: string | null, url: string | null } | null> };

export type PostQueryVariables = Exact<{
  id: string;
  firstComments?: number | null | undefined;
  afterComment?: string | null | undefined;
}>;


export type PostQuery = { post: { id: string, text: string, createdAt: string, likeCount: number, commentCount: number, viewerHasLiked: boolean | null, comments: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, text: string, createdAt: string, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null }> } | null, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, attachments: Array<{ id: string, state: MediaState, width: number | null, height: number | null, thumbHash: string | null, url: string | null } | null> } | null };

export type HomeTimelineQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  firstComments?: number | null | undefined;
}>;


export type HomeTimelineQuery = { homeTimeline: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ cursor: string, node: { id: string, text: string, createdAt: string, likeCount: number, commentCount: number, viewerHasLiked: boolean | null, comments: { totalCount: number, edges: Array<{ node: { id: string, text: string, createdAt: string, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null }> } | null, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, attachments: Array<{ id: string, state: MediaState, width: number | null, height: number | null, thumbHash: string | null, url: string | null } | null> } | null }> } | null };

export type UserPostsQueryVariables = Exact<{
  userId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type UserPostsQuery = { user: { postCount: number, posts: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, text: string, createdAt: string, likeCount: number, commentCount: number, viewerHasLiked: boolean | null, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, attachments: Array<{ id: string, state: MediaState, width: number | null, height: number | null, thumbHash: string | null, url: string | null } | null> } | null }> } | null } | null };

export type CreatePostMutationVariables = Exact<{
  input: CreatePostInput;
}>;


export type CreatePostMutation = { createPost: { post: { id: string, text: string, createdAt: string, likeCount: number, commentCount: number, viewerHasLiked: boolean | null, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null, attachments: Array<{ id: string, state: MediaState, width: number | null, height: number | null, thumbHash: string | null, url: string | null } | null> } | null } | null };

export type LikePostMutationVariables = Exact<{
  postId: string;
}>;


export type LikePostMutation = { likePost: { post: { id: string, likeCount: number, viewerHasLiked: boolean | null } | null } | null };

export type UnlikePostMutationVariables = Exact<{
  postId: string;
}>;


export type UnlikePostMutation = { unlikePost: { post: { id: string, likeCount: number, viewerHasLiked: boolean | null } | null } | null };

export type CreateCommentMutationVariables = Exact<{
  input: CreateCommentInput;
}>;


export type CreateCommentMutation = { createComment: { comment: { id: string, text: string, createdAt: string, author: { id: string, handle: string, name: string, avatar: { id: string, url: string | null, thumbHash: string | null } | null } | null } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const UserCardFragmentDoc = new TypedDocumentString(`
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
    `, {"fragmentName":"UserCard"}) as unknown as TypedDocumentString<UserCardFragment, unknown>;
export const SessionFieldsFragmentDoc = new TypedDocumentString(`
    fragment SessionFields on Session {
  accessToken
  expiresAt
  refreshToken
  refreshExpiresAt
  user {
    ...UserCard
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`, {"fragmentName":"SessionFields"}) as unknown as TypedDocumentString<SessionFieldsFragment, unknown>;
export const LinkedIdentityFieldsFragmentDoc = new TypedDocumentString(`
    fragment LinkedIdentityFields on LinkedIdentity {
  provider
  email
  linkedAt
  lastUsedAt
}
    `, {"fragmentName":"LinkedIdentityFields"}) as unknown as TypedDocumentString<LinkedIdentityFieldsFragment, unknown>;
export const AccountFieldsFragmentDoc = new TypedDocumentString(`
    fragment AccountFields on Account {
  email
  emailVerified
  pendingEmail
  hasPassword
  stepUpMethods
}
    `, {"fragmentName":"AccountFields"}) as unknown as TypedDocumentString<AccountFieldsFragment, unknown>;
export const EmailVerifiedFieldsFragmentDoc = new TypedDocumentString(`
    fragment EmailVerifiedFields on EmailVerified {
  account {
    ...AccountFields
  }
  accessToken
  expiresAt
}
    fragment AccountFields on Account {
  email
  emailVerified
  pendingEmail
  hasPassword
  stepUpMethods
}`, {"fragmentName":"EmailVerifiedFields"}) as unknown as TypedDocumentString<EmailVerifiedFieldsFragment, unknown>;
export const MessageFieldsFragmentDoc = new TypedDocumentString(`
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`, {"fragmentName":"MessageFields"}) as unknown as TypedDocumentString<MessageFieldsFragment, unknown>;
export const RoomFieldsFragmentDoc = new TypedDocumentString(`
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}
    `, {"fragmentName":"RoomFields"}) as unknown as TypedDocumentString<RoomFieldsFragment, unknown>;
export const RoomViewerFieldsFragmentDoc = new TypedDocumentString(`
    fragment RoomViewerFields on RoomViewer {
  lastReadSeq
  unreadCount
  firstUnread {
    id
    seq
  }
  isMuted
  mutedUntil
}
    `, {"fragmentName":"RoomViewerFields"}) as unknown as TypedDocumentString<RoomViewerFieldsFragment, unknown>;
export const RoomFaceFragmentDoc = new TypedDocumentString(`
    "What a room is shown as: a direct one as its other person."
fragment RoomFace on Room {
  id
  avatar {
    id
    url(width: 400)
    thumbHash
  }
  peer {
    ...UserCard
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`, {"fragmentName":"RoomFace"}) as unknown as TypedDocumentString<RoomFaceFragment, unknown>;
export const ViewerReactionsFragmentDoc = new TypedDocumentString(`
    fragment ViewerReactions on Message {
  reactions {
    emoji
    viewerHasReacted
  }
}
    `, {"fragmentName":"ViewerReactions"}) as unknown as TypedDocumentString<ViewerReactionsFragment, unknown>;
export const NotificationFieldsFragmentDoc = new TypedDocumentString(`
    fragment NotificationFields on Notification {
  id
  type
  updatedAt
  isSeen
  isRead
  actorCount
  actors {
    ...UserCard
  }
  post {
    id
    text
  }
  comment {
    id
    text
  }
  room {
    id
    name
  }
  device
  address
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`, {"fragmentName":"NotificationFields"}) as unknown as TypedDocumentString<NotificationFieldsFragment, unknown>;
export const ProfileFragmentDoc = new TypedDocumentString(`
    fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`, {"fragmentName":"Profile"}) as unknown as TypedDocumentString<ProfileFragment, unknown>;
export const RelatedUsersFragmentDoc = new TypedDocumentString(`
    fragment RelatedUsers on RelatedUserConnection {
  pageInfo {
    hasNextPage
    endCursor
  }
  edges {
    since
    node {
      ...UserCard
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`, {"fragmentName":"RelatedUsers"}) as unknown as TypedDocumentString<RelatedUsersFragment, unknown>;
export const CommentFieldsFragmentDoc = new TypedDocumentString(`
    fragment CommentFields on Comment {
  id
  text
  createdAt
  author {
    ...UserCard
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`, {"fragmentName":"CommentFields"}) as unknown as TypedDocumentString<CommentFieldsFragment, unknown>;
export const MediaFieldsFragmentDoc = new TypedDocumentString(`
    fragment MediaFields on Media {
  id
  state
  width
  height
  thumbHash
  url
}
    `, {"fragmentName":"MediaFields"}) as unknown as TypedDocumentString<MediaFieldsFragment, unknown>;
export const PostFieldsFragmentDoc = new TypedDocumentString(`
    fragment PostFields on Post {
  id
  text
  createdAt
  likeCount
  commentCount
  viewerHasLiked
  author {
    ...UserCard
  }
  attachments {
    ...MediaFields
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment MediaFields on Media {
  id
  state
  width
  height
  thumbHash
  url
}`, {"fragmentName":"PostFields"}) as unknown as TypedDocumentString<PostFieldsFragment, unknown>;
export const SignUpDocument = new TypedDocumentString(`
    mutation SignUp($input: SignUpInput!) {
  signUp(input: $input) {
    __typename
    ...SessionFields
    ... on HandleTaken {
      handle
      message
    }
    ... on EmailTaken {
      message
    }
  }
}
    fragment SessionFields on Session {
  accessToken
  expiresAt
  refreshToken
  refreshExpiresAt
  user {
    ...UserCard
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<SignUpMutation, SignUpMutationVariables>;
export const LogInDocument = new TypedDocumentString(`
    mutation LogIn($input: LogInInput!) {
  logIn(input: $input) {
    __typename
    ...SessionFields
    ... on InvalidCredentials {
      message
    }
  }
}
    fragment SessionFields on Session {
  accessToken
  expiresAt
  refreshToken
  refreshExpiresAt
  user {
    ...UserCard
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<LogInMutation, LogInMutationVariables>;
export const RefreshSessionDocument = new TypedDocumentString(`
    mutation RefreshSession($refreshToken: String) {
  refreshSession(refreshToken: $refreshToken) {
    __typename
    ...SessionFields
    ... on SessionEnded {
      message
    }
  }
}
    fragment SessionFields on Session {
  accessToken
  expiresAt
  refreshToken
  refreshExpiresAt
  user {
    ...UserCard
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const ExchangeOAuthCodeDocument = new TypedDocumentString(`
    mutation ExchangeOAuthCode($code: String!, $verifier: String!, $cookie: Boolean! = false) {
  exchangeOAuthCode(code: $code, verifier: $verifier, cookie: $cookie) {
    __typename
    ...SessionFields
    ... on OAuthRefused {
      reason
      message
    }
  }
}
    fragment SessionFields on Session {
  accessToken
  expiresAt
  refreshToken
  refreshExpiresAt
  user {
    ...UserCard
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<ExchangeOAuthCodeMutation, ExchangeOAuthCodeMutationVariables>;
export const LinkedIdentitiesDocument = new TypedDocumentString(`
    query LinkedIdentities {
  linkedIdentities {
    ...LinkedIdentityFields
  }
}
    fragment LinkedIdentityFields on LinkedIdentity {
  provider
  email
  linkedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<LinkedIdentitiesQuery, LinkedIdentitiesQueryVariables>;
export const LinkIdentityDocument = new TypedDocumentString(`
    mutation LinkIdentity($code: String!, $verifier: String!) {
  linkIdentity(code: $code, verifier: $verifier) {
    __typename
    ... on LinkedIdentitiesPayload {
      identities {
        ...LinkedIdentityFields
      }
    }
    ... on OAuthRefused {
      reason
      message
    }
  }
}
    fragment LinkedIdentityFields on LinkedIdentity {
  provider
  email
  linkedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<LinkIdentityMutation, LinkIdentityMutationVariables>;
export const UnlinkIdentityDocument = new TypedDocumentString(`
    mutation UnlinkIdentity($provider: String!) {
  unlinkIdentity(provider: $provider) {
    __typename
    ... on LinkedIdentitiesPayload {
      identities {
        ...LinkedIdentityFields
      }
    }
    ... on LastWayIn {
      message
    }
  }
}
    fragment LinkedIdentityFields on LinkedIdentity {
  provider
  email
  linkedAt
  lastUsedAt
}`) as unknown as TypedDocumentString<UnlinkIdentityMutation, UnlinkIdentityMutationVariables>;
export const LogOutDocument = new TypedDocumentString(`
    mutation LogOut($refreshToken: String) {
  logOut(refreshToken: $refreshToken) {
    count
  }
}
    `) as unknown as TypedDocumentString<LogOutMutation, LogOutMutationVariables>;
export const SessionsDocument = new TypedDocumentString(`
    query Sessions {
  sessions {
    id
    device
    address
    createdAt
    lastUsedAt
    expiresAt
    isCurrent
  }
}
    `) as unknown as TypedDocumentString<SessionsQuery, SessionsQueryVariables>;
export const RevokeSessionDocument = new TypedDocumentString(`
    mutation RevokeSession($id: ID!) {
  revokeSession(id: $id) {
    count
  }
}
    `) as unknown as TypedDocumentString<RevokeSessionMutation, RevokeSessionMutationVariables>;
export const RevokeOtherSessionsDocument = new TypedDocumentString(`
    mutation RevokeOtherSessions {
  revokeOtherSessions {
    count
  }
}
    `) as unknown as TypedDocumentString<RevokeOtherSessionsMutation, RevokeOtherSessionsMutationVariables>;
export const RevokeAllSessionsDocument = new TypedDocumentString(`
    mutation RevokeAllSessions {
  revokeAllSessions {
    count
  }
}
    `) as unknown as TypedDocumentString<RevokeAllSessionsMutation, RevokeAllSessionsMutationVariables>;
export const ProvisionUsersDocument = new TypedDocumentString(`
    mutation ProvisionUsers($input: [ProvisionUserInput!]!) {
  provisionUsers(input: $input) {
    users {
      id
      handle
    }
  }
}
    `) as unknown as TypedDocumentString<ProvisionUsersMutation, ProvisionUsersMutationVariables>;
export const AccountDocument = new TypedDocumentString(`
    query Account {
  account {
    ...AccountFields
  }
}
    fragment AccountFields on Account {
  email
  emailVerified
  pendingEmail
  hasPassword
  stepUpMethods
}`) as unknown as TypedDocumentString<AccountQuery, AccountQueryVariables>;
export const VerifyEmailDocument = new TypedDocumentString(`
    mutation VerifyEmail($code: String!) {
  verifyEmail(code: $code) {
    __typename
    ...EmailVerifiedFields
    ... on CodeRefused {
      message
    }
  }
}
    fragment AccountFields on Account {
  email
  emailVerified
  pendingEmail
  hasPassword
  stepUpMethods
}
fragment EmailVerifiedFields on EmailVerified {
  account {
    ...AccountFields
  }
  accessToken
  expiresAt
}`) as unknown as TypedDocumentString<VerifyEmailMutation, VerifyEmailMutationVariables>;
export const ResendVerificationDocument = new TypedDocumentString(`
    mutation ResendVerification {
  resendVerification {
    account {
      ...AccountFields
    }
  }
}
    fragment AccountFields on Account {
  email
  emailVerified
  pendingEmail
  hasPassword
  stepUpMethods
}`) as unknown as TypedDocumentString<ResendVerificationMutation, ResendVerificationMutationVariables>;
export const RequestPasswordResetDocument = new TypedDocumentString(`
    mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) {
    message
  }
}
    `) as unknown as TypedDocumentString<RequestPasswordResetMutation, RequestPasswordResetMutationVariables>;
export const ResetPasswordDocument = new TypedDocumentString(`
    mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    __typename
    ... on PasswordReset {
      count
    }
    ... on CodeRefused {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ResetPasswordMutation, ResetPasswordMutationVariables>;
export const StepUpDocument = new TypedDocumentString(`
    mutation StepUp($input: StepUpInput!) {
  stepUp(input: $input) {
    __typename
    ... on SteppedUp {
      expiresAt
    }
    ... on StepUpRefused {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<StepUpMutation, StepUpMutationVariables>;
export const RequestStepUpCodeDocument = new TypedDocumentString(`
    mutation RequestStepUpCode {
  requestStepUpCode {
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<RequestStepUpCodeMutation, RequestStepUpCodeMutationVariables>;
export const ChangePasswordDocument = new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    count
  }
}
    `) as unknown as TypedDocumentString<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const ChangeEmailDocument = new TypedDocumentString(`
    mutation ChangeEmail($input: ChangeEmailInput!) {
  changeEmail(input: $input) {
    account {
      ...AccountFields
    }
  }
}
    fragment AccountFields on Account {
  email
  emailVerified
  pendingEmail
  hasPassword
  stepUpMethods
}`) as unknown as TypedDocumentString<ChangeEmailMutation, ChangeEmailMutationVariables>;
export const ConfirmEmailChangeDocument = new TypedDocumentString(`
    mutation ConfirmEmailChange($code: String!) {
  confirmEmailChange(code: $code) {
    __typename
    ...EmailVerifiedFields
    ... on CodeRefused {
      message
    }
    ... on EmailTaken {
      message
    }
  }
}
    fragment AccountFields on Account {
  email
  emailVerified
  pendingEmail
  hasPassword
  stepUpMethods
}
fragment EmailVerifiedFields on EmailVerified {
  account {
    ...AccountFields
  }
  accessToken
  expiresAt
}`) as unknown as TypedDocumentString<ConfirmEmailChangeMutation, ConfirmEmailChangeMutationVariables>;
export const UndoEmailChangeDocument = new TypedDocumentString(`
    mutation UndoEmailChange($token: String!) {
  undoEmailChange(token: $token) {
    __typename
    ... on EmailChangeUndone {
      email
      ended
    }
    ... on CodeRefused {
      message
    }
    ... on EmailTaken {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<UndoEmailChangeMutation, UndoEmailChangeMutationVariables>;
export const DeactivateAccountDocument = new TypedDocumentString(`
    mutation DeactivateAccount {
  deactivateAccount {
    state
  }
}
    `) as unknown as TypedDocumentString<DeactivateAccountMutation, DeactivateAccountMutationVariables>;
export const DeleteAccountDocument = new TypedDocumentString(`
    mutation DeleteAccount {
  deleteAccount {
    state
  }
}
    `) as unknown as TypedDocumentString<DeleteAccountMutation, DeleteAccountMutationVariables>;
export const RoomsDocument = new TypedDocumentString(`
    query Rooms($first: Int, $after: String) {
  rooms(first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...RoomFields
        ...RoomFace
        viewer {
          ...RoomViewerFields
        }
        lastMessage {
          ...MessageFields
        }
      }
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}
fragment RoomViewerFields on RoomViewer {
  lastReadSeq
  unreadCount
  firstUnread {
    id
    seq
  }
  isMuted
  mutedUntil
}
"What a room is shown as: a direct one as its other person."
fragment RoomFace on Room {
  id
  avatar {
    id
    url(width: 400)
    thumbHash
  }
  peer {
    ...UserCard
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RoomsQuery, RoomsQueryVariables>;
export const RoomDocument = new TypedDocumentString(`
    query Room($roomId: ID!) {
  room(id: $roomId) {
    ...RoomFields
    ...RoomFace
    request {
      state
      requestedAt
      requester {
        ...UserCard
      }
    }
    lastMessage {
      ...MessageFields
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}
"What a room is shown as: a direct one as its other person."
fragment RoomFace on Room {
  id
  avatar {
    id
    url(width: 400)
    thumbHash
  }
  peer {
    ...UserCard
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RoomQuery, RoomQueryVariables>;
export const RoomMembersDocument = new TypedDocumentString(`
    query RoomMembers($roomId: ID!, $first: Int = 50, $after: String) {
  room(id: $roomId) {
    id
    members(first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        role
        joinedAt
        node {
          ...UserCard
        }
      }
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RoomMembersQuery, RoomMembersQueryVariables>;
export const RoomBansDocument = new TypedDocumentString(`
    query RoomBans($roomId: ID!, $first: Int = 50, $after: String) {
  room(id: $roomId) {
    id
    bans(first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        bannedAt
        node {
          ...UserCard
        }
        bannedBy {
          ...UserCard
        }
      }
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RoomBansQuery, RoomBansQueryVariables>;
export const MessageRequestsDocument = new TypedDocumentString(`
    query MessageRequests($first: Int, $after: String) {
  messageRequests(first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...RoomFields
        ...RoomFace
        request {
          requestedAt
        }
        lastMessage {
          ...MessageFields
        }
      }
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}
"What a room is shown as: a direct one as its other person."
fragment RoomFace on Room {
  id
  avatar {
    id
    url(width: 400)
    thumbHash
  }
  peer {
    ...UserCard
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<MessageRequestsQuery, MessageRequestsQueryVariables>;
export const RoomInvitationsDocument = new TypedDocumentString(`
    query RoomInvitations($first: Int, $after: String) {
  roomInvitations(first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        roomId
        roomName
        memberCount
        createdAt
        avatar {
          id
          url(width: 400)
          thumbHash
        }
        invitedBy {
          ...UserCard
        }
      }
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RoomInvitationsQuery, RoomInvitationsQueryVariables>;
export const PublicRoomsDocument = new TypedDocumentString(`
    query PublicRooms($order: PublicRoomOrder, $first: Int, $after: String) {
  publicRooms(order: $order, first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...RoomFields
        ...RoomFace
      }
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}
"What a room is shown as: a direct one as its other person."
fragment RoomFace on Room {
  id
  avatar {
    id
    url(width: 400)
    thumbHash
  }
  peer {
    ...UserCard
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<PublicRoomsQuery, PublicRoomsQueryVariables>;
export const PostDiscussionDocument = new TypedDocumentString(`
    query PostDiscussion($postId: ID!) {
  post(id: $postId) {
    id
    discussion {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<PostDiscussionQuery, PostDiscussionQueryVariables>;
export const RoomHistoryDocument = new TypedDocumentString(`
    query RoomHistory($roomId: ID!, $last: Int = 50, $before: String) {
  room(id: $roomId) {
    ...RoomFields
    messages(last: $last, before: $before) {
      pageInfo {
        hasPreviousPage
        startCursor
      }
      edges {
        node {
          ...MessageFields
          ...ViewerReactions
        }
      }
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}
fragment ViewerReactions on Message {
  reactions {
    emoji
    viewerHasReacted
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RoomHistoryQuery, RoomHistoryQueryVariables>;
export const MessagesAroundDocument = new TypedDocumentString(`
    query MessagesAround($roomId: ID!, $messageId: ID, $seq: Int, $count: Int = 50) {
  room(id: $roomId) {
    ...RoomFields
    messagesAround(messageId: $messageId, seq: $seq, count: $count) {
      pageInfo {
        hasPreviousPage
        hasNextPage
        startCursor
        endCursor
      }
      edges {
        node {
          ...MessageFields
          ...ViewerReactions
        }
      }
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}
fragment ViewerReactions on Message {
  reactions {
    emoji
    viewerHasReacted
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<MessagesAroundQuery, MessagesAroundQueryVariables>;
export const RoomSnapshotDocument = new TypedDocumentString(`
    query RoomSnapshot($roomId: ID!, $last: Int!) {
  me {
    id
  }
  room(id: $roomId) {
    ...RoomFields
    members(first: 100) {
      pageInfo {
        hasNextPage
      }
      edges {
        node {
          ...UserCard
        }
      }
    }
    messages(last: $last) {
      pageInfo {
        hasPreviousPage
      }
      edges {
        node {
          ...MessageFields
          ...ViewerReactions
        }
      }
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}
fragment ViewerReactions on Message {
  reactions {
    emoji
    viewerHasReacted
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RoomSnapshotQuery, RoomSnapshotQueryVariables>;
export const SearchMessagesDocument = new TypedDocumentString(`
    query SearchMessages($query: String!, $roomId: ID, $first: Int, $after: String) {
  searchMessages(query: $query, roomId: $roomId, first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...MessageFields
        room {
          id
          name
        }
      }
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<SearchMessagesQuery, SearchMessagesQueryVariables>;
export const UnreadMessagesDocument = new TypedDocumentString(`
    query UnreadMessages {
  unreadMessageCount
}
    `) as unknown as TypedDocumentString<UnreadMessagesQuery, UnreadMessagesQueryVariables>;
export const MarkRoomReadDocument = new TypedDocumentString(`
    mutation MarkRoomRead($roomId: ID!, $seq: Int!) {
  markRoomRead(roomId: $roomId, seq: $seq) {
    room {
      id
      viewer {
        ...RoomViewerFields
      }
    }
  }
}
    fragment RoomViewerFields on RoomViewer {
  lastReadSeq
  unreadCount
  firstUnread {
    id
    seq
  }
  isMuted
  mutedUntil
}`) as unknown as TypedDocumentString<MarkRoomReadMutation, MarkRoomReadMutationVariables>;
export const MuteRoomDocument = new TypedDocumentString(`
    mutation MuteRoom($roomId: ID!, $until: DateTime) {
  muteRoom(roomId: $roomId, until: $until) {
    room {
      id
      viewer {
        ...RoomViewerFields
      }
    }
  }
}
    fragment RoomViewerFields on RoomViewer {
  lastReadSeq
  unreadCount
  firstUnread {
    id
    seq
  }
  isMuted
  mutedUntil
}`) as unknown as TypedDocumentString<MuteRoomMutation, MuteRoomMutationVariables>;
export const UnmuteRoomDocument = new TypedDocumentString(`
    mutation UnmuteRoom($roomId: ID!) {
  unmuteRoom(roomId: $roomId) {
    room {
      id
      viewer {
        ...RoomViewerFields
      }
    }
  }
}
    fragment RoomViewerFields on RoomViewer {
  lastReadSeq
  unreadCount
  firstUnread {
    id
    seq
  }
  isMuted
  mutedUntil
}`) as unknown as TypedDocumentString<UnmuteRoomMutation, UnmuteRoomMutationVariables>;
export const CreateRoomDocument = new TypedDocumentString(`
    mutation CreateRoom($input: CreateRoomInput!) {
  createRoom(input: $input) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<CreateRoomMutation, CreateRoomMutationVariables>;
export const InviteToRoomDocument = new TypedDocumentString(`
    mutation InviteToRoom($roomId: ID!, $userIds: [ID!]!) {
  inviteToRoom(roomId: $roomId, userIds: $userIds) {
    room {
      ...RoomFields
    }
    invited {
      ...UserCard
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<InviteToRoomMutation, InviteToRoomMutationVariables>;
export const OpenDirectRoomDocument = new TypedDocumentString(`
    mutation OpenDirectRoom($userId: ID!) {
  openDirectRoom(userId: $userId) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<OpenDirectRoomMutation, OpenDirectRoomMutationVariables>;
export const OpenPostRoomDocument = new TypedDocumentString(`
    mutation OpenPostRoom($postId: ID!) {
  openPostRoom(postId: $postId) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<OpenPostRoomMutation, OpenPostRoomMutationVariables>;
export const JoinRoomDocument = new TypedDocumentString(`
    mutation JoinRoom($roomId: ID!) {
  joinRoom(roomId: $roomId) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<JoinRoomMutation, JoinRoomMutationVariables>;
export const AcceptMessageRequestDocument = new TypedDocumentString(`
    mutation AcceptMessageRequest($roomId: ID!) {
  acceptMessageRequest(roomId: $roomId) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<AcceptMessageRequestMutation, AcceptMessageRequestMutationVariables>;
export const AcceptInvitationDocument = new TypedDocumentString(`
    mutation AcceptInvitation($roomId: ID!) {
  acceptInvitation(roomId: $roomId) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<AcceptInvitationMutation, AcceptInvitationMutationVariables>;
export const UpdateRoomDocument = new TypedDocumentString(`
    mutation UpdateRoom($input: UpdateRoomInput!) {
  updateRoom(input: $input) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<UpdateRoomMutation, UpdateRoomMutationVariables>;
export const RemoveFromRoomDocument = new TypedDocumentString(`
    mutation RemoveFromRoom($roomId: ID!, $userId: ID!) {
  removeFromRoom(roomId: $roomId, userId: $userId) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<RemoveFromRoomMutation, RemoveFromRoomMutationVariables>;
export const BanFromRoomDocument = new TypedDocumentString(`
    mutation BanFromRoom($roomId: ID!, $userId: ID!) {
  banFromRoom(roomId: $roomId, userId: $userId) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<BanFromRoomMutation, BanFromRoomMutationVariables>;
export const UnbanFromRoomDocument = new TypedDocumentString(`
    mutation UnbanFromRoom($roomId: ID!, $userId: ID!) {
  unbanFromRoom(roomId: $roomId, userId: $userId) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<UnbanFromRoomMutation, UnbanFromRoomMutationVariables>;
export const ChangeRoomRoleDocument = new TypedDocumentString(`
    mutation ChangeRoomRole($roomId: ID!, $userId: ID!, $role: RoomRole!) {
  changeRoomRole(roomId: $roomId, userId: $userId, role: $role) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<ChangeRoomRoleMutation, ChangeRoomRoleMutationVariables>;
export const TransferRoomDocument = new TypedDocumentString(`
    mutation TransferRoom($roomId: ID!, $userId: ID!) {
  transferRoom(roomId: $roomId, userId: $userId) {
    room {
      ...RoomFields
    }
  }
}
    fragment RoomFields on Room {
  id
  kind
  name
  viewerRole
  createdAt
  memberCount
  eventCursor
  lastSeq
}`) as unknown as TypedDocumentString<TransferRoomMutation, TransferRoomMutationVariables>;
export const DeclineMessageRequestDocument = new TypedDocumentString(`
    mutation DeclineMessageRequest($roomId: ID!) {
  declineMessageRequest(roomId: $roomId) {
    roomId
  }
}
    `) as unknown as TypedDocumentString<DeclineMessageRequestMutation, DeclineMessageRequestMutationVariables>;
export const DeclineInvitationDocument = new TypedDocumentString(`
    mutation DeclineInvitation($roomId: ID!) {
  declineInvitation(roomId: $roomId) {
    roomId
  }
}
    `) as unknown as TypedDocumentString<DeclineInvitationMutation, DeclineInvitationMutationVariables>;
export const LeaveRoomDocument = new TypedDocumentString(`
    mutation LeaveRoom($roomId: ID!) {
  leaveRoom(roomId: $roomId) {
    roomId
  }
}
    `) as unknown as TypedDocumentString<LeaveRoomMutation, LeaveRoomMutationVariables>;
export const SendMessageDocument = new TypedDocumentString(`
    mutation SendMessage($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message {
      ...MessageFields
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<SendMessageMutation, SendMessageMutationVariables>;
export const EditMessageDocument = new TypedDocumentString(`
    mutation EditMessage($input: EditMessageInput!) {
  editMessage(input: $input) {
    message {
      ...MessageFields
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<EditMessageMutation, EditMessageMutationVariables>;
export const DeleteMessageDocument = new TypedDocumentString(`
    mutation DeleteMessage($messageId: ID!) {
  deleteMessage(messageId: $messageId) {
    message {
      ...MessageFields
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<DeleteMessageMutation, DeleteMessageMutationVariables>;
export const ReactToMessageDocument = new TypedDocumentString(`
    mutation ReactToMessage($messageId: ID!, $emoji: String!) {
  reactToMessage(messageId: $messageId, emoji: $emoji) {
    message {
      ...MessageFields
      ...ViewerReactions
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment ViewerReactions on Message {
  reactions {
    emoji
    viewerHasReacted
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<ReactToMessageMutation, ReactToMessageMutationVariables>;
export const RemoveReactionDocument = new TypedDocumentString(`
    mutation RemoveReaction($messageId: ID!, $emoji: String!) {
  removeReaction(messageId: $messageId, emoji: $emoji) {
    message {
      ...MessageFields
      ...ViewerReactions
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment ViewerReactions on Message {
  reactions {
    emoji
    viewerHasReacted
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RemoveReactionMutation, RemoveReactionMutationVariables>;
export const RoomEventsDocument = new TypedDocumentString(`
    subscription RoomEvents($roomId: ID!, $after: String) {
  roomEvents(roomId: $roomId, after: $after) {
    __typename
    ... on MessageCreated {
      cursor
      seq
      message {
        ...MessageFields
      }
    }
    ... on MessageEdited {
      cursor
      seq
      message {
        ...MessageFields
      }
    }
    ... on MessageDeleted {
      cursor
      seq
      message {
        ...MessageFields
      }
    }
    ... on ReactionAdded {
      cursor
      seq
      emoji
      user {
        ...UserCard
      }
      message {
        ...MessageFields
      }
    }
    ... on ReactionRemoved {
      cursor
      seq
      emoji
      user {
        ...UserCard
      }
      message {
        ...MessageFields
      }
    }
    ... on MemberJoined {
      cursor
      seq
      user {
        ...UserCard
      }
      invitedBy {
        ...UserCard
      }
      role
    }
    ... on MemberLeft {
      cursor
      seq
      user {
        ...UserCard
      }
      departure
      removedBy {
        ...UserCard
      }
    }
    ... on MemberRoleChanged {
      cursor
      seq
      user {
        ...UserCard
      }
      role
      changedBy {
        ...UserCard
      }
    }
    ... on RoomUpdated {
      cursor
      seq
      name
      avatarId
      updatedBy {
        ...UserCard
      }
    }
    ... on RoomReset {
      cursor
    }
    ... on RoomEnd {
      reason
    }
  }
}
    fragment MessageFields on Message {
  id
  seq
  text
  attachmentCount
  replyToId
  mentions {
    ...UserCard
  }
  clientId
  createdAt
  editedAt
  deletedAt
  author {
    ...UserCard
  }
  reactions {
    emoji
    count
  }
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<RoomEventsSubscription, RoomEventsSubscriptionVariables>;
export const SetTypingDocument = new TypedDocumentString(`
    mutation SetTyping($roomId: ID!, $isTyping: Boolean! = true) {
  setTyping(roomId: $roomId, isTyping: $isTyping) {
    roomId
  }
}
    `) as unknown as TypedDocumentString<SetTypingMutation, SetTypingMutationVariables>;
export const TypingDocument = new TypedDocumentString(`
    subscription Typing($roomId: ID!) {
  typing(roomId: $roomId) {
    user {
      id
      name
    }
    isTyping
  }
}
    `) as unknown as TypedDocumentString<TypingSubscription, TypingSubscriptionVariables>;
export const PresenceDocument = new TypedDocumentString(`
    subscription Presence($userIds: [ID!]!) {
  presence(userIds: $userIds) {
    user {
      id
    }
    isOnline
  }
}
    `) as unknown as TypedDocumentString<PresenceSubscription, PresenceSubscriptionVariables>;
export const InboxEventsDocument = new TypedDocumentString(`
    subscription InboxEvents($after: [InboxPosition!]) {
  inboxEvents(after: $after) {
    event {
      __typename
      ... on MessageCreated {
        cursor
        message {
          id
          seq
          text
          author {
            id
            name
          }
          room {
            id
          }
        }
      }
      ... on RoomReset {
        cursor
      }
      ... on RoomEnd {
        reason
      }
    }
    room {
      id
      name
      eventCursor
    }
  }
}
    `) as unknown as TypedDocumentString<InboxEventsSubscription, InboxEventsSubscriptionVariables>;
export const UploadMediaDocument = new TypedDocumentString(`
    mutation UploadMedia($file: Upload!, $idempotencyKey: String!) {
  uploadMedia(file: $file, idempotencyKey: $idempotencyKey) {
    attachmentToken
    media {
      ...MediaFields
    }
  }
}
    fragment MediaFields on Media {
  id
  state
  width
  height
  thumbHash
  url
}`) as unknown as TypedDocumentString<UploadMediaMutation, UploadMediaMutationVariables>;
export const MediaDocument = new TypedDocumentString(`
    query Media($id: ID!) {
  media(id: $id) {
    ...MediaFields
    variants {
      width
      height
      size
      url
    }
  }
}
    fragment MediaFields on Media {
  id
  state
  width
  height
  thumbHash
  url
}`) as unknown as TypedDocumentString<MediaQuery, MediaQueryVariables>;
export const NotificationsDocument = new TypedDocumentString(`
    query Notifications($first: Int, $after: String) {
  notifications(first: $first, after: $after) {
    unseenCount
    eventCursor
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...NotificationFields
      }
    }
  }
}
    fragment NotificationFields on Notification {
  id
  type
  updatedAt
  isSeen
  isRead
  actorCount
  actors {
    ...UserCard
  }
  post {
    id
    text
  }
  comment {
    id
    text
  }
  room {
    id
    name
  }
  device
  address
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<NotificationsQuery, NotificationsQueryVariables>;
export const UnseenNotificationsDocument = new TypedDocumentString(`
    query UnseenNotifications {
  notifications(first: 0) {
    unseenCount
    eventCursor
  }
}
    `) as unknown as TypedDocumentString<UnseenNotificationsQuery, UnseenNotificationsQueryVariables>;
export const NotificationSettingsDocument = new TypedDocumentString(`
    query NotificationSettings {
  notificationSettings {
    type
    enabled
  }
}
    `) as unknown as TypedDocumentString<NotificationSettingsQuery, NotificationSettingsQueryVariables>;
export const SetNotificationsDocument = new TypedDocumentString(`
    mutation SetNotifications($type: NotificationType!, $enabled: Boolean!) {
  setNotifications(type: $type, enabled: $enabled) {
    settings {
      type
      enabled
    }
  }
}
    `) as unknown as TypedDocumentString<SetNotificationsMutation, SetNotificationsMutationVariables>;
export const MarkNotificationsSeenDocument = new TypedDocumentString(`
    mutation MarkNotificationsSeen($until: String!) {
  markNotificationsSeen(until: $until) {
    unseenCount
  }
}
    `) as unknown as TypedDocumentString<MarkNotificationsSeenMutation, MarkNotificationsSeenMutationVariables>;
export const MarkNotificationsReadDocument = new TypedDocumentString(`
    mutation MarkNotificationsRead($ids: [ID!]!) {
  markNotificationsRead(ids: $ids) {
    unseenCount
  }
}
    `) as unknown as TypedDocumentString<MarkNotificationsReadMutation, MarkNotificationsReadMutationVariables>;
export const MarkAllNotificationsReadDocument = new TypedDocumentString(`
    mutation MarkAllNotificationsRead($until: String!) {
  markAllNotificationsRead(until: $until) {
    unseenCount
  }
}
    `) as unknown as TypedDocumentString<MarkAllNotificationsReadMutation, MarkAllNotificationsReadMutationVariables>;
export const NotificationEventsDocument = new TypedDocumentString(`
    subscription NotificationEvents($after: String) {
  notifications(after: $after) {
    __typename
    ... on NotificationChanged {
      cursor
      notification {
        ...NotificationFields
      }
    }
    ... on NotificationRemoved {
      cursor
      id
    }
    ... on NotificationsMarked {
      cursor
      allRead
    }
    ... on NotificationsReset {
      cursor
    }
  }
}
    fragment NotificationFields on Notification {
  id
  type
  updatedAt
  isSeen
  isRead
  actorCount
  actors {
    ...UserCard
  }
  post {
    id
    text
  }
  comment {
    id
    text
  }
  room {
    id
    name
  }
  device
  address
}
fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<NotificationEventsSubscription, NotificationEventsSubscriptionVariables>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    ...Profile
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;
export const UserByHandleDocument = new TypedDocumentString(`
    query UserByHandle($handle: String!) {
  user(handle: $handle) {
    ...Profile
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<UserByHandleQuery, UserByHandleQueryVariables>;
export const FollowersDocument = new TypedDocumentString(`
    query Followers($userId: ID!, $first: Int, $after: String) {
  user(id: $userId) {
    followers(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        followedAt
        node {
          ...UserCard
        }
      }
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<FollowersQuery, FollowersQueryVariables>;
export const FollowingDocument = new TypedDocumentString(`
    query Following($userId: ID!, $first: Int, $after: String) {
  user(id: $userId) {
    following(first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        followedAt
        node {
          ...UserCard
        }
      }
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<FollowingQuery, FollowingQueryVariables>;
export const UpdateProfileDocument = new TypedDocumentString(`
    mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<UpdateProfileMutation, UpdateProfileMutationVariables>;
export const FollowDocument = new TypedDocumentString(`
    mutation Follow($userId: ID!) {
  follow(userId: $userId) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<FollowMutation, FollowMutationVariables>;
export const UnfollowDocument = new TypedDocumentString(`
    mutation Unfollow($userId: ID!) {
  unfollow(userId: $userId) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<UnfollowMutation, UnfollowMutationVariables>;
export const SearchUsersDocument = new TypedDocumentString(`
    query SearchUsers($query: String!, $first: Int, $after: String) {
  searchUsers(query: $query, first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...UserCard
      }
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<SearchUsersQuery, SearchUsersQueryVariables>;
export const SuggestedUsersDocument = new TypedDocumentString(`
    query SuggestedUsers($first: Int) {
  suggestedUsers(first: $first) {
    followedByCount
    user {
      ...UserCard
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}`) as unknown as TypedDocumentString<SuggestedUsersQuery, SuggestedUsersQueryVariables>;
export const FollowRequestsDocument = new TypedDocumentString(`
    query FollowRequests($first: Int, $after: String) {
  followRequests(first: $first, after: $after) {
    ...RelatedUsers
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment RelatedUsers on RelatedUserConnection {
  pageInfo {
    hasNextPage
    endCursor
  }
  edges {
    since
    node {
      ...UserCard
    }
  }
}`) as unknown as TypedDocumentString<FollowRequestsQuery, FollowRequestsQueryVariables>;
export const SentFollowRequestsDocument = new TypedDocumentString(`
    query SentFollowRequests($first: Int, $after: String) {
  sentFollowRequests(first: $first, after: $after) {
    ...RelatedUsers
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment RelatedUsers on RelatedUserConnection {
  pageInfo {
    hasNextPage
    endCursor
  }
  edges {
    since
    node {
      ...UserCard
    }
  }
}`) as unknown as TypedDocumentString<SentFollowRequestsQuery, SentFollowRequestsQueryVariables>;
export const BlockedUsersDocument = new TypedDocumentString(`
    query BlockedUsers($first: Int, $after: String) {
  blockedUsers(first: $first, after: $after) {
    ...RelatedUsers
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment RelatedUsers on RelatedUserConnection {
  pageInfo {
    hasNextPage
    endCursor
  }
  edges {
    since
    node {
      ...UserCard
    }
  }
}`) as unknown as TypedDocumentString<BlockedUsersQuery, BlockedUsersQueryVariables>;
export const MutedUsersDocument = new TypedDocumentString(`
    query MutedUsers($first: Int, $after: String) {
  mutedUsers(first: $first, after: $after) {
    ...RelatedUsers
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment RelatedUsers on RelatedUserConnection {
  pageInfo {
    hasNextPage
    endCursor
  }
  edges {
    since
    node {
      ...UserCard
    }
  }
}`) as unknown as TypedDocumentString<MutedUsersQuery, MutedUsersQueryVariables>;
export const AcceptFollowRequestDocument = new TypedDocumentString(`
    mutation AcceptFollowRequest($userId: ID!) {
  acceptFollowRequest(userId: $userId) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<AcceptFollowRequestMutation, AcceptFollowRequestMutationVariables>;
export const RejectFollowRequestDocument = new TypedDocumentString(`
    mutation RejectFollowRequest($userId: ID!) {
  rejectFollowRequest(userId: $userId) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<RejectFollowRequestMutation, RejectFollowRequestMutationVariables>;
export const CancelFollowRequestDocument = new TypedDocumentString(`
    mutation CancelFollowRequest($userId: ID!) {
  cancelFollowRequest(userId: $userId) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<CancelFollowRequestMutation, CancelFollowRequestMutationVariables>;
export const RemoveFollowerDocument = new TypedDocumentString(`
    mutation RemoveFollower($userId: ID!) {
  removeFollower(userId: $userId) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<RemoveFollowerMutation, RemoveFollowerMutationVariables>;
export const UnblockDocument = new TypedDocumentString(`
    mutation Unblock($userId: ID!) {
  unblock(userId: $userId) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<UnblockMutation, UnblockMutationVariables>;
export const MuteDocument = new TypedDocumentString(`
    mutation Mute($userId: ID!) {
  mute(userId: $userId) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<MuteMutation, MuteMutationVariables>;
export const UnmuteDocument = new TypedDocumentString(`
    mutation Unmute($userId: ID!) {
  unmute(userId: $userId) {
    user {
      ...Profile
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment Profile on User {
  ...UserCard
  bio
  link
  pronouns
  banner {
    id
    url(width: 1280)
    thumbHash
  }
  isPrivate
  createdAt
  followerCount
  followingCount
  postCount
  viewer {
    isSelf
    follows
    isFollowedBy
    followRequested
    isFollowRequestedBy
    blocks
    mutes
  }
}`) as unknown as TypedDocumentString<UnmuteMutation, UnmuteMutationVariables>;
export const BlockDocument = new TypedDocumentString(`
    mutation Block($userId: ID!) {
  block(userId: $userId) {
    user {
      id
      handle
      name
      viewer {
        blocks
      }
    }
  }
}
    `) as unknown as TypedDocumentString<BlockMutation, BlockMutationVariables>;
export const PostDocument = new TypedDocumentString(`
    query Post($id: ID!, $firstComments: Int = 20, $afterComment: String) {
  post(id: $id) {
    ...PostFields
    comments(first: $firstComments, after: $afterComment) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...CommentFields
        }
      }
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment MediaFields on Media {
  id
  state
  width
  height
  thumbHash
  url
}
fragment CommentFields on Comment {
  id
  text
  createdAt
  author {
    ...UserCard
  }
}
fragment PostFields on Post {
  id
  text
  createdAt
  likeCount
  commentCount
  viewerHasLiked
  author {
    ...UserCard
  }
  attachments {
    ...MediaFields
  }
}`) as unknown as TypedDocumentString<PostQuery, PostQueryVariables>;
export const HomeTimelineDocument = new TypedDocumentString(`
    query HomeTimeline($first: Int, $after: String, $firstComments: Int = 3) {
  homeTimeline(first: $first, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      cursor
      node {
        ...PostFields
        comments(first: $firstComments) {
          totalCount
          edges {
            node {
              ...CommentFields
            }
          }
        }
      }
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment MediaFields on Media {
  id
  state
  width
  height
  thumbHash
  url
}
fragment CommentFields on Comment {
  id
  text
  createdAt
  author {
    ...UserCard
  }
}
fragment PostFields on Post {
  id
  text
  createdAt
  likeCount
  commentCount
  viewerHasLiked
  author {
    ...UserCard
  }
  attachments {
    ...MediaFields
  }
}`) as unknown as TypedDocumentString<HomeTimelineQuery, HomeTimelineQueryVariables>;
export const UserPostsDocument = new TypedDocumentString(`
    query UserPosts($userId: ID!, $first: Int, $after: String) {
  user(id: $userId) {
    postCount
    posts(first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...PostFields
        }
      }
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment MediaFields on Media {
  id
  state
  width
  height
  thumbHash
  url
}
fragment PostFields on Post {
  id
  text
  createdAt
  likeCount
  commentCount
  viewerHasLiked
  author {
    ...UserCard
  }
  attachments {
    ...MediaFields
  }
}`) as unknown as TypedDocumentString<UserPostsQuery, UserPostsQueryVariables>;
export const CreatePostDocument = new TypedDocumentString(`
    mutation CreatePost($input: CreatePostInput!) {
  createPost(input: $input) {
    post {
      ...PostFields
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment MediaFields on Media {
  id
  state
  width
  height
  thumbHash
  url
}
fragment PostFields on Post {
  id
  text
  createdAt
  likeCount
  commentCount
  viewerHasLiked
  author {
    ...UserCard
  }
  attachments {
    ...MediaFields
  }
}`) as unknown as TypedDocumentString<CreatePostMutation, CreatePostMutationVariables>;
export const LikePostDocument = new TypedDocumentString(`
    mutation LikePost($postId: ID!) {
  likePost(postId: $postId) {
    post {
      id
      likeCount
      viewerHasLiked
    }
  }
}
    `) as unknown as TypedDocumentString<LikePostMutation, LikePostMutationVariables>;
export const UnlikePostDocument = new TypedDocumentString(`
    mutation UnlikePost($postId: ID!) {
  unlikePost(postId: $postId) {
    post {
      id
      likeCount
      viewerHasLiked
    }
  }
}
    `) as unknown as TypedDocumentString<UnlikePostMutation, UnlikePostMutationVariables>;
export const CreateCommentDocument = new TypedDocumentString(`
    mutation CreateComment($input: CreateCommentInput!) {
  createComment(input: $input) {
    comment {
      ...CommentFields
    }
  }
}
    fragment UserCard on User {
  id
  handle
  name
  avatar {
    id
    url(width: 400)
    thumbHash
  }
}
fragment CommentFields on Comment {
  id
  text
  createdAt
  author {
    ...UserCard
  }
}`) as unknown as TypedDocumentString<CreateCommentMutation, CreateCommentMutationVariables>;