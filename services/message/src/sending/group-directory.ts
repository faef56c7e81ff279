// What the group service says of groups and users, remembered while it stands.
import type { Coordination } from '@parley/coordination';
import {
  type AppId,
  type ChatError,
  type Clock,
  type GroupId,
  membersGroupOf,
  TOPIC_MARK,
  type UserId,
} from '@parley/kernel';
import type { groupv1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import type { GroupFacts } from '../domain/group-rules.js';

/** `group:changed` carries `<appId> <groupId>` or `<appId> <groupId> <userId>`. */
const CHANGED_CHANNEL = 'group:changed';
/** Notices are sent at most once, so no answer is trusted longer. */
const TRUST_MS = 30 * 1_000;

interface Known {
  readonly facts: GroupFacts;
  readonly untilMs: number;
}

interface Flight {
  readonly answer: Promise<GroupFacts>;
  /** As notices may name what is asked: for a topic, its community concerns it as well. */
  readonly names: readonly string[];
  /** A notice came meanwhile: the answer may be from before. */
  isStale: boolean;
}

/** A group and who wants something of it. */
export interface GroupQuestion {
  readonly appId: AppId;
  readonly groupId: GroupId;
  readonly user: UserId;
}

export interface GroupDirectoryOptions {
  readonly groups: Client<typeof groupv1.GroupService>;
  readonly coordination: Coordination;
  readonly clock: Clock;
  /** Answers remembered at once. */
  readonly factsMax: number;
}

export class GroupDirectory {
  /** By group, then by user; both in the order of asking, so the first is the oldest. */
  readonly #known = new Map<string, Map<string, Known>>();
  /** Topics that are known, by their community; at most as many as answers. */
  readonly #topics = new Map<string, Set<string>>();
  #knownCount = 0;
  readonly #flights = new Map<string, Flight>();
  #subscription: { close(): Promise<void> } | undefined;

  constructor(private readonly options: GroupDirectoryOptions) {}

  async start(): Promise<void> {
    this.#subscription = await this.options.coordination.subscribe(CHANGED_CHANNEL, (notice) =>
      this.#forget(notice),
    );
  }

  async stop(): Promise<void> {
    await this.#subscription?.close();
  }

  /**
   * The facts under which `refuse` has nothing to say. What is remembered may be 30 s old, but nobody is refused by
   * it: then the group service is asked.
   * @throws ChatError what `refuse` says, or UNAVAILABLE.
   */
  async allow(
    question: GroupQuestion,
    refuse: (facts: GroupFacts) => ChatError | undefined,
  ): Promise<GroupFacts> {
    const known = this.#recall(question);
    if (known !== undefined && refuse(known) === undefined) return known;
    const facts = await this.#ask(question);
    const refusal = refuse(facts);
    if (refusal !== undefined) throw refusal;
    return facts;
  }

  /** The facts, whatever they are. */
  async facts(question: GroupQuestion): Promise<GroupFacts> {
    return this.#recall(question) ?? this.#ask(question);
  }

  /** Answers remembered now. */
  get size(): number {
    return this.#knownCount;
  }

  #recall(question: GroupQuestion): GroupFacts | undefined {
    const known = this.#known.get(groupKey(question))?.get(question.user);
    return known !== undefined && known.untilMs > this.options.clock.now() ? known.facts : undefined;
  }

  /** Who asks the same at once shares one call, unless a notice came since it began. */
  #ask(question: GroupQuestion): Promise<GroupFacts> {
    const key = `${groupKey(question)} ${question.user}`;
    const running = this.#flights.get(key);
    if (running !== undefined && !running.isStale) return running.answer;
    const flight: Flight = { answer: this.#call(question), names: namesOf(question), isStale: false };
    this.#flights.set(key, flight);
    const end = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.answer.then((facts) => {
      end();
      if (!flight.isStale) this.#remember(question, facts);
    }, end);
    return flight.answer;
  }

  #call({ appId, groupId, user }: GroupQuestion): Promise<GroupFacts> {
    const context = serviceContext(appId, 'message' as UserId);
    return this.options.groups.getSendFacts({ groupId, userId: user }, context);
  }

  #remember(question: GroupQuestion, facts: GroupFacts): void {
    const key = groupKey(question);
    const users = this.#known.get(key) ?? new Map<string, Known>();
    if (users.delete(question.user)) this.#knownCount--;
    users.set(question.user, { facts, untilMs: this.options.clock.now() + TRUST_MS });
    this.#knownCount++;
    this.#known.delete(key);
    this.#known.set(key, users);
    this.#noteTopic(key);
    if (this.#knownCount > this.options.factsMax) this.#dropOldest();
  }

  #dropOldest(): void {
    for (const [key, users] of this.#known) {
      for (const user of users.keys()) {
        this.#drop(key, user);
        return;
      }
    }
  }

  /** Ids may have spaces, so a notice is taken in every way that it can be read. */
  #forget(notice: string): void {
    this.#dropGroup(notice);
    for (let at = notice.indexOf(' '); at !== -1; at = notice.indexOf(' ', at + 1)) {
      this.#drop(notice.slice(0, at), notice.slice(at + 1));
    }
    const ofGroup = `${notice} `;
    for (const flight of this.#flights.values()) {
      if (flight.names.some((name) => name === notice || name.startsWith(ofGroup))) flight.isStale = true;
    }
  }

  #dropGroup(key: string): void {
    for (const topic of [...(this.#topics.get(key) ?? [])]) this.#dropOne(topic);
    this.#dropOne(key);
  }

  #dropOne(key: string): void {
    this.#knownCount -= this.#known.get(key)?.size ?? 0;
    this.#forgetGroup(key);
  }

  #drop(key: string, user: string): void {
    for (const topic of [...(this.#topics.get(key) ?? [])]) this.#dropUser(topic, user);
    this.#dropUser(key, user);
  }

  #noteTopic(key: string): void {
    const community = communityOf(key);
    if (community === undefined) return;
    const topics = this.#topics.get(community) ?? new Set();
    this.#topics.set(community, topics.add(key));
  }

  #forgetGroup(key: string): void {
    this.#known.delete(key);
    const community = communityOf(key);
    if (community === undefined) return;
    const topics = this.#topics.get(community);
    topics?.delete(key);
    if (topics?.size === 0) this.#topics.delete(community);
  }

  #dropUser(key: string, user: string): void {
    const users = this.#known.get(key);
    if (users === undefined || !users.delete(user)) return;
    this.#knownCount--;
    if (users.size === 0) this.#forgetGroup(key);
  }
}

const groupKey = ({ appId, groupId }: GroupQuestion): string => `${appId} ${groupId}`;

function namesOf(question: GroupQuestion): string[] {
  const { appId, groupId, user } = question;
  const own = `${groupKey(question)} ${user}`;
  const home = membersGroupOf(groupId);
  return home === groupId ? [own] : [own, `${appId} ${home} ${user}`];
}

/** The key of a topic's community. */
function communityOf(key: string): string | undefined {
  const at = key.indexOf(TOPIC_MARK);
  return at === -1 ? undefined : key.slice(0, at);
}
