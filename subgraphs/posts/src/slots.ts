/**
 * Which of the 16 rows that share a count takes a change: the last hex digit of the id that brings it, which is random.
 * What the same id takes back leaves the same row, so no row goes below zero.
 */
export const slotOf = (id: string): number => Number.parseInt(id.slice(-1), 16);
