/** How many people reacted with an emoji, and the sequence number of the event with which the first of them came. */
export type ReactionCounts = Record<string, [count: number, since: number]>;

/** The reactions to a message with one emoji. */
export interface ReactionModel {
  messageId: string;
  emoji: string;
  count: number;
}
