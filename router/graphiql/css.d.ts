// Vite bundles style sheets; to TypeScript they are imports without a value.
declare module '*.css';
declare module 'graphiql/style.css';
declare module '@graphiql/plugin-explorer/style.css';
