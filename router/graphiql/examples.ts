/** Someone in the demo world who can log in. */
const DEMO_LOGIN = { identifier: 'ada', password: 'chorus-demo' };

const FIRST_QUERY = `# Chorus is a social platform behind one
# GraphQL endpoint: people, posts, pictures
# and live chat, answered by four services.
#
# Press ▶ to run this, then open Trace on the
# left to see what it cost. The next tabs log
# in, read a timeline and follow a live chat.

query FirstQuery {
  user(handle: "ada") {
    name
    followerCount
    posts(first: 3) {
      edges {
        node {
          text
          likeCount
          attachments {
            url
          }
          comments(first: 2) {
            totalCount
            edges {
              node {
                text
                author {
                  name
                }
              }
            }
          }
        }
      }
    }
  }
}
`;

const LOG_IN = `# Signs in. Put the accessToken into the
# Headers of another tab, below its query.

mutation LogIn($input: LogInInput!) {
  logIn(input: $input) {
    ... on Session {
      accessToken
      expiresAt
      user {
        handle
      }
    }
    ... on InvalidCredentials {
      message
    }
  }
}
`;

const HOME_TIMELINE = `# What the people whom you follow have posted.
# Needs the accessToken in the Headers below.

query HomeTimeline {
  homeTimeline(first: 10) {
    edges {
      node {
        text
        createdAt
        author {
          handle
          name
        }
        likeCount
        attachments {
          url(width: 400)
        }
        comments(first: 3) {
          totalCount
          edges {
            node {
              text
              author {
                handle
              }
            }
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const LIVE_CHAT = `# Follows a conversation live.
# Needs the accessToken in the Headers below.
#
# ▶ offers both operations: run MyRooms, put a
# room's id into the Variables, then run
# LiveChat and send a message from elsewhere.
# With a room's eventCursor as \`after\` it
# goes on from there and misses nothing.

subscription LiveChat($roomId: ID!, $after: String) {
  roomEvents(roomId: $roomId, after: $after) {
    __typename
    ... on MessageCreated {
      cursor
      message {
        text
        author {
          name
        }
      }
    }
    ... on MemberJoined {
      cursor
      user {
        name
      }
    }
    ... on RoomReset {
      cursor
    }
    ... on RoomEnd {
      reason
    }
  }
}

query MyRooms {
  rooms(first: 10) {
    edges {
      node {
        id
        name
        eventCursor
      }
    }
  }
}
`;

const SIGNED_IN = `{
  // "Authorization": "Bearer <the accessToken that LogIn returned>"
}
`;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The tabs of a first visit; GraphiQL names each after its first operation. */
export const EXAMPLES: { query: string; variables?: string; headers?: string }[] = [
  { query: FIRST_QUERY },
  { query: LOG_IN, variables: json({ input: DEMO_LOGIN }) },
  { query: HOME_TIMELINE, headers: SIGNED_IN },
  { query: LIVE_CHAT, variables: json({ roomId: '' }), headers: SIGNED_IN },
];
