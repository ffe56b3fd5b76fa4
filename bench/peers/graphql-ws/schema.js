// What both servers of this folder serve.
export const typeDefs = /* GraphQL */ `
  type Query {
    ok: Boolean
  }
  type Subscription {
    roomEvents(roomId: ID!): RoomEvent
  }
  union RoomEvent = MessageCreated
  type MessageCreated {
    cursor: String!
    message: Message
  }
  type Message {
    id: ID!
    seq: Int!
    text: String!
    author: User
  }
  type User {
    id: ID!
    name: String!
  }
`;
