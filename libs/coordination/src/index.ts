export type {
  ChannelSubscription,
  Coordination,
  Hash,
  Reservation,
  ReserveOptions,
} from './coordination.js';
