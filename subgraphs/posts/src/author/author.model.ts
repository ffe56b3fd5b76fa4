/** A user as posts knows one: by id. Whether the account exists is for users to say. */
export interface AuthorRef {
  id: string;
}
