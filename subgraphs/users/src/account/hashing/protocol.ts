/** What a hashing thread is asked: to hash, or to compare with a hash of argon2 or bcrypt. */
export type Job =
  | { kind: 'hash'; password: string; cost: { memoryCost: number; timeCost: number; parallelism: number } }
  | { kind: 'argon2' | 'bcrypt'; password: string; stored: string };

/** The hash, or whether they match; or why there is neither, of a stored hash that is none. */
export type Outcome = { value: string | boolean } | { failure: string };
