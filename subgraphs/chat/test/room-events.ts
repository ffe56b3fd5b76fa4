import type { Viewer } from '@chorus/kit/viewer';
import { beforeAll, expect } from 'vitest';
import type { useChat } from './harness.ts';

export const EVENTS = `subscription ($roomId: ID!, $after: String) { roomEvents(roomId: $roomId, after: $after) {
  __typename
  ... on MessageCreated { cursor seq message { seq text author { id } } }
  ... on MemberJoined { cursor seq user { id } invitedBy { id } }
  ... on MemberLeft { cursor seq user { id } }
  ... on RoomReset { cursor }
  ... on RoomEnd { reason }
} }`;
export interface Frame {
  __typename: string;
  cursor: string;
  message: { seq: number; text: string };
}

export const texts = (frames: Frame[]) => frames.map((frame) => frame.message?.text ?? frame.__typename);

/** How tests of one file hear the events of rooms. */
export function roomEvents(chat: ReturnType<typeof useChat>) {
  type Subscriptions = ReturnType<typeof chat.subscriptions>;
  let socket: Subscriptions;
  beforeAll(() => {
    socket = chat.subscriptions();
  });

  return {
    /** Subscribes; `next` is the next frame, null after the last. */
    listen: async (viewer: Viewer, roomId: string, after: string | null, on = socket) => {
      const events = await on.subscribe<{ roomEvents: Frame }>(viewer, EVENTS, { roomId, after });
      const next = async (): Promise<Frame | null> => {
        const { done, value } = await events.next();
        if (done === true) return null;
        expect(value.errors).toBeUndefined();
        return value.data?.roomEvents ?? null;
      };
      return {
        next,
        take: async (count: number) => {
          const frames: Frame[] = [];
          while (frames.length < count) {
            const frame = await next();
            if (frame === null) break;
            frames.push(frame);
          }
          return frames;
        },
        close: () => events.return?.(),
      };
    },
    cursorOf: async (viewer: Viewer, id: string) =>
      (
        await chat.ask<{ room: { eventCursor: string } }>(
          viewer,
          'query ($id: ID!) { room(id: $id) { eventCursor } }',
          {
            id,
          },
        )
      ).room.eventCursor,
  };
}
