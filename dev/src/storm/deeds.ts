import {
  AcceptInvitationDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  InviteToRoomDocument,
  LeaveRoomDocument,
  type LiveRoom,
  ReactToMessageDocument,
  RemoveReactionDocument,
  RoomSnapshotDocument,
  SendMessageDocument,
} from '@chorus/sdk';
import { becomes, changed, untilKnown } from './patience.ts';
import type { Acknowledged, Crowd, Person } from './people.ts';
import type { Random } from './random.ts';
import { sleep } from './system.ts';

const EMOJI = ['👍', '🎉', '😀'];

export type DeedName = 'send' | 'edit' | 'delete' | 'react' | 'leave';

export interface Deeds extends Pick<Crowd, 'bringBack' | 'burst'> {
  /** By name, what somebody may do. */
  acts: Record<DeedName, (person: Person) => Promise<unknown>>;
  isMember: (person: Person) => Promise<boolean>;
}

/** What people do, and what has to be known of it. */
export function createDeeds(
  { people, acknowledged, faults }: Pick<Crowd, 'people' | 'faults'> & { acknowledged: Acknowledged[] },
  options: {
    random: Random;
    key: () => string;
    did: (what: string) => void;
    hold: (person: Pick<Person, 'client' | 'held'>, roomId: string) => LiveRoom;
  },
): Deeds {
  const { random, key, did, hold } = options;
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

  const acts: Deeds['acts'] = {
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
  return {
    acts,
    isMember,
    bringBack,
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
  };
}
