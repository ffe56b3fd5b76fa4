export { record } from './outbox.ts';
export { startRelay, type Relay } from './relay.ts';
export { type Follower, startFollower } from './follower.ts';
export { type BatchHandler, type EventOf, type Handlers, type PreparedBatch, startConsumers } from './consumer.ts';
export { project } from './projection.ts';
