// One thing that strangers and broken clients send, and the answer that it must get.

export interface Doors {
  readonly restUrl: string;
  readonly gatewayUrl: string;
  readonly adminUrl: string;
  /** Of the admin door. */
  readonly operatorToken: string;
}

/**
 * Sends it and puts the answer into words: `90001` or `HTTP 400 60002` at REST and at the admin door,
 * `Reply 20001`, `Bye 4500`, `refused 70003` or `closed 1006` at the gateway.
 * `round` makes the users of one repetition others than those of the last.
 */
export type Attempt = (doors: Doors, round: number) => Promise<string>;

export type Row = readonly [what: string, answer: string, attempt: Attempt];

let names = 0;

/** A user that no other row has. */
export const freshUser = (): string => {
  names += 1;
  return `mallory${names}`;
};
