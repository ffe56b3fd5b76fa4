/** What the subgraphs know: 6 people, 9 products, and 27 reviews, each person's of other products. */
const people = [
  ['Uri Goldberg', '@uri'],
  ['Dana Holt', '@dana'],
  ['Kamil Novak', '@kamil'],
  ['Amara Okafor', '@amara'],
  ['Dotan Levi', '@dotan'],
  ['Ines Duarte', '@ines'],
] as const;
const goods = [
  ['Table', 899, 100],
  ['Couch', 1299, 1000],
  ['Glass', 15, 20],
  ['Chair', 499, 100],
  ['TV', 1299, 1000],
  ['Lamp', 69, 12],
  ['Grill', 369, 1000],
  ['Fridge', 1999, 800],
  ['Sofa', 2999, 1200],
] as const;
const reviewed = [
  [6, 8, 1, 5, 7],
  [3, 9, 4, 2, 7],
  [5, 1, 7, 9, 8],
  [9, 2, 8, 1],
  [7, 2, 1, 8],
  [5, 9, 6, 2],
] as const;
const opinions = [
  'Love it!',
  'Too expensive.',
  'Could be better.',
  'Prefer something else.',
  'Sturdy, and easy to put together.',
  'The colour is not that of the picture.',
  'Delivered within two days.',
] as const;

export const users = people.map(([name, username], i) => ({
  id: String(i + 1),
  name,
  username,
  birthday: '1990-01-01',
}));
export const products = goods.map(([name, price, weight], i) => ({ upc: String(i + 1), name, price, weight }));
export const reviews = reviewed
  .flatMap((upcs, person) => upcs.map((upc) => ({ person, upc })))
  .map(({ person, upc }, i) => ({
    id: String(i + 1),
    body: opinions[i % opinions.length],
    author: { __typename: 'User', id: String(person + 1) },
    product: { __typename: 'Product', upc: String(upc) },
  }));

interface Representation {
  id: string;
  upc: string;
  price?: number;
  weight?: number;
}

const byKey = {
  User: ({ id }: Representation) => users.find((user) => user.id === id),
  Product: ({ upc }: Representation) => products.find((product) => product.upc === upc),
};

/** By subgraph; each has only what its schema asks for. */
export const resolvers = {
  accounts: {
    Query: {
      me: () => users[0],
      user: (_: unknown, { id }: { id: string }) => users.find((u) => u.id === id),
      users: () => users,
    },
    User: { __resolveReference: byKey.User },
  },
  inventory: {
    Product: {
      __resolveReference: (product: Representation) => product,
      inStock: ({ upc }: Representation) => Number(upc) % 3 !== 0,
      shippingEstimate: ({ price = 0, weight = 0 }: Representation) => (price > 1000 ? 0 : Math.round(weight / 2)),
    },
  },
  products: {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: byKey.Product },
  },
  reviews: {
    Review: { __resolveReference: ({ id }: Representation) => reviews.find((review) => review.id === id) },
    User: {
      __resolveReference: (user: Representation) => user,
      reviews: ({ id }: Representation) => reviews.filter((review) => review.author.id === id),
    },
    Product: {
      __resolveReference: (product: Representation) => product,
      reviews: ({ upc }: Representation) => reviews.filter((review) => review.product.upc === upc),
    },
  },
};
