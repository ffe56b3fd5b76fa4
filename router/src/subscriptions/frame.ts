const TEXT = 0x81; // the only and so the last frame of a text
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const CLOSING = 0x7d; // }

/**
 * One WebSocket frame (RFC 6455) with a graphql-ws message.
 * @param before the message up to its payload
 * @param payload JSON
 */
export function nextFrame(before: Buffer, payload: Buffer): Buffer {
  const length = before.length + payload.length + 1;
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
  before.copy(frame, head);
  payload.copy(frame, head + before.length);
  frame[frame.length - 1] = CLOSING;
  return frame;
}
