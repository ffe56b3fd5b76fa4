import DataLoader from 'dataloader';

/** A subgraph with entities, lists, references to entities of others and a loader: what ours are made of. */
export const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key"])
  enum Visibility { PUBLIC FOLLOWERS }
  type Query { post(id: ID!): Post }
  type Post @key(fields: "id") {
    id: ID!
    text: String!
    createdAt: String!
    visibility: Visibility!
    likeCount: Int!
    viewerHasLiked: Boolean!
    author: User
    comments(first: Int = 3): [Comment!]!
  }
  type Comment @key(fields: "id") { id: ID!  text: String!  author: User }
  type User @key(fields: "id", resolvable: false) { id: ID! }
`;

interface Post {
  id: string;
  authorId: string;
  comments: { id: string; text: string; authorId: string }[];
}

export interface Context {
  posts: DataLoader<string, Post | null>;
}

const COUNT = 70;
const words = 'the of a post about nothing in particular which somebody wrote down on a quiet evening'.split(' ');
const sentence = (length: number, from: number): string =>
  Array.from({ length }, (_, i) => words[(from + i * 7) % words.length]).join(' ');

const posts = new Map<string, Post>(
  Array.from({ length: COUNT }, (_, i) => {
    const id = `pst_0192b3c4-7d1e-7000-8000-${String(i).padStart(12, '0')}`;
    const comments = Array.from({ length: 3 }, (_, n) => ({
      id: `cmt_0192b3c4-7d1e-7000-8000-${String(i * 3 + n).padStart(12, '0')}`,
      text: sentence(8, i + n),
      authorId: `usr_0192b3c4-7d1e-7000-8000-${String((i + n) % 20).padStart(12, '0')}`,
    }));
    const rest = { visibility: i % 4 === 0 ? 'FOLLOWERS' : 'PUBLIC', likeCount: i * 3, viewerHasLiked: i % 3 === 0 };
    const authorId = `usr_0192b3c4-7d1e-7000-8000-${String(i % 20).padStart(12, '0')}`;
    return [id, { id, text: sentence(25, i), createdAt: '2026-01-31T12:00:00.000Z', ...rest, authorId, comments }];
  }),
);

/** A batch takes a turn of the event loop, as an answer of a database does at the least. */
export const createContext = (): Context => ({
  posts: new DataLoader(async (ids) => {
    await new Promise((resolve) => setImmediate(resolve));
    return ids.map((id) => posts.get(id) ?? null);
  }),
});

const author = ({ authorId }: { authorId: string }) => ({ id: authorId });

export const resolvers = {
  Query: { post: (_: unknown, { id }: { id: string }) => posts.get(id) },
  Post: {
    // A copy, as rows are new each time: federation writes the type's name into it.
    __resolveReference: async ({ id }: { id: string }, context: Context) => ({ ...(await context.posts.load(id)) }),
    author,
    comments: ({ comments }: Post, { first }: { first: number }) => comments.slice(0, first),
  },
  Comment: { author },
};

const ids = [...posts.keys()];

/** What is asked: an entity list of 65 kB as the router asks for it, and a single light field. */
export const requests = {
  heavy: JSON.stringify({
    query:
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Post { id text createdAt visibility likeCount ' +
      'viewerHasLiked author { __typename id } comments(first: 3) { id text author { __typename id } } } } }',
    variables: { r: ids.map((id) => ({ __typename: 'Post', id })) },
  }),
  light: JSON.stringify({ query: 'query ($id: ID!) { post(id: $id) { text } }', variables: { id: ids[0] } }),
} as const;
