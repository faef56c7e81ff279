// kafkajs 2.2.4 arms a throttling timer after every answer, although nothing waits and no throttling is on:
// its time is then minus the milliseconds since 1970, of which Node 24 warns (tulios/kafkajs#1751). With
// nothing waiting there is nothing to arm a timer for: the queue arms it again when a request has to wait.
import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/** The class is no public name of kafkajs, whose version is pinned for this. */
const RequestQueueClass = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  readonly prototype: RequestQueue;
};

let isQuiet = false;

/** Repairs the request queue of every client in this process, once. */
export function quietRequestQueues(): void {
  if (isQuiet) return;
  isQuiet = true;
  const { prototype } = RequestQueueClass;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleWhenPending(this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
