// The service object of the REST door.
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ChannelSubscription, Coordination } from '@parley/coordination';
import type { ReadyState, Service } from '@parley/runtime';
import type { RestApiConfig } from './config.js';
import { AdminIdentity, AUTH_CHANGED_CHANNEL } from './door/admin-identity.js';
import { RequestEvents } from './events.js';
import { Visitors } from './http/visitors.js';

/** What stop() gives the requests in flight; each is bounded by the backend's time-out anyway. */
const STOP_WITHIN_MS = 5_000;

export interface RestApiOptions {
  readonly app: NestFastifyApplication;
  readonly coordination: Pick<Coordination, 'subscribe'>;
  readonly config: RestApiConfig;
}

type State = 'built' | 'running' | 'draining' | 'stopped';

/** built → running → draining → stopped; see Service. */
export class RestApi implements Service {
  readonly registrations = [];
  #state: State = 'built';
  #notices: ChannelSubscription | undefined;

  constructor(private readonly options: RestApiOptions) {}

  /** @throws Error with the remedy when the address cannot be listened on. */
  async start(): Promise<void> {
    const { app, coordination, config } = this.options;
    const identity = app.get(AdminIdentity);
    this.#notices = await coordination.subscribe(AUTH_CHANGED_CHANNEL, (notice) => identity.forget(notice));
    await this.#listen(app, config);
    const server = app.getHttpServer();
    server.maxConnections = config.connectionsMax;
    this.#state = 'running';
    app.get(RequestEvents).listening(this.url);
  }

  /** The port that is listened on. */
  get port(): number {
    const address: AddressInfo | string | null = this.options.app.getHttpServer().address();
    if (address === null || typeof address === 'string') throw new Error('the REST door does not listen');
    return address.port;
  }

  /** Where callers find the door, without the path. */
  get url(): string {
    const { bind, tlsCertFile } = this.options.config;
    const host = bind.includes(':') ? `[${bind}]` : bind;
    return `${tlsCertFile === '' ? 'http' : 'https'}://${host}:${this.port}`;
  }

  ready(): ReadyState {
    if (this.#state === 'running') return { isReady: true };
    return { isReady: false, reason: `the REST door is ${this.#state}` };
  }

  /** Still answers, so that no caller fails while the word spreads, but asks everybody to come back elsewhere. */
  async drain(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'draining';
    this.options.app.get(Visitors).sendAway();
  }

  async #listen(app: NestFastifyApplication, { port, bind }: RestApiConfig): Promise<void> {
    try {
      await app.listen(port, bind);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `the REST door cannot listen on ${bind}:${port} (${reason}); set PARLEY_BIND or PARLEY_REST_PORT`,
        { cause },
      );
    }
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    const { app } = this.options;
    const impatience = setTimeout(() => app.getHttpServer().closeAllConnections(), STOP_WITHIN_MS);
    await app.close();
    clearTimeout(impatience);
    await this.#notices?.close();
  }
}
