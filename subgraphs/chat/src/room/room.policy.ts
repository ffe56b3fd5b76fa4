import { type Sql, sql } from '@chorus/kit/sql';
import type { Viewer } from '@chorus/kit/viewer';

/**
 * Which rows of `room` the viewer may see, as a condition: those of which they are a member. Every statement that reads
 * rooms, or what is in them by its id, holds it. An anonymous viewer equals no member.
 */
export const visible = (viewer: Viewer): Sql => sql`
  exists (select from room_member where room_member.room_id = room.id and room_member.user_id = ${viewer.userId})`;
