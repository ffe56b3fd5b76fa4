import path from 'node:path';

/** The checkout: every path of the local stack is relative to it. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

export const SUBGRAPHS = ['users', 'posts', 'chat', 'media'] as const;
export type Subgraph = (typeof SUBGRAPHS)[number];

export const SERVICES = [...SUBGRAPHS, 'router'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** @returns the package folder of a service. */
export const serviceDir = (name: ServiceName): string =>
  name === 'router' ? path.join(ROOT, 'router') : path.join(ROOT, 'subgraphs', name);

/** @returns the folder with a subgraph's Prisma schema and migrations. */
export const prismaDir = (name: Subgraph): string => path.join(serviceDir(name), 'prisma');

/** One value per subgraph, typed by its name. */
export function perSubgraph<T>(make: (name: Subgraph) => T): Record<Subgraph, T> {
  return { users: make('users'), posts: make('posts'), chat: make('chat'), media: make('media') };
}
