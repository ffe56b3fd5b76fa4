import { TypedDocumentString } from '@chorus/sdk';
import type { Bulk } from './bulk.ts';
import { forEachOf, inGroups } from './limiter.ts';

const Counts = new TypedDocumentString<
  { nodes: ({ id?: string; followingCount?: number } | null)[] | null },
  { ids: string[] }
>('query FollowingCounts($ids: [ID!]!) { nodes(ids: $ids) { ... on User { id followingCount } } }');

interface Page {
  user: {
    following: {
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
      edges: { node: { id: string } | null }[];
    } | null;
  } | null;
}
const Following = new TypedDocumentString<Page, { id: string; after: string | null }>(
  `query FollowingIds($id: ID!, $after: String) {
    user(id: $id) { following(first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id } } } }
  }`,
);

/** What an earlier run has stored already: reading who follows whom is several times faster than following again. */
export interface Followed {
  /** Learns whether these people follow anybody, before this run makes them. */
  meet(ids: readonly string[]): Promise<void>;
  /** @returns whom this person followed before this run, at least; empty for one who followed nobody when first met */
  by(id: string): Promise<ReadonlySet<string>>;
}

export function createFollowed(bulk: Bulk, concurrency: number): Followed {
  const met = new Set<string>();
  const following = new Set<string>();
  return {
    async meet(ids) {
      const unmet = ids.filter((id) => !met.has(id));
      await forEachOf(inGroups(unmet, 100), concurrency, async (group) => {
        for (const node of (await bulk.request(Counts, { ids: group })).nodes ?? []) {
          if (node?.id !== undefined && (node.followingCount ?? 0) > 0) following.add(node.id);
        }
        for (const id of group) met.add(id);
      });
    },
    async by(id) {
      const followed = new Set<string>();
      if (!following.has(id)) return followed;
      for (let after: string | null = null; ;) {
        const { user }: Page = await bulk.request(Following, { id, after });
        for (const { node } of user?.following?.edges ?? []) if (node) followed.add(node.id);
        after = user?.following?.pageInfo.endCursor ?? null;
        if (!user?.following?.pageInfo.hasNextPage) return followed;
      }
    },
  };
}
