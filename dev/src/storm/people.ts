import {
  AcceptInvitationDocument,
  type Chorus,
  ChorusError,
  createChorus,
  CreateRoomDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  InviteToRoomDocument,
  LeaveRoomDocument,
  type LiveRoom,
  ProvisionUsersDocument,
  ReactToMessageDocument,
  RemoveReactionDocument,
  RoomSnapshotDocument,
  SendMessageDocument,
} from '@chorus/sdk';
import type { Random } from './random.ts';
import { sleep, type System } from './system.ts';
import { startWay, type Way } from './way.ts';

const EMOJI = ['👍', '🎉', '😀'];
/** Events of a hundred messages are all that a query can be compared with. */
const KEEP = 100;
/** Milliseconds that somebody waits between two things they do, on average. */
const PACE_MS = 5000;
/** How long a removed member's stream may take to say so, in a storm. */
const END_LIMIT_MS = 60_000;

/** A message that the server said is stored. */
export interface Acknowledged {
  roomId: string;
  id: string;
  seq: number;
  clientId: string;
}

/** Somebody in a room, with a client and a way of their own. */
export interface Person {
  name: string;
  userId: string;
  roomId: string;
  client: Chorus;
  way: Way;
  room: LiveRoom;
  /** Each time that the room was held, and the numbers of the events heard then. */
  held: { room: LiveRoom; heard: number[] }[];
}

export interface Crowd {
  people: readonly Person[];
  acknowledged: readonly Acknowledged[];
  /** How often what was done. */
  deeds: Record<string, number>;
  /** What must not be, as it happened. */
  faults: string[];
  /** Everybody acts until `over`; resolves when all they began is known. */
  act(over: AbortSignal): Promise<void>;
  /** Sends so many messages to the room of somebody, several at once, from others in it. */
  burst(to: Person, count: number): Promise<void>;
  /** The last message of each room, sent by one of its people. */
  lastWords(): Promise<void>;
  fellowsOf(person: Person): Person[];
  /**
   * Brings back somebody whose room has ended though they did not mean to leave: a request to leave that was given up and
   * sent again may be carried out late, once more, after they came back.
   */
  bringBack(person: Person): Promise<void>;
  stop(): Promise<void>;
}

/** So many people, the same number in each of so many rooms, each holding theirs. */
export async function gather(
  system: System,
  random: Random,
  { people: count, rooms: roomCount }: { people: number; rooms: number },
): Promise<Crowd> {
  const acknowledged: Acknowledged[] = [];
  const faults: string[] = [];
  const deeds: Record<string, number> = {};
  const did = (what: string) => (deeds[what] = (deeds[what] ?? 0) + 1);
  const port = () => random.pick(system.ports);
  let keys = 0;
  const key = () => `storm-${++keys}-${random.between(0, 1e9)}`;

  const importerWay = await startWay(port);
  const importer = createChorus({ url: importerWay.url, token: system.serviceToken });
  const names = Array.from({ length: count }, (_, index) => `storm_${index}`);
  const ids: string[] = [];
  for (let at = 0; at < count; at += 100) {
    const input = names.slice(at, at + 100).map((handle) => ({ handle, name: handle }));
    const { provisionUsers } = await importer.request(ProvisionUsersDocument, { input });
    ids.push(...(provisionUsers?.users ?? []).map((user) => user?.id ?? ''));
  }
  await importer.close();
  importerWay.stop();

  const hold = ({ client, held }: Pick<Person, 'client' | 'held'>, roomId: string): LiveRoom => {
    const heard: number[] = [];
    const room = client.subscribeRoom(roomId, {
      keep: KEEP,
      backoff: { baseMs: 200, maxMs: 2000 },
      onEvent: ({ seq }) => heard.push(seq),
    });
    held.push({ room, heard });
    return room;
  };

  const clients = await Promise.all(
    ids.map(async (userId, index) => {
      const way = await startWay(port);
      const headers = { 'chorus-act-as': userId };
      const client = createChorus({ url: way.url, token: system.serviceToken, headers, timeoutMs: 5000 });
      return { name: names[index] ?? '', userId, client, way, held: [] };
    }),
  );
  const byRoom = Array.from({ length: roomCount }, (_, room) =>
    clients.filter((_, index) => index % roomCount === room),
  );
  const people: Person[] = [];
  for (const [index, members] of byRoom.entries()) {
    const [owner] = members;
    if (owner === undefined) continue;
    const memberIds = members.map(({ userId }) => userId);
    const input = { name: `Room ${index}`, memberIds, idempotencyKey: key() };
    const { createRoom } = await owner.client.request(CreateRoomDocument, { input });
    const roomId = createRoom?.room?.id ?? '';
    for (const { client } of members.slice(1)) await client.request(AcceptInvitationDocument, { roomId });
    for (const member of members) people.push({ ...member, roomId, room: hold(member, roomId) });
  }

  // Who has not come in yet has no place to go on from.
  for (const { name, room } of people) if (!(await becomes(room, 'live'))) faults.push(`${name} could not come in`);

  const fellowsOf = (person: Person) => people.filter((one) => one.roomId === person.roomId && one !== person);
  /** Rooms whose members are being counted on, or of which one is away. */
  const busy = new Set<string>();

  const join = async (person: Person) => {
    const { roomId, userId } = person;
    const host = random.pick(fellowsOf(person).filter(({ room }) => room.state.connection.status !== 'ended'));
    await untilKnown(() => host.client.request(InviteToRoomDocument, { roomId, userIds: [userId] }));
    await untilKnown(() => person.client.request(AcceptInvitationDocument, { roomId }));
    person.room = hold(person, roomId);
    await becomes(person.room, 'live');
  };
  const isMember = async ({ client, roomId }: Person) =>
    (await untilKnown(() => client.request(RoomSnapshotDocument, { roomId, last: 1 }))).room != null;

  const bringBack = async (person: Person) => {
    if (person.room.state.connection.status !== 'ended') return;
    if (await isMember(person)) faults.push(`${person.name} is a member and was told otherwise`);
    did('leave late');
    await join(person);
  };

  /** A message as the server has it by now; own ones only, when that is asked for. */
  const some = ({ room, userId }: Person, own: boolean) => {
    const found = room.state.messages.filter(
      ({ deletedAt, author }) => deletedAt === null && (!own || author?.id === userId),
    );
    return found.length === 0 ? undefined : random.pick(found);
  };

  const acts: Record<string, (person: Person) => Promise<unknown>> = {
    async send(person) {
      const text = `${person.name} ${key()}`;
      const { id, seq, clientId } = await person.room.send(text);
      acknowledged.push({ roomId: person.roomId, id, seq, clientId });
    },
    async edit(person) {
      const messageId = some(person, true)?.id;
      if (messageId === undefined) return;
      const input = { messageId, text: `edited ${key()}`, clientId: key() };
      await changed(() => person.client.request(EditMessageDocument, { input }));
    },
    async delete(person) {
      const messageId = some(person, true)?.id;
      if (messageId === undefined) return;
      await changed(() => person.client.request(DeleteMessageDocument, { messageId }));
    },
    async react(person) {
      const messageId = some(person, false)?.id;
      if (messageId === undefined) return;
      const variables = { messageId, emoji: random.pick(EMOJI) };
      if (random.next() < 0.7) await changed(() => person.client.request(ReactToMessageDocument, variables));
      else await changed(() => person.client.request(RemoveReactionDocument, variables));
    },
    async leave(person) {
      const { roomId, client } = person;
      if (busy.has(roomId)) return;
      busy.add(roomId);
      try {
        await untilKnown(() => client.request(LeaveRoomDocument, { roomId }));
        if (!(await becomes(person.room, 'ended'))) faults.push(`${person.name} left and was not told`);
        await join(person);
      } finally {
        busy.delete(roomId);
      }
    },
  };
  /** What is done how often, of a hundred times. */
  const habits = Object.entries({ send: 60, edit: 12, delete: 5, react: 20, leave: 3 }).flatMap(([name, times]) =>
    Array.from({ length: times }, () => name),
  );

  return {
    people,
    acknowledged,
    deeds,
    faults,
    fellowsOf,
    bringBack,
    async act(over) {
      await Promise.all(
        people.map(async (person) => {
          while (!over.aborted) {
            await Promise.race([sleep(random.next() * 2 * PACE_MS), aborted(over)]);
            if (over.aborted) return;
            const name = random.pick(habits);
            try {
              await bringBack(person);
              await acts[name]?.(person);
              did(name);
            } catch (error) {
              // Refused because the room has just ended for them: so nothing is to be stored.
              if (error instanceof ChorusError && error.code === 'NOT_FOUND' && !(await isMember(person))) continue;
              faults.push(`${person.name} could not ${name}: ${String(error)}`);
            }
          }
        }),
      );
    },
    async lastWords() {
      const speakers = people.filter(({ roomId }, index) => people.findIndex((one) => one.roomId === roomId) === index);
      await Promise.all(
        speakers.map(async (person) => {
          await bringBack(person);
          await acts['send']?.(person);
          did('send');
        }),
      );
    },
    async burst(to, messages) {
      while (busy.has(to.roomId)) await sleep(50);
      busy.add(to.roomId);
      const fellows = fellowsOf(to);
      const clientIds = Array.from({ length: messages }, () => key());
      await Promise.all(
        fellows.map(async ({ client, name }, nth) => {
          for (const clientId of clientIds.filter((_, index) => index % fellows.length === nth)) {
            const input = { roomId: to.roomId, text: `${name} ${clientId}`, clientId };
            const { sendMessage } = await untilKnown(() => client.request(SendMessageDocument, { input }));
            const { id = '', seq = 0 } = sendMessage?.message ?? {};
            acknowledged.push({ roomId: to.roomId, id, seq, clientId });
            did('send');
          }
        }),
      ).finally(() => busy.delete(to.roomId));
    },
    async stop() {
      await Promise.all(people.map(({ client }) => client.close()));
      for (const { way } of people) way.stop();
    },
  };
}

/** Codes after which the same may go well. */
const PASSING = new Set([undefined, 'RATE_LIMITED', 'SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'INTERNAL']);

/** What is said of a deleted message, and of an emoji too many. */
const GONE = new Set<string | undefined>(['NOT_FOUND', 'BAD_USER_INPUT']);

/** Does it again until the server has said what became of it. What came in part did come. */
async function untilKnown<Data>(request: () => Promise<Data>): Promise<Data> {
  for (;;) {
    try {
      return await request();
    } catch (error) {
      if (error instanceof ChorusError && !PASSING.has(error.code)) throw error;
      await sleep(100 + Math.random() * 400);
    }
  }
}

/** The same for what is done to a message, which somebody may have deleted by now. */
async function changed(request: () => Promise<unknown>): Promise<void> {
  await untilKnown(request).catch((error: unknown) => {
    if (!(error instanceof ChorusError) || !GONE.has(error.code)) throw error;
  });
}

/** @returns false when it took too long */
async function becomes(room: LiveRoom, status: string): Promise<boolean> {
  for (const deadline = Date.now() + END_LIMIT_MS; Date.now() < deadline;) {
    if (room.state.connection.status === status) return true;
    await sleep(50);
  }
  return false;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
