// What the profile service says of senders and receivers, remembered while it stands.
import type { Coordination } from '@parley/coordination';
import type { AppId, Clock, UserId } from '@parley/kernel';
import type { profilev1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import { type FactsRule, refuseByFacts, type SendFacts } from '../domain/send-rules.js';
import { encodeStamp, NO_STAMP } from '../encoding/sender-stamp.js';

/** `send-facts:changed` carries `<appId> <from>`. */
const CHANGED_CHANNEL = 'send-facts:changed';
/** Notices are sent at most once, so no answer is trusted longer. */
const TRUST_MS = 30 * 1_000;
/** For messages to groups: what holds for every receiver. */
const NOBODY = '';

interface Known {
  readonly facts: SendFacts;
  /** How messages name the sender. */
  readonly stamp: Uint8Array;
  readonly untilMs: number;
}

interface Flight {
  readonly answer: Promise<SendFacts>;
  /** A notice came meanwhile: the answer may be from before. */
  isStale: boolean;
}

export interface SendFactsDirectoryOptions {
  readonly profiles: Pick<Client<typeof profilev1.ProfileService>, 'getSendFacts'>;
  readonly coordination: Coordination;
  readonly clock: Clock;
  /** Answers remembered at once. */
  readonly factsMax: number;
}

export class SendFactsDirectory {
  /** By sender, then by receiver; both in the order of asking, so the first is the oldest. */
  readonly #known = new Map<string, Map<string, Known>>();
  #knownCount = 0;
  /** By sender, then by receiver. */
  readonly #flights = new Map<string, Map<string, Flight>>();
  #subscription: { close(): Promise<void> } | undefined;

  constructor(private readonly options: SendFactsDirectoryOptions) {}

  async start(): Promise<void> {
    this.#subscription = await this.options.coordination.subscribe(CHANGED_CHANNEL, (sender) =>
      this.#forget(sender),
    );
  }

  async stop(): Promise<void> {
    await this.#subscription?.close();
  }

  /**
   * Undefined when what is remembered lets a user's message to another user pass. Else the profile service is asked, for
   * nobody is refused by what is remembered: rejects with ChatError, the refusal or UNAVAILABLE.
   */
  allowC2c(appId: AppId, from: UserId, to: UserId): Promise<void> | undefined {
    return this.#allow(`${appId} ${from}`, { appId, from, to }, from === to ? 'c2c-to-oneself' : 'c2c');
  }

  /** The same for a message to whatever group. */
  allowGroup(appId: AppId, from: UserId): Promise<void> | undefined {
    return this.#allow(`${appId} ${from}`, { appId, from, to: NOBODY }, 'group');
  }

  /** Learns what messages say of a sender whom nothing binds: an app's back end speaks for it. Undefined: it is known. Never rejects. */
  know(appId: AppId, from: UserId): Promise<void> | undefined {
    const sender = `${appId} ${from}`;
    const known = this.#known.get(sender)?.get(NOBODY);
    if (known !== undefined && known.untilMs > this.options.clock.now()) return undefined;
    // Without an answer the message goes out without the name.
    return this.#ask(sender, { appId, from, to: NOBODY }).then(nothing, nothing);
  }

  /** How messages name this sender; empty when nothing is remembered. */
  stampOf(appId: AppId, from: UserId): Uint8Array {
    const receivers = this.#known.get(`${appId} ${from}`);
    if (receivers !== undefined) for (const { stamp } of receivers.values()) return stamp;
    return NO_STAMP;
  }

  /** Answers remembered now. */
  get size(): number {
    return this.#knownCount;
  }

  #allow(sender: string, question: Question, rule: FactsRule): Promise<void> | undefined {
    const nowMs = this.options.clock.now();
    const known = this.#known.get(sender)?.get(question.to);
    const isGood = known !== undefined && known.untilMs > nowMs;
    if (isGood && refuseByFacts(known.facts, rule, nowMs) === undefined) return undefined;
    return this.#ask(sender, question).then((facts) => {
      const refusal = refuseByFacts(facts, rule, this.options.clock.now());
      if (refusal !== undefined) throw refusal;
    });
  }

  /** Who asks the same at once shares one call, unless a notice came since it began. */
  #ask(sender: string, question: Question): Promise<SendFacts> {
    const flights = this.#flights.get(sender) ?? new Map<string, Flight>();
    const running = flights.get(question.to);
    if (running !== undefined && !running.isStale) return running.answer;
    const { appId, from, to } = question;
    const context = serviceContext(appId, 'message' as UserId);
    const answer = this.options.profiles.getSendFacts({ from, to }, context);
    const flight: Flight = { answer, isStale: false };
    this.#flights.set(sender, flights.set(to, flight));
    const end = () => {
      if (flights.get(to) === flight) flights.delete(to);
      if (flights.size === 0 && this.#flights.get(sender) === flights) this.#flights.delete(sender);
    };
    answer.then((facts) => {
      end();
      if (!flight.isStale) this.#remember(sender, to, facts);
    }, end);
    return answer;
  }

  #remember(sender: string, to: string, facts: SendFacts): void {
    const receivers = this.#known.get(sender) ?? new Map<string, Known>();
    if (receivers.delete(to)) this.#knownCount--;
    const untilMs = this.options.clock.now() + TRUST_MS;
    receivers.set(to, { facts, stamp: encodeStamp(facts), untilMs });
    this.#knownCount++;
    this.#known.delete(sender);
    this.#known.set(sender, receivers);
    if (this.#knownCount > this.options.factsMax) this.#dropOldest();
  }

  #dropOldest(): void {
    for (const [sender, receivers] of this.#known) {
      for (const to of receivers.keys()) {
        receivers.delete(to);
        this.#knownCount--;
        if (receivers.size === 0) this.#known.delete(sender);
        return;
      }
    }
  }

  #forget(sender: string): void {
    this.#knownCount -= this.#known.get(sender)?.size ?? 0;
    this.#known.delete(sender);
    for (const flight of this.#flights.get(sender)?.values() ?? []) flight.isStale = true;
  }
}

const nothing = (): void => undefined;

interface Question {
  readonly appId: AppId;
  readonly from: UserId;
  readonly to: UserId | typeof NOBODY;
}
