import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { UserRow } from '../user/user.model.ts';
import type { UserConnectionModel, UserEdgeModel } from '../follow/follow.model.ts';
import type { UserViewerModel, RelatedUserConnectionModel, RelatedUserEdgeModel } from '../relation/relation.model.ts';
import type { UserSearchConnectionModel, UserSearchEdgeModel } from '../search/search.model.ts';
import type { SuggestedUserModel } from '../suggestion/suggestion.model.ts';
import type { AccountRow } from '../account/account.model.ts';
import type { NotificationRow, NotificationConnectionModel, NotificationEdgeModel, NotificationEventModel } from '../notification/notification.model.ts';
import type { SessionModel, ActiveSessionRow } from '../session/session.model.ts';
import type { LinkedIdentityRow } from '../identity/identity.model.ts';
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
  /** An instant in ISO 8601, UTC, with milliseconds. */
  DateTime: { input: Date; output: Date; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** What a person alone knows of their account. */
export type Account = {
  __typename?: 'Account';
  email: Scalars['String']['output'];
  /** Until it is, the account neither posts nor writes to strangers. */
  emailVerified: Scalars['Boolean']['output'];
  /** Accounts that are signed in by others alone have none. */
  hasPassword: Scalars['Boolean']['output'];
  /** The address that waits for the code that was sent there (`confirmEmailChange`). */
  pendingEmail?: Maybe<Scalars['String']['output']>;
  /** How this person can step up; none while an account without a password has not verified its address. */
  stepUpMethods: Array<StepUpMethod>;
  user?: Maybe<User>;
};

export type AccountState =
  | 'ACTIVE'
  | 'DEACTIVATED'
  | 'DELETED';

/** A session as its owner sees it in a list. */
export type ActiveSession = {
  __typename?: 'ActiveSession';
  /** The network address that it was last used from. */
  address: Scalars['String']['output'];
  createdAt: Scalars['DateTime']['output'];
  /** What it was last used with, as the client named itself (`User-Agent`). */
  device?: Maybe<Scalars['String']['output']>;
  /** When it ends unless it is refreshed before. */
  expiresAt: Scalars['DateTime']['output'];
  id: Scalars['ID']['output'];
  isCurrent: Scalars['Boolean']['output'];
  /** When it was opened or last refreshed. */
  lastUsedAt: Scalars['DateTime']['output'];
};

export type BlockPayload = {
  __typename?: 'BlockPayload';
  /** The person blocked or no longer blocked. */
  user?: Maybe<User>;
};

export type ChangeEmailInput = {
  email: Scalars['String']['input'];
};

export type ChangeEmailPayload = {
  __typename?: 'ChangeEmailPayload';
  account?: Maybe<Account>;
};

export type ChangePasswordInput = {
  /** 10 to 200 characters. */
  newPassword: Scalars['String']['input'];
};

export type ChangePasswordPayload = {
  __typename?: 'ChangePasswordPayload';
  /** How many other sessions this ended. */
  count: Scalars['Int']['output'];
};

export type CloseAccountPayload = {
  __typename?: 'CloseAccountPayload';
  state: AccountState;
};

/** The code is wrong, used, too old, or was tried too often. Have another sent. */
export type CodeRefused = {
  __typename?: 'CodeRefused';
  message: Scalars['String']['output'];
};

export type Comment = Node & {
  __typename?: 'Comment';
  nodeId: Scalars['ID']['output'];
};

export type ConfirmEmailChangeResult = CodeRefused | EmailTaken | EmailVerified;

export type EmailChangeUndone = {
  __typename?: 'EmailChangeUndone';
  /** The address that the account has again. */
  email: Scalars['String']['output'];
  /** How many sessions this ended. Somebody else may know the password: have a code sent for another. */
  ended: Scalars['Int']['output'];
};

export type EmailTaken = {
  __typename?: 'EmailTaken';
  message: Scalars['String']['output'];
};

export type EmailVerified = {
  __typename?: 'EmailVerified';
  /** For the same session, in place of the one in use. It says that the address is verified. */
  accessToken: Scalars['String']['output'];
  account?: Maybe<Account>;
  expiresAt: Scalars['DateTime']['output'];
};

export type EndSessionsPayload = {
  __typename?: 'EndSessionsPayload';
  /** How many sessions this ended. */
  count: Scalars['Int']['output'];
};

export type ExchangeOAuthCodeResult = OAuthRefused | Session;

export type FollowPayload = {
  __typename?: 'FollowPayload';
  /** The person at the other end. */
  user?: Maybe<User>;
};

export type HandleTaken = {
  __typename?: 'HandleTaken';
  handle: Scalars['String']['output'];
  message: Scalars['String']['output'];
};

export type ImportCredentialInput = {
  email: Scalars['String']['input'];
  /** Of somebody who exists, by `provisionUsers` say. */
  handle: Scalars['String']['input'];
  /** Made by bcrypt ($2a$, $2b$ or $2y$), of a cost of at most 12. It is replaced at the first log-in. */
  passwordHash: Scalars['String']['input'];
};

export type ImportCredentialsPayload = {
  __typename?: 'ImportCredentialsPayload';
  /** Of those given, the handles of people who now sign in with this e-mail address; missing where it is another person's. */
  handles: Array<Scalars['String']['output']>;
};

export type InvalidCredentials = {
  __typename?: 'InvalidCredentials';
  message: Scalars['String']['output'];
};

/** The viewer could not sign in any more. Link another provider or set a password first. */
export type LastWayIn = {
  __typename?: 'LastWayIn';
  message: Scalars['String']['output'];
};

export type LinkIdentityResult = LinkedIdentitiesPayload | OAuthRefused;

export type LinkedIdentitiesPayload = {
  __typename?: 'LinkedIdentitiesPayload';
  /** All that the viewer has then. */
  identities: Array<LinkedIdentity>;
};

/** Somebody at another provider who signs in as the viewer. */
export type LinkedIdentity = {
  __typename?: 'LinkedIdentity';
  /** As the provider had verified it when it was last used; it need not be the account's. */
  email?: Maybe<Scalars['String']['output']>;
  lastUsedAt: Scalars['DateTime']['output'];
  linkedAt: Scalars['DateTime']['output'];
  /** As in the paths of sign-in: `google`. */
  provider: Scalars['String']['output'];
};

export type LogInInput = {
  /** For browsers: the refresh token comes as a cookie that no script can read, and not in the answer. Over HTTP only. */
  cookie?: Scalars['Boolean']['input'];
  /** A handle or an e-mail address. */
  identifier: Scalars['String']['input'];
  password: Scalars['String']['input'];
};

export type LogInResult = InvalidCredentials | Session;

export type MarkNotificationsPayload = {
  __typename?: 'MarkNotificationsPayload';
  /** How many are unseen now, counted up to 100. */
  unseenCount: Scalars['Int']['output'];
};

export type Media = Node & {
  __typename?: 'Media';
  nodeId: Scalars['ID']['output'];
  ref: Scalars['ID']['output'];
};

export type Message = Node & {
  __typename?: 'Message';
  nodeId: Scalars['ID']['output'];
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Lets a person follow the viewer who asked to. Idempotent; NOT_FOUND when the request was taken back. */
  acceptFollowRequest?: Maybe<FollowPayload>;
  /**
   * Blocks a person: each is invisible to the other, and neither follows the other any more. Idempotent. The person in the
   * answer can still be seen in it, as in `blockedUsers`.
   */
  block?: Maybe<BlockPayload>;
  /** Takes back the viewer's request to follow a person, unless it was accepted. Idempotent. */
  cancelFollowRequest?: Maybe<FollowPayload>;
  /**
   * Sends a code to another address that the account is to have, and a notice to the present one. Needs `stepUp`. The answer does not
   * tell whether another account has that address.
   */
  changeEmail?: Maybe<ChangeEmailPayload>;
  /** Sets the viewer's password, the first one perhaps, and ends all other sessions. Needs `stepUp`. */
  changePassword?: Maybe<ChangePasswordPayload>;
  /** Makes the new address the account's, by the code that was sent there; the former one is told. */
  confirmEmailChange?: Maybe<ConfirmEmailChangeResult>;
  /**
   * Hides the viewer's account, with all that is the viewer's, until somebody signs in to it again. Ends all sessions.
   * Asks for `stepUp` first.
   */
  deactivateAccount?: Maybe<CloseAccountPayload>;
  /**
   * Deletes the viewer's account, for good: it is hidden at once and erased after 7 days, everywhere; until then nobody can have
   * its handle. Ends all sessions. Asks for `stepUp` first.
   */
  deleteAccount?: Maybe<CloseAccountPayload>;
  /**
   * Signs in by the code with which `/auth/oauth/PROVIDER/start?codeChallenge=…&returnTo=…` led back to the client; an account is
   * made for whoever has none. A code is good once, for 2 minutes, and only with the verifier of which the client made the
   * challenge (PKCE, S256).
   */
  exchangeOAuthCode?: Maybe<ExchangeOAuthCodeResult>;
  /** Follows a person, or asks a private account for it. Following twice is following once. */
  follow?: Maybe<FollowPayload>;
  /**
   * For service accounts: lets people sign in with the passwords that they had elsewhere. At most 100 in one call. Who can sign
   * in already stays as they are, so calling it again changes nothing.
   */
  importCredentials?: Maybe<ImportCredentialsPayload>;
  /** Lets the viewer sign in by another provider as well, by a code as for `exchangeOAuthCode`. Needs `stepUp` before. */
  linkIdentity?: Maybe<LinkIdentityResult>;
  /** Signs in by handle or e-mail. */
  logIn?: Maybe<LogInResult>;
  /** Ends this session, by access token, refresh token or cookie. All of its tokens are refused within 5 s. */
  logOut?: Maybe<EndSessionsPayload>;
  /** Marks all notifications up to an `eventCursor` as read, and seen. Idempotent. */
  markAllNotificationsRead?: Maybe<MarkNotificationsPayload>;
  /** Marks notifications as read, at most 100 in one call. Idempotent; of others than the viewer's nothing is said. */
  markNotificationsRead?: Maybe<MarkNotificationsPayload>;
  /**
   * Clears the badge: all notifications up to an `eventCursor` are seen. What came after it stays unseen. Idempotent; a cursor
   * from before what was seen already changes nothing.
   */
  markNotificationsSeen?: Maybe<MarkNotificationsPayload>;
  /** Keeps a person's posts out of the viewer's timeline, and lets nobody know. Idempotent. */
  mute?: Maybe<MutePayload>;
  /**
   * For service accounts: makes sure that a person with each handle exists, without a password. At most 100 in one call.
   * Idempotent by handle: people who exist already are returned unchanged.
   */
  provisionUsers?: Maybe<ProvisionUsersPayload>;
  /**
   * A new access token, and a new refresh token in place of the one given, which is used up. Ask without an Authorization
   * header: an expired access token is refused whatever comes with it. A refresh token that was used before ends the session,
   * because somebody else has it, but for the first 10 s, in which it gets the same answer again.
   */
  refreshSession?: Maybe<RefreshSessionResult>;
  /** Drops a person's request to follow the viewer. Idempotent. */
  rejectFollowRequest?: Maybe<FollowPayload>;
  /** Makes a person no longer follow the viewer. Idempotent. */
  removeFollower?: Maybe<FollowPayload>;
  /** Sends a code for a new password, if there is such an account: the answer does not tell. */
  requestPasswordReset?: Maybe<RequestPasswordResetPayload>;
  /** Sends the code for `stepUp` with EMAIL_CODE, where that is one of the account's methods. */
  requestStepUpCode?: Maybe<RequestStepUpCodePayload>;
  /** Sends code and link once more, three times an hour at most; nothing when the address is verified. */
  resendVerification?: Maybe<ResendVerificationPayload>;
  /** Sets a new password by the code that was sent, and ends all sessions. A code is good for 10 minutes and 5 tries, once. */
  resetPassword?: Maybe<ResetPasswordResult>;
  /** Ends all of the viewer's sessions, this one too. */
  revokeAllSessions?: Maybe<EndSessionsPayload>;
  /** Ends the viewer's sessions but for this one. */
  revokeOtherSessions?: Maybe<EndSessionsPayload>;
  /** Ends one of the viewer's sessions; none when it has ended already. */
  revokeSession?: Maybe<EndSessionsPayload>;
  /** Turns notifications of one type on or off, from now on. Those about the account's security stay on. */
  setNotifications?: Maybe<SetNotificationsPayload>;
  /** Creates an account and signs it in. */
  signUp?: Maybe<SignUpResult>;
  /**
   * Proves again who the viewer is, for this session and 10 minutes. What an access token alone must not do needs it, and is
   * FORBIDDEN with the reason STEP_UP_REQUIRED without.
   */
  stepUp?: Maybe<StepUpResult>;
  /** Lifts a block. What the block ended, following say, does not come back. Idempotent. */
  unblock?: Maybe<BlockPayload>;
  /**
   * Gives an account the address back that it had before a change, by what the letter to that address has, and ends all its
   * sessions. Once, for 7 days; whoever reads that address needs no session.
   */
  undoEmailChange?: Maybe<UndoEmailChangeResult>;
  /** Stops following a person, or takes back the request to. Idempotent. */
  unfollow?: Maybe<FollowPayload>;
  /** Ends that the viewer can sign in by a provider, unless it is the last way in. Needs `stepUp` before. Idempotent. */
  unlinkIdentity?: Maybe<UnlinkIdentityResult>;
  /** Ends a mute. Idempotent. */
  unmute?: Maybe<MutePayload>;
  /** Changes the viewer's profile. A field left out stays; null clears it. */
  updateProfile?: Maybe<UpdateProfilePayload>;
  /**
   * Verifies the viewer's e-mail address by the code that was sent to it, before the first post and the first message to a stranger.
   * Answers a new access token, because the one in use says that the address is not verified.
   */
  verifyEmail?: Maybe<VerifyEmailResult>;
};


export type MutationAcceptFollowRequestArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationBlockArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationCancelFollowRequestArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationChangeEmailArgs = {
  input: ChangeEmailInput;
};


export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};


export type MutationConfirmEmailChangeArgs = {
  code: Scalars['String']['input'];
};


export type MutationExchangeOAuthCodeArgs = {
  code: Scalars['String']['input'];
  cookie?: Scalars['Boolean']['input'];
  verifier: Scalars['String']['input'];
};


export type MutationFollowArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationImportCredentialsArgs = {
  input: Array<ImportCredentialInput>;
};


export type MutationLinkIdentityArgs = {
  code: Scalars['String']['input'];
  verifier: Scalars['String']['input'];
};


export type MutationLogInArgs = {
  input: LogInInput;
};


export type MutationLogOutArgs = {
  refreshToken?: InputMaybe<Scalars['String']['input']>;
};


export type MutationMarkAllNotificationsReadArgs = {
  until: Scalars['String']['input'];
};


export type MutationMarkNotificationsReadArgs = {
  ids: Array<Scalars['ID']['input']>;
};


export type MutationMarkNotificationsSeenArgs = {
  until: Scalars['String']['input'];
};


export type MutationMuteArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationProvisionUsersArgs = {
  input: Array<ProvisionUserInput>;
};


export type MutationRefreshSessionArgs = {
  refreshToken?: InputMaybe<Scalars['String']['input']>;
};


export type MutationRejectFollowRequestArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationRemoveFollowerArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationRequestPasswordResetArgs = {
  input: RequestPasswordResetInput;
};


export type MutationResetPasswordArgs = {
  input: ResetPasswordInput;
};


export type MutationRevokeSessionArgs = {
  id: Scalars['ID']['input'];
};


export type MutationSetNotificationsArgs = {
  enabled: Scalars['Boolean']['input'];
  type: NotificationType;
};


export type MutationSignUpArgs = {
  input: SignUpInput;
};


export type MutationStepUpArgs = {
  input: StepUpInput;
};


export type MutationUnblockArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationUndoEmailChangeArgs = {
  token: Scalars['String']['input'];
};


export type MutationUnfollowArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationUnlinkIdentityArgs = {
  provider: Scalars['String']['input'];
};


export type MutationUnmuteArgs = {
  userId: Scalars['ID']['input'];
};


export type MutationUpdateProfileArgs = {
  input: UpdateProfileInput;
};


export type MutationVerifyEmailArgs = {
  code: Scalars['String']['input'];
};

export type MutePayload = {
  __typename?: 'MutePayload';
  /** The person muted or no longer muted. */
  user?: Maybe<User>;
};

/**
 * Anything with a global id. Subgraphs other than this one know an object by `id`; `nodeId` is the same string, and the
 * only field of the stubs below, so that `node(id:)` always asks the subgraph that owns the object whether it exists.
 */
export type Node = {
  nodeId: Scalars['ID']['output'];
};

/**
 * One thing to be told of: what people did to one thing on one day (UTC), together. Who takes it back is in it no longer, and
 * with the last of them it is gone.
 */
export type Notification = Node & {
  __typename?: 'Notification';
  /** How many; of more than 200, also those who are hidden from the viewer. */
  actorCount: Scalars['Int']['output'];
  /** The latest three, the latest first; nobody where it is about the account itself. */
  actors: Array<User>;
  /** The network address, likewise. */
  address?: Maybe<Scalars['String']['output']>;
  /** The latest comment, answer or mention; null where it is hidden or not about a comment. */
  comment?: Maybe<Comment>;
  /** The device, as the client named itself (`User-Agent`), of what is about the account itself. */
  device?: Maybe<Scalars['String']['output']>;
  id: Scalars['ID']['output'];
  isRead: Scalars['Boolean']['output'];
  /** Whether it was there when notifications were last marked as seen. More of the same makes it unseen, and unread. */
  isSeen: Scalars['Boolean']['output'];
  nodeId: Scalars['ID']['output'];
  /** What was liked, commented on, or written with a mention; null where it is hidden or not about a post. */
  post?: Maybe<Post>;
  /** Where the message waits. */
  room?: Maybe<Room>;
  type: NotificationType;
  /** When the latest of it happened. */
  updatedAt: Scalars['DateTime']['output'];
};

/** A notification is new, has become more or less, or was read, on another device perhaps. */
export type NotificationChanged = {
  __typename?: 'NotificationChanged';
  cursor: Scalars['String']['output'];
  notification?: Maybe<Notification>;
};

export type NotificationConnection = {
  __typename?: 'NotificationConnection';
  edges: Array<NotificationEdge>;
  /** Where this answer stands: subscribe to `notifications` after it to miss nothing, mark as seen until it. */
  eventCursor: Scalars['String']['output'];
  pageInfo: PageInfo;
  /** How many are unseen: the number on the badge. Counted up to 100. */
  unseenCount: Scalars['Int']['output'];
};

export type NotificationEdge = {
  __typename?: 'NotificationEdge';
  cursor: Scalars['String']['output'];
  node?: Maybe<Notification>;
};

export type NotificationEvent = NotificationChanged | NotificationRemoved | NotificationsMarked | NotificationsReset;

/** A notification is gone: all who were in it took it back, or are hidden. */
export type NotificationRemoved = {
  __typename?: 'NotificationRemoved';
  cursor: Scalars['String']['output'];
  id: Scalars['ID']['output'];
};

export type NotificationSetting = {
  __typename?: 'NotificationSetting';
  enabled: Scalars['Boolean']['output'];
  type: NotificationType;
};

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

/** Notifications were marked as seen, or all as read, on another device perhaps: fetch `unseenCount` again. */
export type NotificationsMarked = {
  __typename?: 'NotificationsMarked';
  /** Whether all were marked as read; else they were seen. */
  allRead: Scalars['Boolean']['output'];
  cursor: Scalars['String']['output'];
};

export type NotificationsReset = {
  __typename?: 'NotificationsReset';
  /** Where to go on from, after fetching the notifications again. */
  cursor: Scalars['String']['output'];
};

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

/** Signing in by another provider did not work. Where there is no payload, an address has the reason as `error`. */
export type OAuthRefused = {
  __typename?: 'OAuthRefused';
  message: Scalars['String']['output'];
  reason: OAuthRefusal;
};

export type PageInfo = {
  __typename?: 'PageInfo';
  endCursor?: Maybe<Scalars['String']['output']>;
  hasNextPage: Scalars['Boolean']['output'];
  hasPreviousPage: Scalars['Boolean']['output'];
  startCursor?: Maybe<Scalars['String']['output']>;
};

export type PasswordReset = {
  __typename?: 'PasswordReset';
  /** How many sessions this ended. Log in with the new password. */
  count: Scalars['Int']['output'];
};

export type Post = Node & {
  __typename?: 'Post';
  nodeId: Scalars['ID']['output'];
};

export type ProvisionUserInput = {
  createdAt?: InputMaybe<Scalars['DateTime']['input']>;
  handle: Scalars['String']['input'];
  name: Scalars['String']['input'];
};

export type ProvisionUsersPayload = {
  __typename?: 'ProvisionUsersPayload';
  /** In the order of the input. */
  users?: Maybe<Array<Maybe<User>>>;
};

export type Query = {
  __typename?: 'Query';
  /** The viewer's own account; null for who is not signed in, and for a service account. */
  account?: Maybe<Account>;
  /** Whom the viewer blocks, latest first. */
  blockedUsers?: Maybe<RelatedUserConnection>;
  /** Who asks to follow the viewer, latest first. */
  followRequests?: Maybe<RelatedUserConnection>;
  /** The viewer's ways to sign in by another provider; at most one of each. */
  linkedIdentities?: Maybe<Array<LinkedIdentity>>;
  /** The signed-in person, or null for an anonymous request. */
  me?: Maybe<User>;
  /** Whom the viewer mutes, latest first. */
  mutedUsers?: Maybe<RelatedUserConnection>;
  /** Any object by its global id; null when it is missing or hidden from the viewer. */
  node?: Maybe<Node>;
  /** Many objects by id, in the order asked, at most 100; null where one is missing or hidden. */
  nodes?: Maybe<Array<Maybe<Node>>>;
  /** Of which things the viewer wants to be told. */
  notificationSettings?: Maybe<Array<NotificationSetting>>;
  /** What the viewer is told of, the latest first: each once, however many people did it on the same day. */
  notifications?: Maybe<NotificationConnection>;
  /**
   * People whose handle begins with what was typed, by handle, and then those with a name like it (some letters may be
   * wrong or missing; beyond ASCII, with words that begin so), the likest first. 1 to 100 characters.
   */
  searchUsers?: Maybe<UserSearchConnection>;
  /** Whom the viewer asks to follow, latest first. */
  sentFollowRequests?: Maybe<RelatedUserConnection>;
  /** The viewer's sessions, this one first and then the last used: all of them, at most 100. */
  sessions?: Maybe<Array<ActiveSession>>;
  /** People the viewer may know: followed by those whom the viewer follows. At most 50, 10 unless asked. */
  suggestedUsers?: Maybe<Array<SuggestedUser>>;
  /** A person by handle (with or without a leading @), or by id. Give exactly one. */
  user?: Maybe<User>;
};


export type QueryBlockedUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryFollowRequestsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryMutedUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QueryNodesArgs = {
  ids: Array<Scalars['ID']['input']>;
};


export type QueryNotificationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QuerySearchUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
  query: Scalars['String']['input'];
};


export type QuerySentFollowRequestsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


export type QuerySuggestedUsersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};


export type QueryUserArgs = {
  handle?: InputMaybe<Scalars['String']['input']>;
  id?: InputMaybe<Scalars['ID']['input']>;
};

export type RefreshSessionResult = Session | SessionEnded;

/** A list of people that its owner alone may see. */
export type RelatedUserConnection = {
  __typename?: 'RelatedUserConnection';
  edges: Array<RelatedUserEdge>;
  pageInfo: PageInfo;
};

export type RelatedUserEdge = {
  __typename?: 'RelatedUserEdge';
  cursor: Scalars['String']['output'];
  node?: Maybe<User>;
  /** Since when the person is on the list. */
  since: Scalars['DateTime']['output'];
};

export type RequestPasswordResetInput = {
  /** Handle or e-mail. */
  identifier: Scalars['String']['input'];
};

export type RequestPasswordResetPayload = {
  __typename?: 'RequestPasswordResetPayload';
  /** The same whether or not there is such an account. */
  message: Scalars['String']['output'];
};

export type RequestStepUpCodePayload = {
  __typename?: 'RequestStepUpCodePayload';
  expiresAt: Scalars['DateTime']['output'];
};

export type ResendVerificationPayload = {
  __typename?: 'ResendVerificationPayload';
  account?: Maybe<Account>;
};

export type ResetPasswordInput = {
  /** Six digits. */
  code: Scalars['String']['input'];
  /** Handle or e-mail, either of the account's. */
  identifier: Scalars['String']['input'];
  /** 10 to 200 characters. */
  newPassword: Scalars['String']['input'];
};

export type ResetPasswordResult = CodeRefused | PasswordReset;

export type Room = Node & {
  __typename?: 'Room';
  nodeId: Scalars['ID']['output'];
};

export type Session = {
  __typename?: 'Session';
  /** Send it as `Authorization: Bearer …`. */
  accessToken: Scalars['String']['output'];
  expiresAt: Scalars['DateTime']['output'];
  /** When the session ends unless it is refreshed before. */
  refreshExpiresAt: Scalars['DateTime']['output'];
  /** Keep it secret; it is good for one `refreshSession`. Null where it came as a cookie. */
  refreshToken?: Maybe<Scalars['String']['output']>;
  user?: Maybe<User>;
};

/** There is no session to refresh, or no longer: sign in again. */
export type SessionEnded = {
  __typename?: 'SessionEnded';
  message: Scalars['String']['output'];
};

export type SetNotificationsPayload = {
  __typename?: 'SetNotificationsPayload';
  /** All settings as they are now. */
  settings?: Maybe<Array<NotificationSetting>>;
};

export type SignUpInput = {
  /** For browsers: the refresh token comes as a cookie that no script can read, and not in the answer. Over HTTP only. */
  cookie?: Scalars['Boolean']['input'];
  email: Scalars['String']['input'];
  handle: Scalars['String']['input'];
  name: Scalars['String']['input'];
  /** 10 to 200 characters, and not one of those that everybody tries. */
  password: Scalars['String']['input'];
};

export type SignUpResult = EmailTaken | HandleTaken | Session;

export type StepUpInput = {
  method?: StepUpMethod;
  /** The password, or the code that was sent. */
  secret: Scalars['String']['input'];
};

/** How a person proves again who they are. */
export type StepUpMethod =
  /** By a code that is sent to the verified address: for accounts without a password. */
  | 'EMAIL_CODE'
  | 'PASSWORD';

export type StepUpRefused = {
  __typename?: 'StepUpRefused';
  message: Scalars['String']['output'];
};

export type StepUpResult = StepUpRefused | SteppedUp;

export type SteppedUp = {
  __typename?: 'SteppedUp';
  /** Until then this session may do what needs it. */
  expiresAt: Scalars['DateTime']['output'];
};

export type Subscription = {
  __typename?: 'Subscription';
  /**
   * What changes in the viewer's notifications, each change once and in order. Starts after the cursor `after` (from
   * `NotificationConnection.eventCursor` or from an earlier event), or now. NotificationsReset: the cursor is too old; fetch
   * the notifications again and go on from the new cursor.
   */
  notifications?: Maybe<NotificationEvent>;
};


export type SubscriptionNotificationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
};

export type SuggestedUser = {
  __typename?: 'SuggestedUser';
  /** By how many of those whom the viewer follows; the latest 200 are asked, for the latest 100 whom each follows. */
  followedByCount: Scalars['Int']['output'];
  user?: Maybe<User>;
};

export type UndoEmailChangeResult = CodeRefused | EmailChangeUndone | EmailTaken;

export type UnlinkIdentityResult = LastWayIn | LinkedIdentitiesPayload;

export type UpdateProfileInput = {
  /** The attachment token that an upload of an image returned. */
  avatar?: InputMaybe<Scalars['String']['input']>;
  /** As for the avatar. */
  banner?: InputMaybe<Scalars['String']['input']>;
  bio?: InputMaybe<Scalars['String']['input']>;
  /** Requests that wait when an account is opened go on waiting. */
  isPrivate?: InputMaybe<Scalars['Boolean']['input']>;
  /** The address of a web page, http or https, at most 200 characters. */
  link?: InputMaybe<Scalars['String']['input']>;
  name?: InputMaybe<Scalars['String']['input']>;
  /** One line of at most 40 characters. */
  pronouns?: InputMaybe<Scalars['String']['input']>;
};

export type UpdateProfilePayload = {
  __typename?: 'UpdateProfilePayload';
  user?: Maybe<User>;
};

/** A person. */
export type User = Node & {
  __typename?: 'User';
  avatar?: Maybe<Media>;
  /** A wide picture. */
  banner?: Maybe<Media>;
  /** At most 500 characters. */
  bio?: Maybe<Scalars['String']['output']>;
  createdAt: Scalars['DateTime']['output'];
  followerCount: Scalars['Int']['output'];
  /** Who follows this person, latest first; nobody is named when the account is private and the viewer does not follow it. */
  followers?: Maybe<UserConnection>;
  /** Whom this person follows, latest first; as for followers. */
  following?: Maybe<UserConnection>;
  followingCount: Scalars['Int']['output'];
  /** 3 to 30 of a-z, 0-9, _ and ., unique without regard to case. */
  handle: Scalars['String']['output'];
  id: Scalars['ID']['output'];
  /** Whoever wants to follow a private account asks; its posts, followers and followees are shown to its followers alone. */
  isPrivate: Scalars['Boolean']['output'];
  /** The address of a web page of theirs, http or https. */
  link?: Maybe<Scalars['String']['output']>;
  /** The display name, 1 to 80 characters. */
  name: Scalars['String']['output'];
  nodeId: Scalars['ID']['output'];
  pronouns?: Maybe<Scalars['String']['output']>;
  /** What stands between the viewer and this person; null for an anonymous viewer. */
  viewer?: Maybe<UserViewer>;
};


/** A person. */
export type UserFollowersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};


/** A person. */
export type UserFollowingArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  before?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  last?: InputMaybe<Scalars['Int']['input']>;
};

export type UserConnection = {
  __typename?: 'UserConnection';
  edges: Array<UserEdge>;
  pageInfo: PageInfo;
  totalCount: Scalars['Int']['output'];
};

export type UserEdge = {
  __typename?: 'UserEdge';
  cursor: Scalars['String']['output'];
  /** When the follow began. */
  followedAt: Scalars['DateTime']['output'];
  node?: Maybe<User>;
};

export type UserSearchConnection = {
  __typename?: 'UserSearchConnection';
  edges: Array<UserSearchEdge>;
  pageInfo: PageInfo;
};

export type UserSearchEdge = {
  __typename?: 'UserSearchEdge';
  cursor: Scalars['String']['output'];
  node?: Maybe<User>;
};

export type UserViewer = {
  __typename?: 'UserViewer';
  /** Whether the viewer blocks this person. A person who blocks the viewer is not to be seen at all. */
  blocks: Scalars['Boolean']['output'];
  /** Whether the viewer has asked to follow this person. */
  followRequested: Scalars['Boolean']['output'];
  follows: Scalars['Boolean']['output'];
  /** Whether this person has asked to follow the viewer. */
  isFollowRequestedBy: Scalars['Boolean']['output'];
  isFollowedBy: Scalars['Boolean']['output'];
  isSelf: Scalars['Boolean']['output'];
  mutes: Scalars['Boolean']['output'];
};

export type VerifyEmailResult = CodeRefused | EmailVerified;



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
  Notification: Notification;
  User: User;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Notification:
    ( { __typename: 'Notification' }
    & GraphQLRecursivePick<FederationTypes['Notification'], {"id":true}> );
  User:
    ( { __typename: 'User' }
    & GraphQLRecursivePick<FederationTypes['User'], {"id":true}> );
};

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  ConfirmEmailChangeResult:
    | ( CodeRefused )
    | ( EmailTaken )
    | ( Omit<EmailVerified, 'account'> & { account?: Maybe<_RefType['Account']> } )
  ;
  ExchangeOAuthCodeResult:
    | ( OAuthRefused )
    | ( SessionModel )
  ;
  LinkIdentityResult:
    | ( Omit<LinkedIdentitiesPayload, 'identities'> & { identities: Array<_RefType['LinkedIdentity']> } )
    | ( OAuthRefused )
  ;
  LogInResult:
    | ( InvalidCredentials )
    | ( SessionModel )
  ;
  NotificationEvent:
    | ( Omit<NotificationChanged, 'notification'> & { notification?: Maybe<_RefType['Notification']> } )
    | ( NotificationRemoved )
    | ( NotificationsMarked )
    | ( NotificationsReset )
  ;
  RefreshSessionResult:
    | ( SessionModel )
    | ( SessionEnded )
  ;
  ResetPasswordResult:
    | ( CodeRefused )
    | ( PasswordReset )
  ;
  SignUpResult:
    | ( EmailTaken )
    | ( HandleTaken )
    | ( SessionModel )
  ;
  StepUpResult:
    | ( StepUpRefused )
    | ( SteppedUp )
  ;
  UndoEmailChangeResult:
    | ( CodeRefused )
    | ( EmailChangeUndone )
    | ( EmailTaken )
  ;
  UnlinkIdentityResult:
    | ( LastWayIn )
    | ( Omit<LinkedIdentitiesPayload, 'identities'> & { identities: Array<_RefType['LinkedIdentity']> } )
  ;
  VerifyEmailResult:
    | ( CodeRefused )
    | ( Omit<EmailVerified, 'account'> & { account?: Maybe<_RefType['Account']> } )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( Comment )
    | ( Media )
    | ( Message )
    | ( NotificationRow )
    | ( Post )
    | ( Room )
    | ( UserRow )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Account: ResolverTypeWrapper<AccountRow>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  AccountState: AccountState;
  ActiveSession: ResolverTypeWrapper<ActiveSessionRow>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  BlockPayload: ResolverTypeWrapper<Omit<BlockPayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  ChangeEmailInput: ChangeEmailInput;
  ChangeEmailPayload: ResolverTypeWrapper<Omit<ChangeEmailPayload, 'account'> & { account?: Maybe<ResolversTypes['Account']> }>;
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: ResolverTypeWrapper<ChangePasswordPayload>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  CloseAccountPayload: ResolverTypeWrapper<CloseAccountPayload>;
  CodeRefused: ResolverTypeWrapper<CodeRefused>;
  Comment: ResolverTypeWrapper<Comment>;
  ConfirmEmailChangeResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ConfirmEmailChangeResult']>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  EmailChangeUndone: ResolverTypeWrapper<EmailChangeUndone>;
  EmailTaken: ResolverTypeWrapper<EmailTaken>;
  EmailVerified: ResolverTypeWrapper<Omit<EmailVerified, 'account'> & { account?: Maybe<ResolversTypes['Account']> }>;
  EndSessionsPayload: ResolverTypeWrapper<EndSessionsPayload>;
  ExchangeOAuthCodeResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ExchangeOAuthCodeResult']>;
  FollowPayload: ResolverTypeWrapper<Omit<FollowPayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  HandleTaken: ResolverTypeWrapper<HandleTaken>;
  ImportCredentialInput: ImportCredentialInput;
  ImportCredentialsPayload: ResolverTypeWrapper<ImportCredentialsPayload>;
  InvalidCredentials: ResolverTypeWrapper<InvalidCredentials>;
  LastWayIn: ResolverTypeWrapper<LastWayIn>;
  LinkIdentityResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LinkIdentityResult']>;
  LinkedIdentitiesPayload: ResolverTypeWrapper<Omit<LinkedIdentitiesPayload, 'identities'> & { identities: Array<ResolversTypes['LinkedIdentity']> }>;
  LinkedIdentity: ResolverTypeWrapper<LinkedIdentityRow>;
  LogInInput: LogInInput;
  LogInResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['LogInResult']>;
  MarkNotificationsPayload: ResolverTypeWrapper<MarkNotificationsPayload>;
  Media: ResolverTypeWrapper<Media>;
  Message: ResolverTypeWrapper<Message>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  MutePayload: ResolverTypeWrapper<Omit<MutePayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  Notification: ResolverTypeWrapper<NotificationRow>;
  NotificationChanged: ResolverTypeWrapper<Omit<NotificationChanged, 'notification'> & { notification?: Maybe<ResolversTypes['Notification']> }>;
  NotificationConnection: ResolverTypeWrapper<NotificationConnectionModel>;
  NotificationEdge: ResolverTypeWrapper<NotificationEdgeModel>;
  NotificationEvent: ResolverTypeWrapper<NotificationEventModel>;
  NotificationRemoved: ResolverTypeWrapper<NotificationRemoved>;
  NotificationSetting: ResolverTypeWrapper<NotificationSetting>;
  NotificationType: NotificationType;
  NotificationsMarked: ResolverTypeWrapper<NotificationsMarked>;
  NotificationsReset: ResolverTypeWrapper<NotificationsReset>;
  OAuthRefusal: OAuthRefusal;
  OAuthRefused: ResolverTypeWrapper<OAuthRefused>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PasswordReset: ResolverTypeWrapper<PasswordReset>;
  Post: ResolverTypeWrapper<Post>;
  ProvisionUserInput: ProvisionUserInput;
  ProvisionUsersPayload: ResolverTypeWrapper<Omit<ProvisionUsersPayload, 'users'> & { users?: Maybe<Array<Maybe<ResolversTypes['User']>>> }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RefreshSessionResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['RefreshSessionResult']>;
  RelatedUserConnection: ResolverTypeWrapper<RelatedUserConnectionModel>;
  RelatedUserEdge: ResolverTypeWrapper<RelatedUserEdgeModel>;
  RequestPasswordResetInput: RequestPasswordResetInput;
  RequestPasswordResetPayload: ResolverTypeWrapper<RequestPasswordResetPayload>;
  RequestStepUpCodePayload: ResolverTypeWrapper<RequestStepUpCodePayload>;
  ResendVerificationPayload: ResolverTypeWrapper<Omit<ResendVerificationPayload, 'account'> & { account?: Maybe<ResolversTypes['Account']> }>;
  ResetPasswordInput: ResetPasswordInput;
  ResetPasswordResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ResetPasswordResult']>;
  Room: ResolverTypeWrapper<Room>;
  Session: ResolverTypeWrapper<SessionModel>;
  SessionEnded: ResolverTypeWrapper<SessionEnded>;
  SetNotificationsPayload: ResolverTypeWrapper<SetNotificationsPayload>;
  SignUpInput: SignUpInput;
  SignUpResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['SignUpResult']>;
  StepUpInput: StepUpInput;
  StepUpMethod: StepUpMethod;
  StepUpRefused: ResolverTypeWrapper<StepUpRefused>;
  StepUpResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['StepUpResult']>;
  SteppedUp: ResolverTypeWrapper<SteppedUp>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  SuggestedUser: ResolverTypeWrapper<SuggestedUserModel>;
  UndoEmailChangeResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UndoEmailChangeResult']>;
  UnlinkIdentityResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['UnlinkIdentityResult']>;
  UpdateProfileInput: UpdateProfileInput;
  UpdateProfilePayload: ResolverTypeWrapper<Omit<UpdateProfilePayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  User: ResolverTypeWrapper<UserRow>;
  UserConnection: ResolverTypeWrapper<UserConnectionModel>;
  UserEdge: ResolverTypeWrapper<UserEdgeModel>;
  UserSearchConnection: ResolverTypeWrapper<UserSearchConnectionModel>;
  UserSearchEdge: ResolverTypeWrapper<UserSearchEdgeModel>;
  UserViewer: ResolverTypeWrapper<UserViewerModel>;
  VerifyEmailResult: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['VerifyEmailResult']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Account: AccountRow;
  Boolean: Scalars['Boolean']['output'];
  ActiveSession: ActiveSessionRow;
  ID: Scalars['ID']['output'];
  BlockPayload: Omit<BlockPayload, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  ChangeEmailInput: ChangeEmailInput;
  ChangeEmailPayload: Omit<ChangeEmailPayload, 'account'> & { account?: Maybe<ResolversParentTypes['Account']> };
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: ChangePasswordPayload;
  Int: Scalars['Int']['output'];
  CloseAccountPayload: CloseAccountPayload;
  CodeRefused: CodeRefused;
  Comment: Comment;
  ConfirmEmailChangeResult: ResolversUnionTypes<ResolversParentTypes>['ConfirmEmailChangeResult'];
  DateTime: Scalars['DateTime']['output'];
  EmailChangeUndone: EmailChangeUndone;
  EmailTaken: EmailTaken;
  EmailVerified: Omit<EmailVerified, 'account'> & { account?: Maybe<ResolversParentTypes['Account']> };
  EndSessionsPayload: EndSessionsPayload;
  ExchangeOAuthCodeResult: ResolversUnionTypes<ResolversParentTypes>['ExchangeOAuthCodeResult'];
  FollowPayload: Omit<FollowPayload, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  HandleTaken: HandleTaken;
  ImportCredentialInput: ImportCredentialInput;
  ImportCredentialsPayload: ImportCredentialsPayload;
  InvalidCredentials: InvalidCredentials;
  LastWayIn: LastWayIn;
  LinkIdentityResult: ResolversUnionTypes<ResolversParentTypes>['LinkIdentityResult'];
  LinkedIdentitiesPayload: Omit<LinkedIdentitiesPayload, 'identities'> & { identities: Array<ResolversParentTypes['LinkedIdentity']> };
  LinkedIdentity: LinkedIdentityRow;
  LogInInput: LogInInput;
  LogInResult: ResolversUnionTypes<ResolversParentTypes>['LogInResult'];
  MarkNotificationsPayload: MarkNotificationsPayload;
  Media: Media;
  Message: Message;
  Mutation: Record<PropertyKey, never>;
  MutePayload: Omit<MutePayload, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  Notification: NotificationRow;
  NotificationChanged: Omit<NotificationChanged, 'notification'> & { notification?: Maybe<ResolversParentTypes['Notification']> };
  NotificationConnection: NotificationConnectionModel;
  NotificationEdge: NotificationEdgeModel;
  NotificationEvent: NotificationEventModel;
  NotificationRemoved: NotificationRemoved;
  NotificationSetting: NotificationSetting;
  NotificationsMarked: NotificationsMarked;
  NotificationsReset: NotificationsReset;
  OAuthRefused: OAuthRefused;
  PageInfo: PageInfo;
  PasswordReset: PasswordReset;
  Post: Post;
  ProvisionUserInput: ProvisionUserInput;
  ProvisionUsersPayload: Omit<ProvisionUsersPayload, 'users'> & { users?: Maybe<Array<Maybe<ResolversParentTypes['User']>>> };
  Query: Record<PropertyKey, never>;
  RefreshSessionResult: ResolversUnionTypes<ResolversParentTypes>['RefreshSessionResult'];
  RelatedUserConnection: RelatedUserConnectionModel;
  RelatedUserEdge: RelatedUserEdgeModel;
  RequestPasswordResetInput: RequestPasswordResetInput;
  RequestPasswordResetPayload: RequestPasswordResetPayload;
  RequestStepUpCodePayload: RequestStepUpCodePayload;
  ResendVerificationPayload: Omit<ResendVerificationPayload, 'account'> & { account?: Maybe<ResolversParentTypes['Account']> };
  ResetPasswordInput: ResetPasswordInput;
  ResetPasswordResult: ResolversUnionTypes<ResolversParentTypes>['ResetPasswordResult'];
  Room: Room;
  Session: SessionModel;
  SessionEnded: SessionEnded;
  SetNotificationsPayload: SetNotificationsPayload;
  SignUpInput: SignUpInput;
  SignUpResult: ResolversUnionTypes<ResolversParentTypes>['SignUpResult'];
  StepUpInput: StepUpInput;
  StepUpRefused: StepUpRefused;
  StepUpResult: ResolversUnionTypes<ResolversParentTypes>['StepUpResult'];
  SteppedUp: SteppedUp;
  Subscription: Record<PropertyKey, never>;
  SuggestedUser: SuggestedUserModel;
  UndoEmailChangeResult: ResolversUnionTypes<ResolversParentTypes>['UndoEmailChangeResult'];
  UnlinkIdentityResult: ResolversUnionTypes<ResolversParentTypes>['UnlinkIdentityResult'];
  UpdateProfileInput: UpdateProfileInput;
  UpdateProfilePayload: Omit<UpdateProfilePayload, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  User: UserRow;
  UserConnection: UserConnectionModel;
  UserEdge: UserEdgeModel;
  UserSearchConnection: UserSearchConnectionModel;
  UserSearchEdge: UserSearchEdgeModel;
  UserViewer: UserViewerModel;
  VerifyEmailResult: ResolversUnionTypes<ResolversParentTypes>['VerifyEmailResult'];
  String: Scalars['String']['output'];
};

export type SharedDirectiveArgs = {
  startsAt?: Maybe<Scalars['String']['input']>;
};

export type SharedDirectiveResolver<Result, Parent, ContextType = Context, Args = SharedDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AccountResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Account'] = ResolversParentTypes['Account']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  emailVerified?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPassword?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  pendingEmail?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stepUpMethods?: Resolver<Array<ResolversTypes['StepUpMethod']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type ActiveSessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ActiveSession'] = ResolversParentTypes['ActiveSession']> = {
  address?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  device?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isCurrent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lastUsedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type BlockPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['BlockPayload'] = ResolversParentTypes['BlockPayload']> = {
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type ChangeEmailPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangeEmailPayload'] = ResolversParentTypes['ChangeEmailPayload']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
};

export type ChangePasswordPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ChangePasswordPayload'] = ResolversParentTypes['ChangePasswordPayload']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CloseAccountPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CloseAccountPayload'] = ResolversParentTypes['CloseAccountPayload']> = {
  state?: Resolver<ResolversTypes['AccountState'], ParentType, ContextType>;
};

export type CodeRefusedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['CodeRefused'] = ResolversParentTypes['CodeRefused']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CommentResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Comment'] = ResolversParentTypes['Comment']> = {
  nodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ConfirmEmailChangeResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ConfirmEmailChangeResult'] = ResolversParentTypes['ConfirmEmailChangeResult']> = {
  __resolveType: TypeResolveFn<'CodeRefused' | 'EmailTaken' | 'EmailVerified', ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type EmailChangeUndoneResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmailChangeUndone'] = ResolversParentTypes['EmailChangeUndone']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  ended?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EmailTakenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmailTaken'] = ResolversParentTypes['EmailTaken']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EmailVerifiedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EmailVerified'] = ResolversParentTypes['EmailVerified']> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type EndSessionsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['EndSessionsPayload'] = ResolversParentTypes['EndSessionsPayload']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ExchangeOAuthCodeResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ExchangeOAuthCodeResult'] = ResolversParentTypes['ExchangeOAuthCodeResult']> = {
  __resolveType: TypeResolveFn<'OAuthRefused' | 'Session', ParentType, ContextType>;
};

export type FollowPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['FollowPayload'] = ResolversParentTypes['FollowPayload']> = {
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type HandleTakenResolvers<ContextType = Context, ParentType extends ResolversParentTypes['HandleTaken'] = ResolversParentTypes['HandleTaken']> = {
  handle?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ImportCredentialsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ImportCredentialsPayload'] = ResolversParentTypes['ImportCredentialsPayload']> = {
  handles?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
};

export type InvalidCredentialsResolvers<ContextType = Context, ParentType extends ResolversParentTypes['InvalidCredentials'] = ResolversParentTypes['InvalidCredentials']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LastWayInResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LastWayIn'] = ResolversParentTypes['LastWayIn']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LinkIdentityResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LinkIdentityResult'] = ResolversParentTypes['LinkIdentityResult']> = {
  __resolveType: TypeResolveFn<'LinkedIdentitiesPayload' | 'OAuthRefused', ParentType, ContextType>;
};

export type LinkedIdentitiesPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LinkedIdentitiesPayload'] = ResolversParentTypes['LinkedIdentitiesPayload']> = {
  identities?: Resolver<Array<ResolversTypes['LinkedIdentity']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LinkedIdentityResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LinkedIdentity'] = ResolversParentTypes['LinkedIdentity']> = {
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastUsedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  linkedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type LogInResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['LogInResult'] = ResolversParentTypes['LogInResult']> = {
  __resolveType: TypeResolveFn<'InvalidCredentials' | 'Session', ParentType, ContextType>;
};

export type MarkNotificationsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MarkNotificationsPayload'] = ResolversParentTypes['MarkNotificationsPayload']> = {
  unseenCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type MediaResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Media'] = ResolversParentTypes['Media']> = {
  nodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ref?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MessageResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Message'] = ResolversParentTypes['Message']> = {
  nodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type MutationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  acceptFollowRequest?: Resolver<Maybe<ResolversTypes['FollowPayload']>, ParentType, ContextType, RequireFields<MutationAcceptFollowRequestArgs, 'userId'>>;
  block?: Resolver<Maybe<ResolversTypes['BlockPayload']>, ParentType, ContextType, RequireFields<MutationBlockArgs, 'userId'>>;
  cancelFollowRequest?: Resolver<Maybe<ResolversTypes['FollowPayload']>, ParentType, ContextType, RequireFields<MutationCancelFollowRequestArgs, 'userId'>>;
  changeEmail?: Resolver<Maybe<ResolversTypes['ChangeEmailPayload']>, ParentType, ContextType, RequireFields<MutationChangeEmailArgs, 'input'>>;
  changePassword?: Resolver<Maybe<ResolversTypes['ChangePasswordPayload']>, ParentType, ContextType, RequireFields<MutationChangePasswordArgs, 'input'>>;
  confirmEmailChange?: Resolver<Maybe<ResolversTypes['ConfirmEmailChangeResult']>, ParentType, ContextType, RequireFields<MutationConfirmEmailChangeArgs, 'code'>>;
  deactivateAccount?: Resolver<Maybe<ResolversTypes['CloseAccountPayload']>, ParentType, ContextType>;
  deleteAccount?: Resolver<Maybe<ResolversTypes['CloseAccountPayload']>, ParentType, ContextType>;
  exchangeOAuthCode?: Resolver<Maybe<ResolversTypes['ExchangeOAuthCodeResult']>, ParentType, ContextType, RequireFields<MutationExchangeOAuthCodeArgs, 'code' | 'cookie' | 'verifier'>>;
  follow?: Resolver<Maybe<ResolversTypes['FollowPayload']>, ParentType, ContextType, RequireFields<MutationFollowArgs, 'userId'>>;
  importCredentials?: Resolver<Maybe<ResolversTypes['ImportCredentialsPayload']>, ParentType, ContextType, RequireFields<MutationImportCredentialsArgs, 'input'>>;
  linkIdentity?: Resolver<Maybe<ResolversTypes['LinkIdentityResult']>, ParentType, ContextType, RequireFields<MutationLinkIdentityArgs, 'code' | 'verifier'>>;
  logIn?: Resolver<Maybe<ResolversTypes['LogInResult']>, ParentType, ContextType, RequireFields<MutationLogInArgs, 'input'>>;
  logOut?: Resolver<Maybe<ResolversTypes['EndSessionsPayload']>, ParentType, ContextType, Partial<MutationLogOutArgs>>;
  markAllNotificationsRead?: Resolver<Maybe<ResolversTypes['MarkNotificationsPayload']>, ParentType, ContextType, RequireFields<MutationMarkAllNotificationsReadArgs, 'until'>>;
  markNotificationsRead?: Resolver<Maybe<ResolversTypes['MarkNotificationsPayload']>, ParentType, ContextType, RequireFields<MutationMarkNotificationsReadArgs, 'ids'>>;
  markNotificationsSeen?: Resolver<Maybe<ResolversTypes['MarkNotificationsPayload']>, ParentType, ContextType, RequireFields<MutationMarkNotificationsSeenArgs, 'until'>>;
  mute?: Resolver<Maybe<ResolversTypes['MutePayload']>, ParentType, ContextType, RequireFields<MutationMuteArgs, 'userId'>>;
  provisionUsers?: Resolver<Maybe<ResolversTypes['ProvisionUsersPayload']>, ParentType, ContextType, RequireFields<MutationProvisionUsersArgs, 'input'>>;
  refreshSession?: Resolver<Maybe<ResolversTypes['RefreshSessionResult']>, ParentType, ContextType, Partial<MutationRefreshSessionArgs>>;
  rejectFollowRequest?: Resolver<Maybe<ResolversTypes['FollowPayload']>, ParentType, ContextType, RequireFields<MutationRejectFollowRequestArgs, 'userId'>>;
  removeFollower?: Resolver<Maybe<ResolversTypes['FollowPayload']>, ParentType, ContextType, RequireFields<MutationRemoveFollowerArgs, 'userId'>>;
  requestPasswordReset?: Resolver<Maybe<ResolversTypes['RequestPasswordResetPayload']>, ParentType, ContextType, RequireFields<MutationRequestPasswordResetArgs, 'input'>>;
  requestStepUpCode?: Resolver<Maybe<ResolversTypes['RequestStepUpCodePayload']>, ParentType, ContextType>;
  resendVerification?: Resolver<Maybe<ResolversTypes['ResendVerificationPayload']>, ParentType, ContextType>;
  resetPassword?: Resolver<Maybe<ResolversTypes['ResetPasswordResult']>, ParentType, ContextType, RequireFields<MutationResetPasswordArgs, 'input'>>;
  revokeAllSessions?: Resolver<Maybe<ResolversTypes['EndSessionsPayload']>, ParentType, ContextType>;
  revokeOtherSessions?: Resolver<Maybe<ResolversTypes['EndSessionsPayload']>, ParentType, ContextType>;
  revokeSession?: Resolver<Maybe<ResolversTypes['EndSessionsPayload']>, ParentType, ContextType, RequireFields<MutationRevokeSessionArgs, 'id'>>;
  setNotifications?: Resolver<Maybe<ResolversTypes['SetNotificationsPayload']>, ParentType, ContextType, RequireFields<MutationSetNotificationsArgs, 'enabled' | 'type'>>;
  signUp?: Resolver<Maybe<ResolversTypes['SignUpResult']>, ParentType, ContextType, RequireFields<MutationSignUpArgs, 'input'>>;
  stepUp?: Resolver<Maybe<ResolversTypes['StepUpResult']>, ParentType, ContextType, RequireFields<MutationStepUpArgs, 'input'>>;
  unblock?: Resolver<Maybe<ResolversTypes['BlockPayload']>, ParentType, ContextType, RequireFields<MutationUnblockArgs, 'userId'>>;
  undoEmailChange?: Resolver<Maybe<ResolversTypes['UndoEmailChangeResult']>, ParentType, ContextType, RequireFields<MutationUndoEmailChangeArgs, 'token'>>;
  unfollow?: Resolver<Maybe<ResolversTypes['FollowPayload']>, ParentType, ContextType, RequireFields<MutationUnfollowArgs, 'userId'>>;
  unlinkIdentity?: Resolver<Maybe<ResolversTypes['UnlinkIdentityResult']>, ParentType, ContextType, RequireFields<MutationUnlinkIdentityArgs, 'provider'>>;
  unmute?: Resolver<Maybe<ResolversTypes['MutePayload']>, ParentType, ContextType, RequireFields<MutationUnmuteArgs, 'userId'>>;
  updateProfile?: Resolver<Maybe<ResolversTypes['UpdateProfilePayload']>, ParentType, ContextType, RequireFields<MutationUpdateProfileArgs, 'input'>>;
  verifyEmail?: Resolver<Maybe<ResolversTypes['VerifyEmailResult']>, ParentType, ContextType, RequireFields<MutationVerifyEmailArgs, 'code'>>;
};

export type MutePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['MutePayload'] = ResolversParentTypes['MutePayload']> = {
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type NodeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Comment' | 'Media' | 'Message' | 'Notification' | 'Post' | 'Room' | 'User', ParentType, ContextType>;
};

export type NotificationResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Notification'] = ResolversParentTypes['Notification'], FederationReferenceType extends FederationReferenceTypes['Notification'] = FederationReferenceTypes['Notification']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Notification']> | FederationReferenceType, FederationReferenceType, ContextType>;
  actorCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  actors?: Resolver<Array<ResolversTypes['User']>, ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  comment?: Resolver<Maybe<ResolversTypes['Comment']>, ParentType, ContextType>;
  device?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isRead?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isSeen?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  nodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  post?: Resolver<Maybe<ResolversTypes['Post']>, ParentType, ContextType>;
  room?: Resolver<Maybe<ResolversTypes['Room']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['NotificationType'], ParentType, ContextType>;
  updatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotificationChangedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationChanged'] = ResolversParentTypes['NotificationChanged']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  notification?: Resolver<Maybe<ResolversTypes['Notification']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotificationConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationConnection'] = ResolversParentTypes['NotificationConnection']> = {
  edges?: Resolver<Array<ResolversTypes['NotificationEdge']>, ParentType, ContextType>;
  eventCursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  unseenCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type NotificationEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationEdge'] = ResolversParentTypes['NotificationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Notification']>, ParentType, ContextType>;
};

export type NotificationEventResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationEvent'] = ResolversParentTypes['NotificationEvent']> = {
  __resolveType: TypeResolveFn<'NotificationChanged' | 'NotificationRemoved' | 'NotificationsMarked' | 'NotificationsReset', ParentType, ContextType>;
};

export type NotificationRemovedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationRemoved'] = ResolversParentTypes['NotificationRemoved']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotificationSettingResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationSetting'] = ResolversParentTypes['NotificationSetting']> = {
  enabled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['NotificationType'], ParentType, ContextType>;
};

export type NotificationsMarkedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationsMarked'] = ResolversParentTypes['NotificationsMarked']> = {
  allRead?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NotificationsResetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['NotificationsReset'] = ResolversParentTypes['NotificationsReset']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OAuthRefusedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['OAuthRefused'] = ResolversParentTypes['OAuthRefused']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['OAuthRefusal'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PasswordResetResolvers<ContextType = Context, ParentType extends ResolversParentTypes['PasswordReset'] = ResolversParentTypes['PasswordReset']> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PostResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Post'] = ResolversParentTypes['Post']> = {
  nodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ProvisionUsersPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ProvisionUsersPayload'] = ResolversParentTypes['ProvisionUsersPayload']> = {
  users?: Resolver<Maybe<Array<Maybe<ResolversTypes['User']>>>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  blockedUsers?: Resolver<Maybe<ResolversTypes['RelatedUserConnection']>, ParentType, ContextType, Partial<QueryBlockedUsersArgs>>;
  followRequests?: Resolver<Maybe<ResolversTypes['RelatedUserConnection']>, ParentType, ContextType, Partial<QueryFollowRequestsArgs>>;
  linkedIdentities?: Resolver<Maybe<Array<ResolversTypes['LinkedIdentity']>>, ParentType, ContextType>;
  me?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  mutedUsers?: Resolver<Maybe<ResolversTypes['RelatedUserConnection']>, ParentType, ContextType, Partial<QueryMutedUsersArgs>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<Maybe<Array<Maybe<ResolversTypes['Node']>>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
  notificationSettings?: Resolver<Maybe<Array<ResolversTypes['NotificationSetting']>>, ParentType, ContextType>;
  notifications?: Resolver<Maybe<ResolversTypes['NotificationConnection']>, ParentType, ContextType, Partial<QueryNotificationsArgs>>;
  searchUsers?: Resolver<Maybe<ResolversTypes['UserSearchConnection']>, ParentType, ContextType, RequireFields<QuerySearchUsersArgs, 'query'>>;
  sentFollowRequests?: Resolver<Maybe<ResolversTypes['RelatedUserConnection']>, ParentType, ContextType, Partial<QuerySentFollowRequestsArgs>>;
  sessions?: Resolver<Maybe<Array<ResolversTypes['ActiveSession']>>, ParentType, ContextType>;
  suggestedUsers?: Resolver<Maybe<Array<ResolversTypes['SuggestedUser']>>, ParentType, ContextType, Partial<QuerySuggestedUsersArgs>>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType, Partial<QueryUserArgs>>;
};

export type RefreshSessionResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RefreshSessionResult'] = ResolversParentTypes['RefreshSessionResult']> = {
  __resolveType: TypeResolveFn<'Session' | 'SessionEnded', ParentType, ContextType>;
};

export type RelatedUserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RelatedUserConnection'] = ResolversParentTypes['RelatedUserConnection']> = {
  edges?: Resolver<Array<ResolversTypes['RelatedUserEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RelatedUserEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RelatedUserEdge'] = ResolversParentTypes['RelatedUserEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type RequestPasswordResetPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RequestPasswordResetPayload'] = ResolversParentTypes['RequestPasswordResetPayload']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RequestStepUpCodePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['RequestStepUpCodePayload'] = ResolversParentTypes['RequestStepUpCodePayload']> = {
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ResendVerificationPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResendVerificationPayload'] = ResolversParentTypes['ResendVerificationPayload']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
};

export type ResetPasswordResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['ResetPasswordResult'] = ResolversParentTypes['ResetPasswordResult']> = {
  __resolveType: TypeResolveFn<'CodeRefused' | 'PasswordReset', ParentType, ContextType>;
};

export type RoomResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Room'] = ResolversParentTypes['Room']> = {
  nodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SessionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  refreshExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  refreshToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SessionEndedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SessionEnded'] = ResolversParentTypes['SessionEnded']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SetNotificationsPayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SetNotificationsPayload'] = ResolversParentTypes['SetNotificationsPayload']> = {
  settings?: Resolver<Maybe<Array<ResolversTypes['NotificationSetting']>>, ParentType, ContextType>;
};

export type SignUpResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SignUpResult'] = ResolversParentTypes['SignUpResult']> = {
  __resolveType: TypeResolveFn<'EmailTaken' | 'HandleTaken' | 'Session', ParentType, ContextType>;
};

export type StepUpRefusedResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StepUpRefused'] = ResolversParentTypes['StepUpRefused']> = {
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type StepUpResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['StepUpResult'] = ResolversParentTypes['StepUpResult']> = {
  __resolveType: TypeResolveFn<'StepUpRefused' | 'SteppedUp', ParentType, ContextType>;
};

export type SteppedUpResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SteppedUp'] = ResolversParentTypes['SteppedUp']> = {
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  notifications?: SubscriptionResolver<Maybe<ResolversTypes['NotificationEvent']>, "notifications", ParentType, ContextType, Partial<SubscriptionNotificationsArgs>>;
};

export type SuggestedUserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['SuggestedUser'] = ResolversParentTypes['SuggestedUser']> = {
  followedByCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type UndoEmailChangeResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UndoEmailChangeResult'] = ResolversParentTypes['UndoEmailChangeResult']> = {
  __resolveType: TypeResolveFn<'CodeRefused' | 'EmailChangeUndone' | 'EmailTaken', ParentType, ContextType>;
};

export type UnlinkIdentityResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UnlinkIdentityResult'] = ResolversParentTypes['UnlinkIdentityResult']> = {
  __resolveType: TypeResolveFn<'LastWayIn' | 'LinkedIdentitiesPayload', ParentType, ContextType>;
};

export type UpdateProfilePayloadResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UpdateProfilePayload'] = ResolversParentTypes['UpdateProfilePayload']> = {
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type UserResolvers<ContextType = Context, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'], FederationReferenceType extends FederationReferenceTypes['User'] = FederationReferenceTypes['User']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['User']> | FederationReferenceType, FederationReferenceType, ContextType>;
  avatar?: Resolver<Maybe<ResolversTypes['Media']>, ParentType, ContextType>;
  banner?: Resolver<Maybe<ResolversTypes['Media']>, ParentType, ContextType>;
  bio?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  followerCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  followers?: Resolver<Maybe<ResolversTypes['UserConnection']>, ParentType, ContextType, Partial<UserFollowersArgs>>;
  following?: Resolver<Maybe<ResolversTypes['UserConnection']>, ParentType, ContextType, Partial<UserFollowingArgs>>;
  followingCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  handle?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isPrivate?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  link?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  nodeId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  pronouns?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  viewer?: Resolver<Maybe<ResolversTypes['UserViewer']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UserConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = {
  edges?: Resolver<Array<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UserEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  followedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type UserSearchConnectionResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserSearchConnection'] = ResolversParentTypes['UserSearchConnection']> = {
  edges?: Resolver<Array<ResolversTypes['UserSearchEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type UserSearchEdgeResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserSearchEdge'] = ResolversParentTypes['UserSearchEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type UserViewerResolvers<ContextType = Context, ParentType extends ResolversParentTypes['UserViewer'] = ResolversParentTypes['UserViewer']> = {
  blocks?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  followRequested?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  follows?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isFollowRequestedBy?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isFollowedBy?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isSelf?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  mutes?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type VerifyEmailResultResolvers<ContextType = Context, ParentType extends ResolversParentTypes['VerifyEmailResult'] = ResolversParentTypes['VerifyEmailResult']> = {
  __resolveType: TypeResolveFn<'CodeRefused' | 'EmailVerified', ParentType, ContextType>;
};

export type Resolvers<ContextType = Context> = {
  Account?: AccountResolvers<ContextType>;
  ActiveSession?: ActiveSessionResolvers<ContextType>;
  BlockPayload?: BlockPayloadResolvers<ContextType>;
  ChangeEmailPayload?: ChangeEmailPayloadResolvers<ContextType>;
  ChangePasswordPayload?: ChangePasswordPayloadResolvers<ContextType>;
  CloseAccountPayload?: CloseAccountPayloadResolvers<ContextType>;
  CodeRefused?: CodeRefusedResolvers<ContextType>;
  Comment?: CommentResolvers<ContextType>;
  ConfirmEmailChangeResult?: ConfirmEmailChangeResultResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  EmailChangeUndone?: EmailChangeUndoneResolvers<ContextType>;
  EmailTaken?: EmailTakenResolvers<ContextType>;
  EmailVerified?: EmailVerifiedResolvers<ContextType>;
  EndSessionsPayload?: EndSessionsPayloadResolvers<ContextType>;
  ExchangeOAuthCodeResult?: ExchangeOAuthCodeResultResolvers<ContextType>;
  FollowPayload?: FollowPayloadResolvers<ContextType>;
  HandleTaken?: HandleTakenResolvers<ContextType>;
  ImportCredentialsPayload?: ImportCredentialsPayloadResolvers<ContextType>;
  InvalidCredentials?: InvalidCredentialsResolvers<ContextType>;
  LastWayIn?: LastWayInResolvers<ContextType>;
  LinkIdentityResult?: LinkIdentityResultResolvers<ContextType>;
  LinkedIdentitiesPayload?: LinkedIdentitiesPayloadResolvers<ContextType>;
  LinkedIdentity?: LinkedIdentityResolvers<ContextType>;
  LogInResult?: LogInResultResolvers<ContextType>;
  MarkNotificationsPayload?: MarkNotificationsPayloadResolvers<ContextType>;
  Media?: MediaResolvers<ContextType>;
  Message?: MessageResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  MutePayload?: MutePayloadResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  Notification?: NotificationResolvers<ContextType>;
  NotificationChanged?: NotificationChangedResolvers<ContextType>;
  NotificationConnection?: NotificationConnectionResolvers<ContextType>;
  NotificationEdge?: NotificationEdgeResolvers<ContextType>;
  NotificationEvent?: NotificationEventResolvers<ContextType>;
  NotificationRemoved?: NotificationRemovedResolvers<ContextType>;
  NotificationSetting?: NotificationSettingResolvers<ContextType>;
  NotificationsMarked?: NotificationsMarkedResolvers<ContextType>;
  NotificationsReset?: NotificationsResetResolvers<ContextType>;
  OAuthRefused?: OAuthRefusedResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PasswordReset?: PasswordResetResolvers<ContextType>;
  Post?: PostResolvers<ContextType>;
  ProvisionUsersPayload?: ProvisionUsersPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RefreshSessionResult?: RefreshSessionResultResolvers<ContextType>;
  RelatedUserConnection?: RelatedUserConnectionResolvers<ContextType>;
  RelatedUserEdge?: RelatedUserEdgeResolvers<ContextType>;
  RequestPasswordResetPayload?: RequestPasswordResetPayloadResolvers<ContextType>;
  RequestStepUpCodePayload?: RequestStepUpCodePayloadResolvers<ContextType>;
  ResendVerificationPayload?: ResendVerificationPayloadResolvers<ContextType>;
  ResetPasswordResult?: ResetPasswordResultResolvers<ContextType>;
  Room?: RoomResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  SessionEnded?: SessionEndedResolvers<ContextType>;
  SetNotificationsPayload?: SetNotificationsPayloadResolvers<ContextType>;
  SignUpResult?: SignUpResultResolvers<ContextType>;
  StepUpRefused?: StepUpRefusedResolvers<ContextType>;
  StepUpResult?: StepUpResultResolvers<ContextType>;
  SteppedUp?: SteppedUpResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  SuggestedUser?: SuggestedUserResolvers<ContextType>;
  UndoEmailChangeResult?: UndoEmailChangeResultResolvers<ContextType>;
  UnlinkIdentityResult?: UnlinkIdentityResultResolvers<ContextType>;
  UpdateProfilePayload?: UpdateProfilePayloadResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserConnection?: UserConnectionResolvers<ContextType>;
  UserEdge?: UserEdgeResolvers<ContextType>;
  UserSearchConnection?: UserSearchConnectionResolvers<ContextType>;
  UserSearchEdge?: UserSearchEdgeResolvers<ContextType>;
  UserViewer?: UserViewerResolvers<ContextType>;
  VerifyEmailResult?: VerifyEmailResultResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = Context> = {
  shared?: SharedDirectiveResolver<any, any, ContextType>;
};
