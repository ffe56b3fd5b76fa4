import {
  AcceptInvitationDocument,
  type Chorus,
  ChorusError,
  createChorus,
  CreateRoomDocument,
  type LiveRoom,
  ProvisionUsersDocument,
} from '@chorus/sdk';
import { startWay, type Way } from '@chorus/kit/testing/way';
import { createDeeds, type DeedName } from './deeds.ts';
import { aborted, becomes } from './patience.ts';
import type { Random } from './random.ts';
import { sleep, type System } from './system.ts';

/** Events of a hundred messages are all that a query can be compared with. */
const KEEP = 100;
/** Milliseconds that somebody waits between two things they do, on average. */
const PACE_MS = 5000;

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
  burst: (to: Person, count: number) => Promise<void>;
  /** The last message of each room, sent by one of its people. */
  lastWords(): Promise<void>;
  /**
   * Brings back somebody whose room has ended though they did not mean to leave: a request to leave that was given up and
   * sent again may be carried out late, once more, after they came back.
   */
  bringBack: (person: Person) => Promise<void>;
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
  /** To any router, as behind a balancer. */
  const router = () => `http://127.0.0.1:${random.pick(system.ports)}/graphql`;
  let keys = 0;
  const key = () => `storm-${++keys}-${random.between(0, 1e9)}`;

  const importerWay = await startWay(router);
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
      const way = await startWay(router);
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

  const { acts, isMember, bringBack, burst } = createDeeds(
    { people, acknowledged, faults },
    { random, key, did, hold },
  );
  /** What is done how often, of a hundred times. */
  const often: Record<DeedName, number> = { send: 60, edit: 12, delete: 5, react: 20, leave: 3 };
  const habits = (Object.keys(often) as DeedName[]).flatMap((name) => Array.from({ length: often[name] }, () => name));

  return {
    people,
    acknowledged,
    deeds,
    faults,
    bringBack,
    burst,
    async act(over) {
      await Promise.all(
        people.map(async (person) => {
          while (!over.aborted) {
            await Promise.race([sleep(random.next() * 2 * PACE_MS), aborted(over)]);
            if (over.aborted) return;
            const name = random.pick(habits);
            try {
              await bringBack(person);
              await acts[name](person);
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
          await acts.send(person);
          did('send');
        }),
      );
    },
    async stop() {
      await Promise.all(people.map(({ client }) => client.close()));
      for (const { way } of people) way.stop();
    },
  };
}
