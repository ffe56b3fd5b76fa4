import type { EventText } from '../execution/tail-event.ts';

const TEXT = 0x81; // the only and so the last frame of a text
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const CLOSING = 0x7d; // }

/**
 * The WebSocket frame (RFC 6455) of graphql-ws's message with an event. All who name their operation alike get the same
 * bytes: clients that number their operations mostly do.
 */
export const nextFrame = (event: EventText, operationId: string): Buffer =>
  event.encoded(operationId, (payload) =>
    frame(`{"id":${JSON.stringify(operationId)},"type":"next","payload":`, payload),
  );

/**
 * @param before the message up to its payload
 * @param payload JSON
 */
function frame(before: string, payload: Buffer): Buffer {
  const start = Buffer.byteLength(before);
  const length = start + payload.length + 1;
  const head = length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = TEXT;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(before, head);
  frame.set(payload, head + start);
  frame[frame.length - 1] = CLOSING;
  return frame;
}
