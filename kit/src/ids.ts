import { v7 } from 'uuid';

const pattern = /^([a-z]{3})_([0-9a-f]{32})$/;

/** A new global id: the type's prefix and a UUIDv7 without dashes, so ids of one process sort by time. */
export const newId = (prefix: string): string => `${prefix}_${v7().replaceAll('-', '')}`;

/** The three-letter type prefix of a well-formed id, else null. */
export const idPrefix = (id: string): string | null => pattern.exec(id)?.[1] ?? null;

/** Whether this is a well-formed id of the type. */
export const isId = (prefix: string, id: string): boolean => idPrefix(id) === prefix;
