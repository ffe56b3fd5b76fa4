import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** The usual demonstration of federation, written in version 1, which every gateway reads. */
export const subgraphSdl = {
  accounts: `
    extend type Query { me: User  user(id: ID!): User  users: [User] }
    type User @key(fields: "id") { id: ID!  name: String  username: String  birthday: String }
  `,
  inventory: `
    extend type Product @key(fields: "upc") {
      upc: String! @external
      weight: Int @external
      price: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }
  `,
  products: `
    extend type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String!  name: String  price: Int  weight: Int }
  `,
  reviews: `
    type Review @key(fields: "id") { id: ID!  body: String  author: User  product: Product }
    extend type User @key(fields: "id") { id: ID! @external  reviews: [Review] }
    extend type Product @key(fields: "upc") { upc: String! @external  reviews: [Review] }
  `,
} as const;

export type SubgraphName = keyof typeof subgraphSdl;
export const subgraphNames = Object.keys(subgraphSdl) as SubgraphName[];

/** @param url where a subgraph answers */
export function composeSupergraph(url: (name: SubgraphName) => string): string {
  const composed = composeServices(
    subgraphNames.map((name) => ({ name, url: url(name), typeDefs: parse(subgraphSdl[name]) })),
  );
  if (composed.supergraphSdl === undefined) throw new AggregateError(composed.errors ?? [], 'does not compose');
  return composed.supergraphSdl;
}
