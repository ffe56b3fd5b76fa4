import type { CodegenConfig } from '@graphql-codegen/cli';
import { type Subgraph, SUBGRAPHS } from './dev/src/layout.ts';

/** Which row stands behind each type of a subgraph while its fields resolve, as path#export from the generated file. */
const mappers: Partial<Record<Subgraph, Record<string, string>>> = {
  users: {
    User: '../user/user.model.ts#UserRow',
    UserConnection: '../follow/follow.model.ts#UserConnectionModel',
    UserEdge: '../follow/follow.model.ts#UserEdgeModel',
    UserViewer: '../relation/relation.model.ts#UserViewerModel',
    UserSearchConnection: '../search/search.model.ts#UserSearchConnectionModel',
    UserSearchEdge: '../search/search.model.ts#UserSearchEdgeModel',
    SuggestedUser: '../suggestion/suggestion.model.ts#SuggestedUserModel',
    RelatedUserConnection: '../relation/relation.model.ts#RelatedUserConnectionModel',
    RelatedUserEdge: '../relation/relation.model.ts#RelatedUserEdgeModel',
    Account: '../account/account.model.ts#AccountRow',
    Notification: '../notification/notification.model.ts#NotificationRow',
    NotificationConnection: '../notification/notification.model.ts#NotificationConnectionModel',
    NotificationEdge: '../notification/notification.model.ts#NotificationEdgeModel',
    NotificationEvent: '../notification/notification.model.ts#NotificationEventModel',
    Session: '../session/session.model.ts#SessionModel',
    ActiveSession: '../session/session.model.ts#ActiveSessionRow',
    LinkedIdentity: '../identity/identity.model.ts#LinkedIdentityRow',
  },
  posts: {
    Post: '../post/post.model.ts#PostRow',
    PostConnection: '../post/post.model.ts#PostConnectionModel',
    PostEdge: '../post/post.model.ts#PostEdgeModel',
    Comment: '../comment/comment.model.ts#CommentRow',
    CommentConnection: '../comment/comment.model.ts#CommentConnectionModel',
    CommentEdge: '../comment/comment.model.ts#CommentEdgeModel',
    User: '../author/author.model.ts#AuthorRef',
  },
  chat: {
    Room: '../room/room.model.ts#RoomRow',
    Message: '../message/message.model.ts#MessageRow',
    MessageEdit: '../message/message.model.ts#MessageEditRow',
    RoomViewer: '../read-state/read-state.model.ts#RoomViewerRow',
    MessageReaction: '../reaction/reaction.model.ts#ReactionModel',
    RoomInvitation: '../invitation/invitation.model.ts#InvitationRow',
    RoomBanEdge: '../member/member.model.ts#BanEdgeModel',
    RoomMemberEdge: '../member/member.model.ts#MemberEdgeModel',
    RoomEvent: '../live/live.model.ts#RoomEventModel',
    InboxEvent: '../inbox/inbox.stream.ts#InboxEventModel',
  },
  media: {
    Media: '../media/media.model.ts#MediaRow',
  },
};

const common = {
  useTypeImports: true,
  enumsAsTypes: true,
  importExtension: '.ts' as const,
  defaultScalarType: 'unknown',
};

const subgraphs = SUBGRAPHS.map((name) => [
  `subgraphs/${name}/src/__generated__/resolvers.ts`,
  {
    schema: `schema/${name}.graphql`,
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      ...common,
      federation: true,
      contextType: '../context.ts#Context',
      mappers: mappers[name] ?? {},
      scalars: {
        DateTime: 'Date',
        ...(name === 'media' && { Upload: 'Promise<import("graphql-upload-minimal").FileUpload>' }),
      },
    },
  },
]);

const config: CodegenConfig = {
  silent: true,
  errorsOnly: true,
  generates: {
    ...Object.fromEntries(subgraphs),
    'clients/sdk/src/__generated__/': {
      schema: 'schema/api.graphql',
      documents: 'clients/sdk/src/operations/*.graphql',
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { ...common, scalars: { ID: 'string', DateTime: 'string', Upload: 'Blob' }, documentMode: 'string' },
    },
    // What a router in safelist mode lets run: SAFELIST_PATH.
    'clients/sdk/persisted-queries.json': {
      schema: 'schema/api.graphql',
      documents: 'clients/sdk/src/operations/*.graphql',
      plugins: ['./dev/src/manifest-plugin.ts'],
    },
  },
};

export default config;
