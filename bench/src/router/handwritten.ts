import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Connection } from '../harness/connection.ts';
import { operations, requestBody } from './operations.ts';

/**
 * The bound: a server that somebody wrote by hand for these two operations and no others, over the light HTTP client of
 * the harness. It takes no plan, no schema and no check; six calls in four waves answer the heavy operation.
 * Arguments: its port, and that of the stand-ins.
 */
interface Product {
  upc: string;
  name: string;
  price: number;
  weight: number;
  inStock: boolean;
  shippingEstimate: number;
}
interface Review {
  id: string;
  body: string;
  author: { id: string; reviews: Review[] };
  product: { upc: string; reviews: Review[] };
}
interface User {
  id: string;
  username: string;
  name: string;
}

const [port, standIns] = process.argv.slice(2).map(Number);
if (port === undefined || standIns === undefined) throw new Error('two ports');

const idle: Connection[] = [];

async function call<Data>(path: string, query: string, variables: object, authorization: string): Promise<Data> {
  const free = idle.pop();
  const connection = free === undefined || free.broken ? new Connection(standIns ?? 0) : free;
  const body = JSON.stringify({ query, variables });
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nauthorization: ${authorization}\r\n`;
  const answer = await connection.send(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  idle.push(connection);
  return (JSON.parse(answer.body.toString()) as { data: Data }).data;
}

const shallow = 'reviews{id body product{upc}}';
const deep = `reviews{id body product{upc reviews{id body author{id ${shallow}}}}}`;
const queries = {
  users: '{users{id username name}}',
  topProducts: '{topProducts{upc name price weight}}',
  reviews: `query($u:[_Any!]!,$p:[_Any!]!){users:_entities(representations:$u){...on User{${deep}}} products:_entities(representations:$p){...on Product{reviews{id body author{id ${shallow}}}}}}`,
  products: 'query($r:[_Any!]!){_entities(representations:$r){...on Product{upc name price weight}}}',
  authors: 'query($r:[_Any!]!){_entities(representations:$r){...on User{id username name}}}',
  inventory: 'query($r:[_Any!]!){_entities(representations:$r){...on Product{inStock shippingEstimate}}}',
};

async function heavy(authorization: string): Promise<string> {
  const [{ users }, { topProducts }] = await Promise.all([
    call<{ users: User[] }>('/accounts', queries.users, {}, authorization),
    call<{ topProducts: Product[] }>('/products', queries.topProducts, {}, authorization),
  ]);
  const found = await call<{ users: { reviews: Review[] }[]; products: { reviews: Review[] }[] }>(
    '/reviews',
    queries.reviews,
    {
      u: users.map(({ id }) => ({ __typename: 'User', id })),
      p: topProducts.map(({ upc }) => ({ __typename: 'Product', upc })),
    },
    authorization,
  );

  const upcs = new Set<string>();
  const ids = new Set<string>();
  const visit = (reviews: Review[]) => {
    for (const { product, author } of reviews) {
      if (product !== undefined) upcs.add(product.upc);
      if (product?.reviews !== undefined) visit(product.reviews);
      if (author === undefined) continue;
      ids.add(author.id);
      visit(author.reviews);
    }
  };
  for (const { reviews } of found.users) visit(reviews);
  for (const { reviews } of found.products) visit(reviews);
  const known = new Map(topProducts.map((product) => [product.upc, product]));
  const missing = [...upcs].filter((upc) => !known.has(upc)).map((upc) => ({ __typename: 'Product', upc }));

  const stock = async () => {
    if (missing.length > 0) {
      const { _entities } = await call<{ _entities: Product[] }>(
        '/products',
        queries.products,
        { r: missing },
        authorization,
      );
      for (const product of _entities) known.set(product.upc, product);
    }
    const all = [...known.values()];
    const r = all.map(({ upc, price, weight }) => ({ __typename: 'Product', upc, price, weight }));
    const { _entities } = await call<{ _entities: Product[] }>('/inventory', queries.inventory, { r }, authorization);
    all.forEach((product, i) => Object.assign(product, _entities[i]));
  };
  const [{ _entities }] = await Promise.all([
    call<{ _entities: User[] }>(
      '/accounts',
      queries.authors,
      { r: [...ids].map((id) => ({ __typename: 'User', id })) },
      authorization,
    ),
    stock(),
  ]);
  const authors = new Map(_entities.map((author) => [author.id, author]));

  const productOf = (upc: string): Product => {
    const product = known.get(upc);
    if (product === undefined) throw new Error(`no product ${upc}`);
    const { inStock, name, price, shippingEstimate, weight } = product;
    return { inStock, name, price, shippingEstimate, upc, weight };
  };
  const shallowReviews = (reviews: Review[]) =>
    reviews.map(({ id, body, product }) => ({ id, body, product: productOf(product.upc) }));
  const byAuthors = (reviews: Review[]) =>
    reviews.map(({ id, body, author }) => {
      const { username, name } = authors.get(author.id) ?? {};
      return { id, body, author: { id: author.id, username, name, reviews: shallowReviews(author.reviews) } };
    });
  return JSON.stringify({
    data: {
      users: users.map((user, i) => ({
        ...user,
        reviews: found.users[i]?.reviews.map(({ id, body, product }) => ({
          id,
          body,
          product: { ...productOf(product.upc), reviews: byAuthors(product.reviews) },
        })),
      })),
      topProducts: topProducts.map(({ upc }, i) => ({
        ...productOf(upc),
        reviews: byAuthors(found.products[i]?.reviews ?? []),
      })),
    },
  });
}

async function light(authorization: string): Promise<string> {
  return JSON.stringify({ data: await call('/products', '{topProducts(first:1){name}}', {}, authorization) });
}

const answers = new Map([
  [requestBody(operations.heavy), heavy],
  [requestBody(operations.light), light],
]);

createServer((request, response) => {
  void text(request).then(async (body) => {
    const answer = answers.get(body);
    const content =
      answer === undefined ? '{"data":{"__typename":"Query"}}' : await answer(request.headers.authorization ?? '');
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) });
    response.end(content);
  });
}).listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.kill(process.pid, 'SIGKILL'));
