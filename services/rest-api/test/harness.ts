// A REST door on a real port, over the in-process transport, with an auth, a
// message and a group service that do as they are told.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { DescService } from '@bufbuild/protobuf';
import { createMemoryCoordination } from '@parley/coordination';
import { type AppId, ChatError, ErrorCode } from '@parley/kernel';
import { authv1, groupv1, messagev1, profilev1 } from '@parley/proto';
import {
  type CallContext,
  createClient,
  createInProcessTransport,
  createRouter,
  type MethodHandler,
  type ServiceHandlers,
} from '@parley/rpc';
import { createMetricRegistry, silentLogger } from '@parley/telemetry';
import { CapturedLog, FakeClock, type LogLine } from '@parley/testkit';
import { type RestApi, type RestApiConfig, restApiConfig, restApiManifest } from '../src/index.js';

export const APP = 1_400_000_001 as AppId;
export const ADMIN = 'administrator';
export const SIG = 'a-good-signature';

export interface RecordedCall {
  readonly method: string;
  readonly request: Record<string, unknown>;
  readonly context: CallContext;
}

/** A handler for every method; what a test does not script is refused. */
function scripted<S extends DescService>(
  service: S,
  script: Partial<ServiceHandlers<S>>,
  calls: RecordedCall[],
): ServiceHandlers<S> {
  const entries = service.methods.map((method) => {
    const handler: MethodHandler<typeof method> = async (message, context) => {
      const { $typeName, ...request } = message;
      calls.push({ method: method.name, request, context });
      const answer = (script as Record<string, MethodHandler<typeof method> | undefined>)[method.localName];
      if (answer === undefined) throw new ChatError(ErrorCode.INTERNAL, `${method.name} is not scripted`);
      return answer(message, context);
    };
    return [method.localName, handler];
  });
  return Object.fromEntries(entries) as ServiceHandlers<S>;
}

export type AuthScript = Partial<ServiceHandlers<typeof authv1.AuthService>>;
export type MessageScript = Partial<ServiceHandlers<typeof messagev1.MessageService>>;

export type GroupScript = Partial<ServiceHandlers<typeof groupv1.GroupService>>;

export type ProfileScript = Partial<ServiceHandlers<typeof profilev1.ProfileService>>;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, unknown>;
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export class World {
  readonly clock = new FakeClock();
  readonly coordination = createMemoryCoordination({ clock: this.clock });
  readonly log = new CapturedLog();
  readonly calls: RecordedCall[] = [];
  isCoordinationAway = false;
  readonly auth: AuthScript = {
    verifyUserSig: async () => ({ isAdmin: true, expiresAtMs: BigInt(this.clock.now() + 86_400_000) }),
  };
  readonly messages: MessageScript = {};
  readonly groups: GroupScript = {};
  readonly profiles: ProfileScript = {};
  #api: RestApi | undefined;

  async start(settings: Partial<RestApiConfig> = {}): Promise<void> {
    const router = createRouter({ logger: silentLogger });
    router.register(authv1.AuthService, scripted(authv1.AuthService, this.auth, this.calls));
    router.register(messagev1.MessageService, scripted(messagev1.MessageService, this.messages, this.calls));
    router.register(groupv1.GroupService, scripted(groupv1.GroupService, this.groups, this.calls));
    router.register(profilev1.ProfileService, scripted(profilev1.ProfileService, this.profiles, this.calls));
    const transport = createInProcessTransport({ router, clock: this.clock });
    const platform = {
      clock: this.clock,
      coordination: {
        subscribe: this.coordination.subscribe.bind(this.coordination),
        countInWindow: (key: string, amount: number, windowMs: number) => {
          if (!this.isCoordinationAway) return this.coordination.countInWindow(key, amount, windowMs);
          return Promise.reject(new ChatError(ErrorCode.UNAVAILABLE, 'redis at 10.0.0.1 is not reachable'));
        },
      },
      metrics: createMetricRegistry(),
      logger: (subsystem: string) => this.log.logger(subsystem),
      client: <S extends DescService>(service: S) => createClient(service, transport),
    };
    this.#api = await restApiManifest.build(platform, { ...defaults(), port: 0, ...settings });
    await this.#api.start();
  }

  get api(): RestApi {
    if (this.#api === undefined) throw new Error('the world has not started');
    return this.#api;
  }

  /** @throws Error when the door logged an error that the test did not take. */
  async stop(): Promise<void> {
    await this.#api?.stop();
    await this.coordination.close();
    this.log.assertNoErrors();
  }

  requestLines(): LogLine[] {
    return this.log.lines.filter(({ event }) => event === 'request');
  }

  /** The calls of one method that are not the check of the signature. */
  callsOf(method: string): RecordedCall[] {
    return this.calls.filter((call) => call.method === method);
  }

  /** Calls a command as the admin would. */
  call(command: string, body: unknown, query: Record<string, string | undefined> = {}): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.send({ path: v4(command, query), body: text });
  }

  send({ method = 'POST', path, headers = {}, body = '' }: RawRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const isTls = this.api.url.startsWith('https:');
      const outgoing = (isTls ? httpsRequest : httpRequest)(
        // The certificate of the tests vouches for nobody.
        new URL(path, this.api.url),
        { method, headers, agent: false, rejectUnauthorized: false },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

export function v4(command: string, query: Record<string, string | undefined> = {}): string {
  const parameters = {
    sdkappid: String(APP),
    identifier: ADMIN,
    usersig: SIG,
    random: '99999999',
    contenttype: 'json',
    ...query,
  };
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `/v4/${command}?${new URLSearchParams(given)}`;
}

const defaults = (): RestApiConfig =>
  Object.fromEntries(
    Object.entries(restApiConfig.fields).map(([name, each]) => [name, each.default]),
  ) as unknown as RestApiConfig;

/** A table row: what is sent and with which code it is refused. */
export type RefusalRow = readonly [what: string, body: unknown, code: number];
