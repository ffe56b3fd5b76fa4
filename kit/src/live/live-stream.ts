/** Given by `nextOrFollowed` in place of an event: what comes next goes to the follower. */
export const FOLLOWED = Symbol('followed');

/**
 * A stream whose consumer may take what many have in common by one way for all of them. Its own events, and the pace at
 * which it is asked for them, are those of any other iterator.
 */
export interface LiveStream<Event> extends AsyncIterableIterator<Event, void> {
  /** To be called before the first `next`, which is then `nextOrFollowed`. */
  follow(follower: Follower<Event>): void;
  /** As `next`; FOLLOWED when there is nothing to ask for until the follower has `left`. */
  nextOrFollowed(): Promise<IteratorResult<Event | typeof FOLLOWED, void>>;
}

/** Hears the events that all followers of one source get at the same time, each the same object for all of them. */
export interface Follower<Event> {
  /**
   * From now on, and every event before was given by `nextOrFollowed`.
   * @param source one object for all who follow the same
   */
  joined(source: object): void;
  /** @returns when it can take more, if not at once; one promise for all who are one. Must not reject. */
  event(event: Event): Promise<void> | undefined;
  /** No more of them: `nextOrFollowed` has what comes after the last. */
  left(): void;
}

export const isLiveStream = (stream: AsyncIterable<unknown>): stream is LiveStream<unknown> =>
  'nextOrFollowed' in stream;
