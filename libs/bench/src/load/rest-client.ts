// A back end that calls the REST API as fast as it is answered, over connections that stay open.
import { Agent, request } from 'node:http';
import { type LoadTarget, userSigOf } from '../scenarios/bench-target.js';

const ADMIN = 'administrator';
const CONNECTIONS_MAX = 64;

export interface RestAnswer {
  readonly ErrorCode: number;
  readonly ErrorInfo: string;
}

export class RestClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX });
  readonly #query: string;

  constructor(
    private readonly restUrl: string,
    target: LoadTarget,
  ) {
    const sig = userSigOf(target, ADMIN);
    this.#query = new URLSearchParams({
      sdkappid: String(target.sdkAppId),
      identifier: ADMIN,
      usersig: sig,
      random: '1',
      contenttype: 'json',
    }).toString();
  }

  /** @returns the answer's text. @throws Error when the command is refused. */
  async call(command: string, body: object): Promise<string> {
    const text = await this.post(`${this.restUrl}/v4/${command}?${this.#query}`, JSON.stringify(body));
    const { ErrorCode, ErrorInfo } = JSON.parse(text) as RestAnswer;
    if (ErrorCode !== 0) throw new Error(`${command}: ${ErrorCode} ${ErrorInfo}`);
    return text;
  }

  post(url: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const outgoing = request(url, { method: 'POST', agent: this.#agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => resolve(Buffer.concat(chunks).toString()));
        incoming.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
