export { record } from './outbox.ts';
export { startRelay, type Relay } from './relay.ts';
export { type Follower, startFollower } from './follower.ts';
export { startConsumers, type Handlers } from './consumer.ts';
export { project } from './projection.ts';
