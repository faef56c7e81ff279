// The order in which a request is judged: cheap questions first, and everything
// that needs no body before the body is read, so that strangers cannot make us
// hold their bytes.
//
//   admit: route → room → query → admin? → rate      serve: body → command → answer
import { ChatError, type Clock, ErrorCode } from '@parley/kernel';
import { type CallContext, CallerRole, Platform } from '@parley/rpc';
import type { Command, CommandTools } from '../commands/command.js';
import { parseJsonObject } from '../json/json-body.js';
import type { AdminIdentity } from './admin-identity.js';
import type { CommandRates } from './command-rates.js';
import { type CallerClaim, parseQuery } from './query-parameters.js';
import { type Answer, refusal, type Visit } from './visit.js';

export interface DoorOptions {
  readonly commands: readonly Command[];
  readonly identity: AdminIdentity;
  readonly rates: CommandRates;
  readonly tools: CommandTools;
  readonly clock: Clock;
  readonly requestsInFlightMax: number;
  /** For the work behind one request. */
  readonly backendTimeoutMs: number;
}

const V4 = '/v4/';
const TRACE_PARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export class Door {
  readonly #commands: ReadonlyMap<string, Command>;
  #inFlight = 0;

  constructor(private readonly options: DoorOptions) {
    this.#commands = new Map(options.commands.map((command) => [command.path, command]));
  }

  get requestsInFlight(): number {
    return this.#inFlight;
  }

  /** Counts the request in. Every call is followed by one {@link leave}. */
  enter(): void {
    this.#inFlight++;
  }

  leave(): void {
    this.#inFlight--;
  }

  /** Everything before the body. Undefined: go on with {@link serve}. Never rejects. */
  async admit(visit: Visit): Promise<Answer | undefined> {
    const [path = '', ...query] = visit.arrival.url.split('?');
    const command = path.startsWith(V4) ? this.#commands.get(path.slice(V4.length)) : undefined;
    const misroute = decideRoute(visit.arrival.method, path, command);
    if (misroute !== undefined || command === undefined) return misroute;
    visit.command = command;
    if (this.#inFlight > this.options.requestsInFlightMax) {
      return refusal(200, ErrorCode.OVERLOADED, 'too many requests for the moment, retry later');
    }
    try {
      await this.#checkCaller(visit, command, parseQuery(query.join('?')));
      return undefined;
    } catch (thrown) {
      return this.#refuse(visit, command, thrown);
    }
  }

  /** The rest of an admitted request. Never rejects. */
  async serve(visit: Visit, bytes: Uint8Array): Promise<Answer> {
    const { command, caller } = visit;
    if (command === undefined || caller === undefined) throw new Error('only an admitted request is served');
    visit.bodyBytes = bytes.byteLength;
    try {
      const body = parseJsonObject(bytes);
      if (body === undefined) throw new ChatError(command.family.notJson.code, command.family.notJson.info);
      const context = this.#contextOf(visit, caller);
      return {
        status: 200,
        envelope: await command.handle(body, { caller, context, tools: this.options.tools }),
      };
    } catch (thrown) {
      return this.#refuse(visit, command, thrown);
    }
  }

  async #checkCaller(visit: Visit, command: Command, claim: CallerClaim): Promise<void> {
    visit.caller = { appId: claim.appId, identifier: claim.identifier };
    await this.options.identity.require(claim, this.options.clock.now() + this.options.backendTimeoutMs);
    await this.options.rates.countCall(claim.appId, command.path, command.perSecondMax);
  }

  #contextOf(visit: Visit, caller: NonNullable<Visit['caller']>): CallContext {
    const { traceParent } = visit.arrival;
    return {
      appId: caller.appId,
      userId: caller.identifier,
      role: CallerRole.ADMIN,
      platform: Platform.UNSPECIFIED,
      deadlineMs: this.options.clock.now() + this.options.backendTimeoutMs,
      attempt: 0,
      ...(traceParent !== undefined && TRACE_PARENT.test(traceParent) ? { traceParent } : {}),
    };
  }

  #refuse(visit: Visit, command: Command, thrown: unknown): Answer {
    visit.reason = ChatError.from(thrown).info;
    // The cause of a ChatError is logged where it was made; anything else is a defect of this service.
    if (!(thrown instanceof ChatError)) visit.failure = thrown;
    return { status: 200, envelope: command.refuse(thrown) };
  }
}

/** What is answered to a request that no command gets; undefined: one does. */
function decideRoute(method: string, path: string, command: Command | undefined): Answer | undefined {
  if (method === 'POST' && path.startsWith(V4)) {
    return command === undefined
      ? refusal(200, ErrorCode.UNKNOWN_COMMAND, `no such command: ${cut(path)}`)
      : undefined;
  }
  if (command === undefined)
    return refusal(404, ErrorCode.UNKNOWN_COMMAND, 'commands are POST /v4/<service>/<command>');
  return refusal(405, ErrorCode.HTTP_UNPARSABLE, 'commands are called with POST');
}

const PATH_CHARS_SHOWN = 100;
const cut = (path: string): string => path.slice(0, PATH_CHARS_SHOWN);
