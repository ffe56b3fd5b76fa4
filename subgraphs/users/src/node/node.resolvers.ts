import { badInput } from '@chorus/kit/errors';
import { idPrefix } from '@chorus/kit/ids';
import type { Resolvers } from '../__generated__/resolvers.ts';
import type { Loaders } from '../context.ts';

const MAX_NODES = 100;

/** Whose ids have which prefix. Their subgraphs say whether the object exists and may be seen. */
const stubs = { pst: 'Post', cmt: 'Comment', rom: 'Room', msg: 'Message' } as const;
const isStub = (prefix: string): prefix is keyof typeof stubs => Object.hasOwn(stubs, prefix);

async function findNode(id: string, loaders: Loaders) {
  const prefix = idPrefix(id);
  if (prefix === null) return null;
  if (prefix === 'usr') return loaders.users.byId.load(id);
  if (prefix === 'ntf') return loaders.notifications.byId.load(id);
  // Without a grant: media answers its owner, and others what is public.
  if (prefix === 'med') return { __typename: 'Media' as const, ref: id, nodeId: id };
  return isStub(prefix) ? { __typename: stubs[prefix], nodeId: id } : null;
}

export const nodeResolvers: Pick<Resolvers, 'Query' | 'Node'> = {
  Query: {
    node: (_, { id }, { loaders }) => findNode(id, loaders),
    nodes(_, { ids }, { loaders }) {
      if (ids.length > MAX_NODES) throw badInput('ids', `Ask for at most ${MAX_NODES} objects at once.`);
      return Promise.all(ids.map((id) => findNode(id, loaders)));
    },
  },
  Node: {
    __resolveType(node) {
      if ('handle' in node) return 'User';
      return 'newsSeq' in node ? 'Notification' : (node.__typename ?? null);
    },
  },
};
