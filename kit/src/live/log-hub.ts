import { Alarm } from './alarm.ts';
import type { LiveBus } from './bus.ts';
import type { LogPosition } from './log-cursor.ts';
import { continues, LOG_PAGE, type LogPage, readAgain, type Recovery } from './log-page.ts';

/** Published on a log's channel in place of a sequence number: who may read has changed, and no entry says so. */
export const READERS_CHANGED = 0;
/** Readers of whom one call of `readers` asks. */
const READERS_AT_ONCE = 1000;

/** Who follows a hub: gets each entry after its position, in order, until it has left. */
export interface HubFollower<Frame> {
  /** Who reads, as `endsFor` and `readers` name them. */
  readonly key: string;
  readonly position: LogPosition;
  /** It stands where the hub stands, and follows from now on. */
  attached(): void;
  /** @returns when it can take more, if not at once */
  event(frame: Frame, at: LogPosition): Promise<void> | undefined;
  /** It has to read on its own from its position, and so to be asked for its right to. */
  detached(): void;
}

/** A log, as all its readers have it in common. */
export interface Log<Entry extends { seq: number }, Page extends LogPage<Entry>, Frame> {
  live: LiveBus;
  /** Where wake-ups of the log are published; each is the sequence number committed. */
  channel: string;
  /** How often a quiet stream looks whether it missed a wake-up. */
  headCheckMs: number;
  /**
   * What follows `position`, or nothing but the head when that is null; null when this reader may not read (any more).
   */
  read: (reader: string, position: number | null) => Promise<Page | null>;
  /** What follows the position, for nobody in particular; null when nobody may read it. Default: as the one reader reads. */
  tail?: (position: number) => Promise<LogPage<Entry> | null>;
  /** Whose right to read this entry may have ended: they leave before it. */
  endsFor?: (entry: Entry) => string | null;
  /** Which of these may read now. Asked at each head check, and when what was published may have been missed. */
  readers?: (readers: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Whether a reader may go on from the position, as far as the reader's own history goes. Default: always. */
  admits?: (page: Page, position: number) => boolean;
  toFrame: (entry: Entry, at: LogPosition) => Frame;
  /** Tells to fetch anew what the log is about, and that the stream goes on from here. */
  toReset: (at: LogPosition) => Frame;
  /** The last frame, when the reader may not read. Default: none. */
  toEnd?: () => Frame;
  /**
   * Hears of each recovery; a hub's is one for all. `npm run proof -- storm` asks that every kind of them happens.
   * @param entries how many it brought
   */
  onRecovery?: (recovery: Recovery, entries: number) => void;
}

/**
 * One reader of a log for all in this process who stand at its end: each entry is read once, whatever their number.
 *
 * It keeps the invariant of `streamLog` for all of them: what it hands on is always "everything in Postgres after my
 * position", read in order of a sequence without gaps. A follower joins only at the hub's position, in one turn of the
 * event loop, so nothing falls in between and nothing comes twice; when it has read further than the hub, it joins when
 * the hub gets there. A right to read that was there at a position is there until an entry that ends it, and before that
 * is handed on, its reader leaves. Whatever is not plain (an entry missing, another log, Postgres away) makes all leave:
 * each then finds out by its own read, with its own right.
 */
export class LogHub<Entry extends { seq: number }, Page extends LogPage<Entry>, Frame> {
  readonly log: Log<Entry, Page, Frame>;
  readonly #alarm = new Alarm();
  readonly #listening: { close(): void };
  readonly #followers = new Set<HubFollower<Frame>>();
  /** Those that have read further than the hub, or in another log: the next turn shows which of the two is right. */
  readonly #early = new Set<HubFollower<Frame>>();
  /** Null while nobody follows: the first to come sets it. */
  #position: LogPosition | null = null;
  /** The last sequence number published while there was no position; Infinity: some may have been missed. */
  #heard = 0;
  /** What wake-ups told since the last read: the highest number, and whether they left one out. */
  #told: { seq: number; jumped: boolean } | null = null;
  #checkReaders = false;
  #streams = 0;
  readonly #onUnused: (() => void) | undefined;

  /** @param onUnused called when nobody has it open any more, and it has stopped */
  constructor(log: Log<Entry, Page, Frame>, onUnused?: () => void) {
    this.log = log;
    this.#onUnused = onUnused;
    this.#listening = log.live.listen(log.channel, (seq) => this.#hear(seq));
    void this.#run();
  }

  open(): void {
    this.#streams++;
  }

  close(): void {
    if (--this.#streams > 0) return;
    this.#listening.close();
    this.#alarm.stop();
    this.#onUnused?.();
  }

  /**
   * @returns false when it is behind: it has to read on its own. Else it is attached, now or once the hub has got as
   *   far, unless `leave` is called before.
   */
  join(follower: HubFollower<Frame>): boolean {
    const { position } = follower;
    const own = (this.#position ??= this.#adopt(position));
    const isOther = own.epoch !== position.epoch;
    if (!isOther && own.seq > position.seq) return false;
    if (!isOther && own.seq === position.seq) this.#attach(follower);
    else {
      this.#early.add(follower);
      this.#alarm.ring();
    }
    return true;
  }

  leave(follower: HubFollower<Frame>): void {
    const had = this.#followers.delete(follower) || this.#early.delete(follower);
    if (!had || this.#followers.size > 0 || this.#early.size > 0) return;
    // Nobody to read for. Whoever comes next may have read before what the turn under way was rung for.
    this.#position = null;
    this.#heard = Infinity;
  }

  #hear(seq: number | null): void {
    if (seq === null || seq === READERS_CHANGED) this.#checkReaders = true;
    if (seq !== null && this.#position !== null && seq > this.#position.seq) {
      const before = this.#told ?? { seq: this.#position.seq, jumped: false };
      this.#told = { seq: Math.max(seq, before.seq), jumped: before.jumped || seq > before.seq + 1 };
    }
    if (this.#position === null) this.#heard = Math.max(this.#heard, seq ?? Infinity);
    else if (seq === null || seq === READERS_CHANGED || seq > this.#position.seq) this.#alarm.ring();
  }

  #adopt(position: LogPosition): LogPosition {
    if (this.#heard > position.seq) this.#alarm.ring();
    this.#heard = 0;
    return position;
  }

  #attach(follower: HubFollower<Frame>): void {
    this.#followers.add(follower);
    follower.attached();
  }

  #detachAll(): void {
    const all = [...this.#followers, ...this.#early];
    this.#followers.clear();
    this.#early.clear();
    this.#position = null;
    this.#heard = Infinity;
    for (const follower of all) follower.detached();
  }

  async #run(): Promise<void> {
    while (!this.#alarm.stopped) {
      if (await this.#alarm.sleep(this.log.headCheckMs)) this.#checkReaders = true;
      if (this.#position === null || this.#alarm.stopped) continue;
      try {
        await this.#turn(this.#position);
      } catch {
        this.#detachAll(); // each meets the error by its own read, and tells it
      }
    }
  }

  #tail(position: number): Promise<LogPage<Entry> | null> {
    const { tail, read } = this.log;
    return tail === undefined ? read('', position) : tail(position);
  }

  async #turn(position: LogPosition): Promise<void> {
    const page = await readAgain(() => this.#tail(position.seq), this.#alarm);
    if (this.#position !== position || this.#alarm.stopped) return; // everybody left meanwhile
    if (page === null || !continues(page, position)) return this.#detachAll();
    if (page.asksReaders === true && page.entries.length > 0) {
      await this.#askForReaders();
      if (this.#position !== position || this.#alarm.stopped) return;
    }
    const recovery = this.#told === null ? 'headCheck' : this.#told.jumped ? 'gap' : null;
    this.#told = null;
    if (recovery !== null && page.entries.length > 0) this.log.onRecovery?.(recovery, page.entries.length);
    const busy = new Set<Promise<void>>();
    for (const entry of page.entries) {
      if (!this.#handOn(entry, { epoch: page.epoch, seq: entry.seq }, busy)) return;
    }
    if (page.entries.length === LOG_PAGE) this.#alarm.ring();
    else this.#detachEarly();
    await Promise.all(busy);
    if (this.#checkReaders) await this.#askForReaders();
  }

  /** @returns whether anybody follows still */
  #handOn(entry: Entry, at: LogPosition, busy: Set<Promise<void>>): boolean {
    const { endsFor, toFrame } = this.log;
    const ends = endsFor?.(entry) ?? null;
    if (ends !== null) this.#detach(({ key }) => key === ends);
    if (this.#position === null) return false;
    this.#position = at;
    const frame = this.#followers.size > 0 ? toFrame(entry, at) : null;
    if (frame !== null) {
      for (const follower of this.#followers) {
        const taken = follower.event(frame, at);
        if (taken !== undefined) busy.add(taken);
      }
    }
    for (const follower of this.#early) {
      if (follower.position.epoch !== at.epoch || follower.position.seq > at.seq) continue;
      this.#early.delete(follower);
      this.#attach(follower);
    }
    return this.#position !== null;
  }

  #detachEarly(): void {
    for (const follower of this.#early) {
      this.#early.delete(follower);
      follower.detached();
    }
  }

  /** The right of those who followed when it was asked. */
  async #askForReaders(): Promise<void> {
    this.#checkReaders = false;
    const { readers } = this.log;
    if (readers === undefined) return;
    const keys = [...new Set(Array.from(this.#followers, ({ key }) => key))];
    for (let start = 0; start < keys.length; start += READERS_AT_ONCE) {
      const asked = keys.slice(start, start + READERS_AT_ONCE);
      const allowed = await readAgain(() => readers(asked), this.#alarm);
      const ended = new Set(asked.filter((key) => !allowed.has(key)));
      if (ended.size > 0) this.#detach(({ key }) => ended.has(key));
    }
  }

  #detach(which: (follower: HubFollower<Frame>) => boolean): void {
    for (const follower of this.#followers) {
      if (!which(follower)) continue;
      this.leave(follower);
      follower.detached();
    }
  }
}

/** The hubs of one kind of log, one for each that somebody reads. */
export class LogHubs<Entry extends { seq: number }, Page extends LogPage<Entry>, Frame> {
  readonly #hubs = new Map<string, LogHub<Entry, Page, Frame>>();

  /** That of the log's channel, until it is closed. All who have it open at one time read the log that the first has given. */
  open(log: Log<Entry, Page, Frame>): LogHub<Entry, Page, Frame> {
    const { channel } = log;
    let hub = this.#hubs.get(channel);
    if (hub === undefined) this.#hubs.set(channel, (hub = new LogHub(log, () => this.#hubs.delete(channel))));
    hub.open();
    return hub;
  }
}
