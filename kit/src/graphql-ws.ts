/**
 * A message for graphql-ws, which takes one parsed as well as its text, and would keep the text for as long as the
 * operation lives that it began. What is no JSON stays text: graphql-ws refuses it.
 */
export function parsedMessage(message: Buffer): string {
  const text = String(message);
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}
