/**
 * How a subgraph keeps the accounts of another: which are hidden, and which are to be erased. Its database has the models
 * AccountState and ErasedAccount, as in posts.
 */
export { accountHandlers } from './handlers.ts';
export { type Erase, type Erasing, forgetEvents, startEraser } from './eraser.ts';
export {
  accountOpen,
  accountOpenAt,
  erasedKey,
  noneDeleted,
  requireOpenAccount,
  shown,
  withoutDeleted,
} from './policy.ts';
