import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** Subgraphs to be composed, and what the made-up data has to know about them. */
export interface SupergraphSource {
  readonly name: string;
  readonly subgraphs: Readonly<Record<string, string>>;
  /**
   * The most levels and fields of an operation. The query planner searches for minutes, or without end, for plans of
   * some operations with several levels of @interfaceObject fields.
   */
  readonly limits?: { readonly depth: number; readonly fields: number };
  /** Interface -> the types that share its keys: object i of the interface is of the type at i modulo their number. */
  readonly families?: Readonly<Record<string, readonly string[]>>;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable",
  "@requires", "@external", "@provides", "@override", "@inaccessible", "@interfaceObject", "@composeDirective"])\n`;

const withLink = (subgraphs: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(subgraphs).map(([name, sdl]) => [name, link + sdl]));

export function compose(source: SupergraphSource): string {
  const services = Object.entries(source.subgraphs).map(([name, sdl]) => ({
    name,
    typeDefs: parse(sdl),
    url: `http://${name}.invalid/`,
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(`${source.name}: ${errors?.map(String).join('; ')}`);
  return supergraphSdl;
}

/** @requires (plain, nested, through lists) and @provides. */
const requires: SupergraphSource = {
  name: 'requires',
  subgraphs: withLink({
    catalog: `
      type Query { products(first: Int = 3): [Product!] product(upc: ID!): Product }
      type Product @key(fields: "upc") {
        upc: ID! name: String! price: Int weight: Float dimensions: Dimensions parts: [Part!]! grid: [[Cell]]
        maker: Maker
      }
      type Dimensions { size: Int unit: Unit }
      type Part { id: ID! mass: Int }
      type Cell { depth: Int }
      enum Unit { CM INCH }
      type Maker @key(fields: "id") { id: ID! name: String country: String! }`,
    shipping: `
      type Product @key(fields: "upc") {
        upc: ID! price: Int @external weight: Float @external
        dimensions: Dimensions @external parts: [Part!]! @external
        estimate(express: Boolean): Int @requires(fields: "price weight")
        box: Box @requires(fields: "dimensions { size unit }")
        mass: Int! @requires(fields: "parts { mass }")
      }
      type Dimensions @external { size: Int unit: Unit }
      type Part @external { mass: Int }
      enum Unit { CM INCH }
      type Box { volume: Int! label: String carrier: Carrier }
      type Carrier @key(fields: "id") { id: ID! name: String! }
      type Maker @key(fields: "id") { id: ID! country: String! @external warehouse: String @requires(fields: "country") }`,
    reviews: `
      type Query { topReviews: [Review] latestReview: Review }
      type Product @key(fields: "upc") { upc: ID! reviews(first: Int): [Review!] score: Float }
      type Review @key(fields: "id") {
        id: ID! text: String stars: Int! product: Product! author: User @provides(fields: "name")
      }
      type User @key(fields: "id") { id: ID! name: String @external reviews: [Review] }`,
    users: `
      type Query { me: User users: [User!]! }
      type User @key(fields: "id") { id: ID! name: String @shareable email: String! friends: [User] favorite: Product }
      type Product @key(fields: "upc", resolvable: false) { upc: ID! }
      type Carrier @key(fields: "id") { id: ID! phone: String! }`,
  }),
};

/** Interfaces and unions, with members and fields in different subgraphs. */
const abstracts: SupergraphSource = {
  name: 'abstracts',
  subgraphs: withLink({
    library: `
      type Query { items: [Item!]! item(id: ID!): Item search(text: String): [Result] shelf: Shelf }
      interface Item { id: ID! title: String related: [Item] }
      type Book implements Item @key(fields: "id") {
        id: ID! title: String related: [Item] pages: Int! author: Person
      }
      type Film implements Item @key(fields: "id") {
        id: ID! title: String related: [Item] minutes: Int director: Person!
      }
      type Game implements Item { id: ID! title: String related: [Item] level: Level tips: [Tip] }
      type Tip { text: String! about: Item }
      enum Level { EASY HARD }
      union Result = Book | Film | Person
      type Person @key(fields: "id") { id: ID! name: String }
      type Shelf { first: Result all: [[Result!]] byTitle(title: String = "x"): Item }`,
    ratings: `
      type Query { best: [Rated] }
      interface Rated { rating: Int }
      type Book implements Rated @key(fields: "id") { id: ID! rating: Int votes: [Vote!] shape: Round }
      type Film implements Rated @key(fields: "id") { id: ID! rating: Int votes: [Vote!] shape: Square }
      type Round { radius: Int! } 
      type Square { side: Float }
      type Vote { by: Person stars: Int! }
      type Person @key(fields: "id") { id: ID! votes: [Vote] likes: Liked }
      union Liked = Book | Film`,
    people: `
      type Query { people: [Person!] }
      type Person @key(fields: "id") { id: ID! age: Int! contact: Contact partner: Person }
      union Contact = Mail | Phone
      interface Owned { owner: Person }
      type Mail implements Owned { address: String! owner: Person }
      type Phone implements Owned { number: String owner: Person digits: [Int!]! }`,
  }),
};

/** @interfaceObject: fields added to an interface by subgraphs that do not know its types. */
const interfaceObjects: SupergraphSource = {
  name: 'interface-objects',
  limits: { depth: 2, fields: 10 },
  families: { Media: ['Song', 'Clip', 'Talk'] },
  subgraphs: withLink({
    media: `
      type Query { media: [Media] first: Media! }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Song implements Media @key(fields: "id") { id: ID! title: String seconds: Int! next: Media }
      type Clip implements Media @key(fields: "id") { id: ID! title: String width: Int }
      type Talk implements Media @key(fields: "id") { id: ID! title: String speaker: Speaker }
      type Speaker @key(fields: "id") { id: ID! name: String! }`,
    reviews: `
      type Query { reviewed: [Media] review: Review }
      type Media @key(fields: "id") @interfaceObject { id: ID! reviews(first: Int): [Review!] stars: Int! }
      type Review { text: String media: Media! author: Speaker }
      type Speaker @key(fields: "id") { id: ID! reviews: [Review] }`,
    stats: `
      type Media @key(fields: "id") @interfaceObject {
        id: ID! title: String @external views: Int slug: String @requires(fields: "title") similar: [Media!]!
      }`,
  }),
};

/** Many ways to the same data: @shareable, @override, several keys, compound and nested keys, hidden fields. */
const keys: SupergraphSource = {
  name: 'keys',
  subgraphs: withLink({
    orders: `
      type Query { orders: [Order!]! order(number: Int!, region: String!): Order version: Int @shareable }
      type Order @key(fields: "number region") {
        number: Int! region: String! total: Int @shareable lines: [Line] buyer: Account state: State @shareable
      }
      type Line { sku: String! count: Int item: Item }
      type Item @key(fields: "sku") { sku: String! }
      type Account @key(fields: "id") { id: ID! }
      type State @shareable { name: String code: Int }`,
    stock: `
      type Query { items: [Item] version: Int @shareable }
      type Item @key(fields: "sku") @key(fields: "id") { sku: String! id: ID! name: String price: Int }
      type Order @key(fields: "number region") {
        number: Int! region: String! total: Int @shareable shipped: Boolean state: State @shareable
      }
      type State @shareable { name: String code: Int }`,
    prices: `
      type Item @key(fields: "id") {
        id: ID! price: Int @override(from: "stock") currency: Currency tax: Float! supplier: Supplier
      }
      enum Currency { EUR USD OLD @inaccessible }
      type Supplier @key(fields: "org { code } name") { org: Org! name: String! }
      type Org @shareable { code: String! }`,
    partners: `
      type Query { suppliers: [Supplier!] }
      type Supplier @key(fields: "org { code } name") {
        org: Org! name: String! secret: String @inaccessible rating: Int items: [Item!]
      }
      type Org @shareable { code: String! }
      type Item @key(fields: "sku") { sku: String! supplied: Boolean! }
      type Account @key(fields: "id") @key(fields: "email") { id: ID! email: String! @inaccessible balance: Float }`,
    accounts: `
      type Account @key(fields: "email") { email: String! @inaccessible nick: String! orders: [Order] }
      type Order @key(fields: "number region", resolvable: false) { number: Int! region: String! }`,
  }),
};

/** Lists in lists, non-null in every place, and entities below them. */
const nulls: SupergraphSource = {
  name: 'nulls',
  subgraphs: withLink({
    maze: `
      type Query {
        a: A b: A! rows: [[A!]!] cells: [[A]!]! cube: [[[A]]] flags: [Boolean!] numbers: [[Int!]]
        union: [U!] safe: A
      }
      type A @key(fields: "id") { id: ID! x: Int! y: String z: [B!] w: [B]! deep: D! self: A }
      type B @key(fields: "id") { id: ID! n: Float! a: A! as: [A!]! }
      type D { e: E! f: E }
      type E { b: B! bs: [[B!]!]! t: Boolean! }
      union U = A | B`,
    walls: `
      type Query { wall: B }
      type A @key(fields: "id") { id: ID! p: Int! q: [Int!]! r: R rs: [R!] strict: R! matrix: [[R]!]! }
      type B @key(fields: "id") { id: ID! m: String! k: K! }
      type R { s: Int! b: B! }
      enum K { ONE TWO }`,
  }),
};

/** Mutations in series, over several subgraphs, with entity fetches between; the root type below a field. */
const mutations: SupergraphSource = {
  name: 'mutations',
  subgraphs: withLink({
    left: `
      type Query { counter: Counter }
      type Mutation { addLeft(by: Int = 1): Counter! setLeft(input: LeftInput!): Payload leftFails: Int! }
      input LeftInput { value: Int! tags: [String!] }
      type Payload { ok: Boolean counter: Counter query: Query }
      type Counter @key(fields: "id") { id: ID! version: Int leftValue: Int }`,
    right: `
      type Query { other: Counter }
      type Mutation { addRight: Counter rightList: [Counter!] }
      type Counter @key(fields: "id") { id: ID! rightVersion: Int rightValue: String! next: Counter }`,
  }),
};

/** Objects without a key that look alike in one subgraph's answer and are filled further by another. */
const values: SupergraphSource = {
  name: 'values',
  subgraphs: withLink({
    shapes: `
      type Query { things: [Thing!] thing: Thing }
      type Thing @key(fields: "id") { id: ID! look: Look @shareable looks: [Look!] @shareable near: [Thing!] maker: Maker }
      type Look { round: Boolean edges: Edges @shareable by: Maker }
      type Edges { sharp: Boolean! }
      type Maker @key(fields: "id") { id: ID! likes: Look @shareable }`,
    paints: `
      type Query { painted: [Thing] }
      type Thing @key(fields: "id") { id: ID! look: Look @shareable looks: [Look!] @shareable price: Int }
      type Look { gloss: Int color: String! edges: Edges @shareable }
      type Edges { width: Int }
      type Maker @key(fields: "id") { id: ID! name: String likes: Look @shareable owns: [Thing!] }`,
  }),
};

/** Chorus's own. */
function chorus(): SupergraphSource {
  const names = ['users', 'posts', 'chat', 'media'];
  const read = (name: string): string =>
    readFileSync(new URL(`../../../schema/${name}.graphql`, import.meta.url), 'utf8');
  return { name: 'chorus', subgraphs: Object.fromEntries(names.map((name) => [name, read(name)])) };
}

export const supergraphs = (): SupergraphSource[] => [
  requires,
  abstracts,
  interfaceObjects,
  keys,
  nulls,
  mutations,
  values,
  chorus(),
];
