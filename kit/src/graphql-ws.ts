/**
 * A message for graphql-ws, which takes one parsed as well as its text, and would keep the text for as long as the
 * operation lives that it began. What is no object stays text, for graphql-ws to refuse: it would parse a string again.
 */
export function parsedMessage(message: Buffer): string {
  const text = String(message);
  try {
    const parsed = JSON.parse(text) as unknown;
    return typeof parsed === 'object' ? (parsed as unknown as string) : text;
  } catch {
    return text;
  }
}
