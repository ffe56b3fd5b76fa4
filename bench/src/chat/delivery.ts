import path from 'node:path';
import { isPrepared, peerFolder } from '../harness/peers.ts';
import { type Place, startWorker, type Worker } from '../harness/processes.ts';
import { residentMemory, usageOf } from '../harness/usage.ts';
import type { Delivered, Entrance, Listeners, Question } from './audience.ts';
import { createRoom, people, QUERY } from './room.ts';
import type { Chorus, Server, World } from './world.ts';

/** Somebody who delivers what is said in a room. */
export interface Contender {
  label: string;
  key: 'chorus' | 'per_subscriber' | 'in_hand' | 'socketio' | 'limit';
  /** The folder under peers/ that must have been prepared. */
  peer?: string;
  /** What starts it there. Default: main.js */
  file?: string;
  protocol: Listeners['protocol'];
}

export const PEERS = ['graphql-ws', 'socketio', 'ws'];

export const CONTENDERS: readonly Contender[] = [
  { label: 'Chorus: router, chat and users', key: 'chorus', protocol: 'graphql' },
  {
    label: 'graphql-ws, reading and executing per subscriber',
    key: 'per_subscriber',
    peer: 'graphql-ws',
    file: 'stored.js',
    protocol: 'graphql',
  },
  { label: 'graphql-ws, executing what it has in hand', key: 'in_hand', peer: 'graphql-ws', protocol: 'graphql' },
  { label: 'Socket.IO, Redis adapter', key: 'socketio', peer: 'socketio', protocol: 'socketio' },
  { label: 'ws, one frame for all (the limit)', key: 'limit', peer: 'ws', protocol: 'frames' },
];

export const isThere = ({ peer }: Contender): boolean => peer === undefined || isPrepared(peer);

/** A contender with its listeners. */
export interface Party {
  server: Server;
  audience: Worker;
  entrance: Entrance;
  stop(): Promise<void>;
}

const AUDIENCE = path.join(import.meta.dirname, 'audience.ts');

/** Asks the audience. @throws Error with what it met */
export async function asked<Answer>(audience: Worker, question: Question): Promise<Answer> {
  const answer = await audience.ask<Answer | { error: string }>(question);
  if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(answer.error);
  return answer;
}

/** One of its own: all are up at the same time. */
const channelOf = ({ key }: Contender): string => `room:${key}`;

let rooms = 0;

/**
 * Starts a contender and gathers listeners in one room, each on a socket of its own; everybody has heard something by the end.
 * @param options.place where Chorus runs
 * @param options.onStarted is called when the server is up and nobody is there
 */
export async function gather(
  world: World,
  contender: Contender,
  count: number,
  {
    place = 'measured',
    onStarted = async () => {},
  }: { place?: Place; onStarted?: (server: Server) => Promise<void> } = {},
): Promise<Party> {
  const audience = startWorker({ args: [AUDIENCE] });
  const chorus: Chorus | null = contender.peer === undefined ? await world.startChorus(place) : null;
  const file = path.join(peerFolder(contender.peer ?? ''), contender.file ?? 'main.js');
  const server = chorus ?? (await world.startPeer(file, { CHANNEL: channelOf(contender) }));
  const stop = async () => {
    await audience.stop();
    await server.stop();
  };
  try {
    const listeners: Listeners = {
      port: server.port,
      protocol: contender.protocol,
      query: QUERY,
      variables: { roomId: contender.key },
      params: Array.from({ length: count }, () => ({})),
    };
    let entrance: Entrance =
      contender.file === 'stored.js'
        ? { kind: 'post', port: server.port }
        : { kind: 'redis', url: world.redisUrl, channel: channelOf(contender) };
    if (chorus !== null) {
      const members = await people(chorus, `listener${++rooms}`, count);
      const roomId = await createRoom(chorus, members);
      const { authorization = '' } = chorus.headers;
      const headers = { ...chorus.headers, 'chorus-act-as': members[0] ?? '' };
      entrance = { kind: 'mutation', port: chorus.port, roomId, headers };
      listeners.variables = { roomId };
      listeners.params = members.map((id) => ({ Authorization: authorization, 'chorus-act-as': id }));
    }
    await onStarted(server);
    await asked(audience, { ask: 'open', listeners });
    await asked(audience, { ask: 'settle', entrance });
    return { server, audience, entrance, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Deliveries per second of processor time of all that was started. */
export async function perCpuSecond(
  { server, audience, entrance }: Party,
  events: number,
): Promise<Delivered & { perCpuSecond: number }> {
  const cpu = () => server.programs.reduce((sum, { pid }) => sum + usageOf(pid).cpuSeconds, 0);
  const before = cpu();
  const delivered = await asked<Delivered>(audience, { ask: 'deliver', entrance, events });
  return { ...delivered, perCpuSecond: delivered.deliveries / Math.max(0.01, cpu() - before) };
}

/** Resident memory in MB once garbage is collected. */
export async function collectedMemory({ programs }: Server): Promise<number> {
  for (const { pid } of programs) process.kill(pid, 'SIGUSR2');
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return programs.reduce((sum, { pid }) => sum + residentMemory(pid), 0);
}
