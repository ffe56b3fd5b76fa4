/**
 * How often one thing may be done: by each person (`viewer`), from each network (`address`), to each account that
 * somebody names (`account`). Clients meet the names in the RateLimit headers; docs/limits.md has the same table.
 */
export const LIMITS = {
  users: {
    logIn: { account: { count: 5, seconds: 60 }, address: { count: 30, seconds: 60 } },
    signUp: { address: { count: 10, seconds: 3600 } },
    requestPasswordReset: { account: { count: 3, seconds: 3600 }, address: { count: 3, seconds: 3600 } },
    resetPassword: { account: { count: 30, seconds: 3600 }, address: { count: 30, seconds: 3600 } },
    stepUp: { viewer: { count: 5, seconds: 60 } },
    changeEmail: { viewer: { count: 10, seconds: 3600 } },
    // Deactivating and deleting.
    closeAccount: { viewer: { count: 10, seconds: 3600 } },
    // Both ways of a browser through a provider; a stranger becomes an account by `signUp` besides.
    oauth: { address: { count: 60, seconds: 60 } },
    oauthCode: { address: { count: 30, seconds: 60 } },
    follow: { viewer: { count: 60, seconds: 60 } },
    // Everything else between two people: unfollow, block, mute, answers to requests.
    relate: { viewer: { count: 120, seconds: 60 } },
    updateProfile: { viewer: { count: 30, seconds: 60 } },
    searchUsers: { viewer: { count: 120, seconds: 60 } },
    // Of everybody behind one address.
    refreshSession: { address: { count: 300, seconds: 60 } },
  },
  posts: {
    createPost: { viewer: { count: 60, seconds: 60 } },
    createComment: { viewer: { count: 120, seconds: 60 } },
    likePost: { viewer: { count: 240, seconds: 60 } },
  },
  chat: {
    createRoom: { viewer: { count: 30, seconds: 60 } },
    inviteToRoom: { viewer: { count: 30, seconds: 60 } },
    updateRoom: { viewer: { count: 30, seconds: 60 } },
    joinRoom: { viewer: { count: 30, seconds: 60 } },
    answerInvitation: { viewer: { count: 60, seconds: 60 } },
    moderateRoom: { viewer: { count: 60, seconds: 60 } },
    openDirectRoom: { viewer: { count: 30, seconds: 60 } },
    answerRequest: { viewer: { count: 60, seconds: 60 } },
    openPostRoom: { viewer: { count: 30, seconds: 60 } },
    sendMessage: { viewer: { count: 300, seconds: 60 } },
    editMessage: { viewer: { count: 120, seconds: 60 } },
    deleteMessage: { viewer: { count: 120, seconds: 60 } },
    setTyping: { viewer: { count: 60, seconds: 60 } },
    searchMessages: { viewer: { count: 120, seconds: 60 } },
    reactToMessage: { viewer: { count: 240, seconds: 60 } },
  },
  media: {
    uploadMedia: { viewer: { count: 60, seconds: 60 } },
  },
} as const;

/**
 * What each service account may do of each thing: more than one process can write in that time, so that only a runaway
 * meets it.
 */
export const SERVICE_LIMIT = { count: 600_000, seconds: 60 } as const;
