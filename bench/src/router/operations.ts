/** What is asked: one operation that takes calls in many waves, and one that takes a single small call. */
export const operations = {
  heavy: `query Heavy {
  users { id username name reviews { ...Deep } }
  topProducts { ...Product reviews { id body author { id username name reviews { ...Shallow } } } }
}
fragment Product on Product { inStock name price shippingEstimate upc weight }
fragment Shallow on Review { id body product { ...Product } }
fragment Deep on Review {
  id
  body
  product { ...Product reviews { id body author { id username name reviews { ...Shallow } } } }
}`,
  light: 'query Light { topProducts(first: 1) { name } }',
} as const;

export type OperationName = keyof typeof operations;
export const operationNames = ['heavy', 'light'] as const satisfies readonly OperationName[];

/** The body of a request for it. */
export const requestBody = (query: string): string => JSON.stringify({ query });

/** The operation as never seen before: the same answer but for the name of one field. */
export const unseen = (name: OperationName, turn: number): string =>
  operations[name].replace(/ name /, ` name name_${turn}: name `);
