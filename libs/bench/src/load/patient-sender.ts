// Sends as an SDK does: what is refused goes again under the same id until it is acknowledged.
import type { RawClient } from './raw-client.js';

const RETRY_PAUSE_MS = 50;
/** Longer than any outage that a bench makes. */
const SEND_WITHIN_MS = 60_000;

export interface PatientSend {
  readonly to: string;
  readonly clientMessageId: string;
  readonly body: Uint8Array;
}

export class PatientSender {
  #refusals = 0;

  /** Sends that had to be repeated so far. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Resolves with the encoded SendResponse. @throws Error with the last refusal after a minute. */
  async send(client: RawClient, { to, clientMessageId, body }: PatientSend): Promise<Uint8Array> {
    const startedAtMs = performance.now();
    const ageMs = (): number => performance.now() - startedAtMs;
    for (let attempt = 0; ; attempt += 1) {
      const again = { attempt, firstAttemptAgeMs: Math.ceil(ageMs()) };
      try {
        return await client.send(to, clientMessageId, body, attempt === 0 ? undefined : again);
      } catch (thrown) {
        if (ageMs() > SEND_WITHIN_MS) throw thrown;
        this.#refusals += 1;
        await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE_MS));
      }
    }
  }
}
