import { createHash } from 'node:crypto';
import { ChorusError, CreateRoomDocument, InviteToRoomDocument, RoomsDocument } from '@chorus/sdk';
import type { RoomsQuery } from '@chorus/sdk';
import { createLogClock, dayOf, type LogMessage, parseLogLine } from './chat-log.ts';
import type { ImportContext } from './import-graph.ts';
import { forEachOf, inGroups } from './limiter.ts';
import { readLines } from './lines.ts';
import { SendMessage } from './mutations.ts';
import type { Source } from './sources.ts';

interface KnownRoom {
  id: string;
  /** Of the last message in it. */
  clientId: string | null;
}

interface Entry extends LogMessage {
  line: number;
  clientId: string;
  createdAt: string | null;
}

/** Lines read before they are sent. */
const CHUNK = 200;
/** People that one call may invite. */
const INVITED = 100;

/**
 * Makes a room of each log, several side by side, and sends its messages one after another. The server itself knows how
 * far an earlier run came: the rooms of the importing person have the logs' names, and the last message of each names,
 * in its clientId, its line. Whatever is sent again is recognised by its clientId.
 * @param importer id of the person who owns the rooms
 */
export async function importLogs(logs: readonly Source[], importer: string, context: ImportContext): Promise<void> {
  const rooms = await roomsOf(importer, context);
  await forEachOf(logs, context.concurrency, (log) => importLog(log, importer, rooms.get(roomName(log)), context));
}

const roomName = ({ name }: Source): string => Array.from(name.trim()).slice(0, 80).join('') || 'log';

async function roomsOf(importer: string, { bulk }: ImportContext): Promise<Map<string, KnownRoom>> {
  const known = new Map<string, KnownRoom>();
  for (let after: string | null = null; ;) {
    const page: RoomsQuery = await bulk.request(RoomsDocument, { first: 100, after }, importer);
    for (const { node } of page.rooms?.edges ?? []) {
      if (node?.name != null) known.set(node.name, { id: node.id, clientId: node.lastMessage?.clientId ?? null });
    }
    after = page.rooms?.pageInfo.endCursor ?? null;
    if (!page.rooms?.pageInfo.hasNextPage) return known;
  }
}

async function importLog(log: Source, importer: string, known: KnownRoom | undefined, context: ImportContext) {
  const { bulk, people, progress, report } = context;
  const stored = await storedLines(log, known?.clientId ?? null, context.signal);
  let roomId = known?.id;
  const invited = new Set<string>();

  const makeRoom = async (createdAt: string | null) => {
    const idempotencyKey = `import-${hash(log.name)}`;
    const input = { name: roomName(log), createdAt, idempotencyKey };
    const { createRoom } = await bulk.request(CreateRoomDocument, { input }, importer);
    if (!createRoom?.room) throw new Error(`the server made no room for ${log.file}`);
    return createRoom.room.id;
  };

  const send = async (entries: Entry[]) => {
    await people.ensure(entries.map(({ author, createdAt }) => ({ ...author, ...(createdAt && { createdAt }) })));
    const unsent = entries.filter(({ line }) => line > stored);
    report.counts.messages += entries.length - unsent.length;
    progress.add(entries.length - unsent.length);
    if (unsent.length === 0) return;

    roomId ??= await makeRoom(unsent[0]?.createdAt ?? null);
    const newcomers = new Set(unsent.map(({ author }) => people.idOf(author.handle)).filter((id) => !invited.has(id)));
    for (const userIds of inGroups([...newcomers], INVITED)) {
      await bulk.request(InviteToRoomDocument, { roomId, userIds }, importer);
      for (const id of userIds) invited.add(id);
    }
    for (const { author, text, clientId, createdAt, line } of unsent) {
      const input = { roomId, text, clientId, createdAt };
      try {
        await bulk.request(SendMessage, { input }, people.idOf(author.handle));
        report.counts.messages += 1;
      } catch (error) {
        if (!(error instanceof ChorusError) || error.code !== 'BAD_USER_INPUT') throw error;
        report.skip(log.file, line, error.message);
      }
      progress.add(1);
    }
  };

  let chunk: Entry[] = [];
  for await (const entry of entriesOf(log, context.signal, (line, fault) => {
    progress.add(1);
    if (fault === null) report.counts.notes += 1;
    else report.skip(log.file, line, fault);
  })) {
    chunk.push(entry);
    if (chunk.length < CHUNK) continue;
    await send(chunk);
    chunk = [];
  }
  await send(chunk);
  if (roomId !== undefined) report.counts.rooms += 1;
}

/** @param other hears of each line that is no message; why it is malformed, or null when it is not */
async function* entriesOf(
  log: Source,
  signal: AbortSignal,
  other: (line: number, fault: string | null) => void,
): AsyncGenerator<Entry, void, void> {
  const day = dayOf(log.name);
  const clock = day === null ? null : createLogClock(day);
  for await (const { number, text, fault } of readLines(log.file, signal)) {
    const parsed = text === null ? { kind: 'malformed' as const, fault: fault ?? '' } : parseLogLine(text);
    if (parsed.kind !== 'message') {
      other(number, parsed.kind === 'note' ? null : parsed.fault);
      continue;
    }
    const at = clock?.(parsed.time) ?? null;
    // A log of today may be of another time zone; nothing was written in the future.
    const createdAt = at === null || at > Date.now() || at < 0 ? null : new Date(at).toISOString();
    yield { ...parsed, line: number, createdAt, clientId: clientIdOf(log, number, parsed) };
  }
}

/** Names the line, and changes with what it says, so that an edited log is no conflict. */
const clientIdOf = (log: Source, line: number, { author, text }: LogMessage): string =>
  `line-${line}-${hash(`${log.name}\n${author.name}\n${text}`)}`;

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/**
 * How many lines of the log are in the room already; 0 when its last message is not of this log as it is now.
 * @param clientId of the last message in the room
 */
async function storedLines(log: Source, clientId: string | null, signal: AbortSignal): Promise<number> {
  const line = Number(/^line-(\d{1,9})-/.exec(clientId ?? '')?.[1] ?? 0);
  if (line === 0) return 0;
  for await (const entry of entriesOf(log, signal, () => undefined)) {
    if (entry.line === line) return entry.clientId === clientId ? line : 0;
  }
  return 0;
}
