import type { CodegenConfig } from '@graphql-codegen/cli';

/** Which row stands behind each type of a subgraph while its fields resolve, as path#export from the generated file. */
const mappers: Record<string, Record<string, string>> = {
  users: {
    User: '../user/user.model.ts#UserRow',
    UserConnection: '../user/user.model.ts#UserConnectionModel',
    UserEdge: '../user/user.model.ts#UserEdgeModel',
    Session: '../account/account.model.ts#SessionModel',
  },
  posts: {
    Post: '../post/post.model.ts#PostRow',
    Comment: '../comment/comment.model.ts#CommentRow',
    User: '../author/author.model.ts#AuthorRef',
    CommentConnection: '../comment/comment.model.ts#CommentConnectionModel',
  },
  chat: {
    Room: '../room/room.model.ts#RoomRow',
    Message: '../message/message.model.ts#MessageRow',
    RoomEvent: '../live/live.model.ts#RoomEventModel',
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

const subgraphs = Object.entries(mappers).map(([name, mapped]) => [
  `subgraphs/${name}/src/__generated__/resolvers.ts`,
  {
    schema: `schema/${name}.graphql`,
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      ...common,
      federation: true,
      contextType: '../context.ts#Context',
      mappers: mapped,
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
  },
};

export default config;
