// The sends of one conversation, in the order of their sender. Pure: says what may go
// out now.
//
// One send is in flight at a time, and nothing passes it until it is stored or over. Two
// in flight would not keep their order: the server works on calls at the same time, looks
// repeated ones up at length, and may refuse the first for a moment that is over for the second.

export interface LaneJob {
  /** Attempts before the next (waiting) or current (in flight) one. */
  attempt: number;
  isInFlight: boolean;
  /** Not sent again before this time of the elapsed clock, ms. */
  notBeforeMs: number;
}

export class SendLane<J extends LaneJob> {
  private readonly jobs: J[] = [];

  get size(): number {
    return this.jobs.length;
  }

  /** Behind all others, or in the place of one that is in the lane. */
  add(job: J, insteadOf?: J): void {
    const place = insteadOf === undefined ? -1 : this.jobs.indexOf(insteadOf);
    if (place >= 0) this.jobs[place] = job;
    else this.jobs.push(job);
  }

  /** What is to be sent now, if anything; marks it as in flight. */
  take(nowMs: number): J | undefined {
    const [first] = this.jobs;
    if (first === undefined || first.isInFlight || first.notBeforeMs > nowMs) return undefined;
    first.isInFlight = true;
    return first;
  }

  /** The attempt ended without a result: the job waits in its place. */
  repeat(job: J, notBeforeMs: number): void {
    job.isInFlight = false;
    job.attempt += 1;
    job.notBeforeMs = notBeforeMs;
  }

  /** The job is over: stored, refused or given up. */
  remove(job: J): void {
    const place = this.jobs.indexOf(job);
    if (place >= 0) this.jobs.splice(place, 1);
  }
}
