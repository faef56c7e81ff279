// What the test server answers instead of doing a call.

export class Refusal extends Error {
  constructor(
    readonly code: number,
    info: string,
  ) {
    super(info);
  }
}
