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

/** The variable that names a subgraph's database, where one environment serves several. */
export const databaseVariable = (name: Subgraph): DatabaseVariable =>
  `${name.toUpperCase() as Uppercase<Subgraph>}_DATABASE_URL`;
export type DatabaseVariable = `${Uppercase<Subgraph>}_DATABASE_URL`;

/** One value per subgraph, typed by its name. */
export const perSubgraph = <T>(make: (name: Subgraph) => T): Record<Subgraph, T> => per(SUBGRAPHS, make);

/** One value per service, typed by its name. */
export const perService = <T>(make: (name: ServiceName) => T): Record<ServiceName, T> => per(SERVICES, make);

const per = <Name extends string, T>(names: readonly Name[], make: (name: Name) => T): Record<Name, T> =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, T>;
