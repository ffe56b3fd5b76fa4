/**
 * The body of a request whose variables hold files, as the GraphQL multipart request specification says; null when there
 * are none, so that it can go as JSON.
 */
export function toMultipart(query: string, variables: Record<string, unknown>): FormData | null {
  const files: [path: string, file: Blob][] = [];
  const emptied = withoutFiles(variables, 'variables', files);
  if (files.length === 0) return null;
  const form = new FormData();
  form.set('operations', JSON.stringify({ query, variables: emptied }));
  form.set('map', JSON.stringify(Object.fromEntries(files.map(([path], index) => [index, [path]]))));
  files.forEach(([, file], index) => form.set(String(index), file));
  return form;
}

function withoutFiles(value: unknown, path: string, files: [string, Blob][]): unknown {
  if (value instanceof Blob) {
    files.push([path, value]);
    return null;
  }
  if (Array.isArray(value)) return value.map((item, index) => withoutFiles(item, `${path}.${index}`, files));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutFiles(item, `${path}.${key}`, files)]),
  );
}
