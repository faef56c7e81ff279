// Keeps the lists that the app asked for as the service has them. Events are applied when they follow on from what is held;
// whenever something may be missing, the whole list is read anew. A list that nobody asked for is not here.
//
//   not read ──asked for──▶ current ──gap, reconnect with other versions──▶ stale ──read anew──▶ current
import type { relationv1 } from '@parley/proto';
import type { Caller } from '../calls/caller.js';
import { RELATION_METHOD } from '../calls/relation-method.js';
import { repeatPasses } from '../connection/repeat-passes.js';
import {
  HEAD_CHECK_INTERVAL_MS,
  RELATION_EVENT_PATIENCE_MS,
  RELATION_SETTLE_GIVE_UP_MS,
} from '../constants/limits.js';
import { ChatFailure } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import type { CancelTimer, SharedTimer } from '../time/shared-timer.js';
import {
  decideEvent,
  isBehind,
  listsTold,
  NO_VERSIONS,
  newest,
  PART_NAMES,
  type PartName,
  toVersions,
  type Versions,
} from './list-versions.js';
import type { RelationBook, RelationNews } from './relation-book.js';
import type { RelationReader } from './relation-reader.js';
import type { RelationTeller } from './relation-teller.js';

export interface RelationSyncOptions {
  readonly caller: Caller;
  readonly timer: SharedTimer;
  readonly random: () => number;
  readonly logger: Logger;
  readonly book: RelationBook;
  readonly reader: RelationReader;
  readonly teller: RelationTeller;
}

interface Part {
  readonly name: PartName;
  isRead: boolean;
  isStale: boolean;
  held: Versions;
  /** The highest that any event or answer named. */
  heard: Versions;
  reading: Promise<void> | undefined;
  /** Called whenever `held` changes. */
  readonly waiting: Set<() => void>;
}

export class RelationSync {
  private readonly parts = PART_NAMES.map(createPart);
  private isRunning = false;
  private isCompareWanted = false;
  private areProfilesStale = false;
  private isOver = false;
  private cancelCheck: CancelTimer = () => undefined;

  constructor(private readonly options: RelationSyncOptions) {}

  /** The list is here, and no older than it was when the service spoke last of it. @throws ChatFailure when it was never read and cannot be. */
  async need(name: PartName): Promise<void> {
    const part = this.part(name);
    if (part.isRead && !part.isStale) return;
    try {
      await this.fetch(part);
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure) || !part.isRead) throw thrown;
      this.run();
    }
    await this.options.teller.complete();
  }

  /** The connection is another one, or the server says that pushes may be missing. */
  reconnect(): void {
    this.isCompareWanted = true;
    this.areProfilesStale = true;
    this.run();
  }

  /** Somebody stands in the lists whose profile could not be read. */
  missProfiles(): void {
    this.areProfilesStale = true;
    // Not at once: it has just failed.
    void this.options.timer.sleep(RELATION_SETTLE_GIVE_UP_MS).then(() => this.run());
  }

  stop(): void {
    this.isOver = true;
    this.cancelCheck();
    this.options.teller.stop();
    for (const part of this.parts) wake(part);
  }

  onEvent(event: relationv1.RelationEvent): void {
    const versions = toVersions(event.versions);
    for (const part of this.parts) {
      part.heard = newest(part.heard, versions);
      if (part.isRead) this.onPartEvent(part, event);
      else this.onUnreadEvent(part, event);
    }
  }

  /**
   * After an own change: resolves when the lists that are here show it, or when that has failed for the moment.
   * Never rejects.
   */
  async settle(): Promise<void> {
    const parts = this.parts.filter(({ isRead }) => isRead);
    if (parts.length === 0) return;
    try {
      const versions = await this.askVersions(RELATION_SETTLE_GIVE_UP_MS);
      await Promise.all(parts.map((part) => this.reach(part, versions)));
      await this.options.teller.complete();
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.info('relations could not be compared', { code: thrown.code });
      this.isCompareWanted = true;
      this.run();
    }
  }

  private part(name: PartName): Part {
    return this.parts[PART_NAMES.indexOf(name)] as Part;
  }

  private onPartEvent(part: Part, event: relationv1.RelationEvent): void {
    const { book, teller } = this.options;
    const decision = decideEvent(part.name, part.held, event);
    if (decision === 'ignore') return;
    const canApply = part.name !== 'contacts' || book.canApplyContacts(event);
    if (decision === 'fetch' || !canApply) {
      part.isStale = true;
      this.run();
      return;
    }
    this.hold(part, newest(part.held, toVersions(event.versions)));
    teller.add(applyTo(book, part.name, event));
  }

  private onUnreadEvent(part: Part, event: relationv1.RelationEvent): void {
    if (part.reading !== undefined || listsTold(part.name, event).length === 0) return;
    if (!this.options.teller.hasListener(part.name)) return;
    part.isStale = true;
    this.run();
  }

  private hold(part: Part, versions: Versions): void {
    part.held = versions;
    wake(part);
  }

  private async askVersions(giveUpMs?: number): Promise<Versions> {
    const { versions } = await this.options.caller.call(RELATION_METHOD.getListVersions, {}, giveUpMs);
    return toVersions(versions);
  }

  /** An event is given some time; then the list is read. */
  private async reach(part: Part, wanted: Versions): Promise<void> {
    part.heard = newest(part.heard, wanted);
    if (!isBehind(part.name, part.held, wanted)) return;
    const patience = this.options.timer.sleep(RELATION_EVENT_PATIENCE_MS).then(() => 'over' as const);
    while (isBehind(part.name, part.held, wanted) && !this.isOver) {
      const moved = new Promise<'moved'>((resolve) => part.waiting.add(() => resolve('moved')));
      if ((await Promise.race([moved, patience])) === 'over') break;
    }
    if (isBehind(part.name, part.held, wanted) && !this.isOver) await this.fetch(part);
  }

  private fetch(part: Part): Promise<void> {
    part.reading ??= this.read(part).finally(() => {
      part.reading = undefined;
    });
    return part.reading;
  }

  private async read(part: Part): Promise<void> {
    const isFirst = !part.isRead;
    const isExpected = isFirst && !part.isStale;
    try {
      const reading = await this.options.reader.read(part.name);
      if (this.isOver) return;
      part.heard = newest(part.heard, reading.versions);
      // Events may have brought more than the answer, which is on its way for longer.
      const isOlder = !isFirst && isBehind(part.name, reading.versions, part.held);
      if (!isOlder) {
        part.isRead = true;
        const news = reading.replace();
        this.hold(part, reading.versions);
        this.options.teller.add(news, isExpected);
        if (isFirst) this.planCheck();
      }
      part.isStale = !reading.isWhole || isBehind(part.name, part.held, part.heard);
      if (part.isStale) this.run();
    } catch (thrown) {
      if (part.isRead) part.isStale = true;
      throw thrown;
    }
  }

  private run(): void {
    if (!this.isRunning && !this.isOver) void this.loop();
  }

  private async loop(): Promise<void> {
    this.isRunning = true;
    const { timer, random } = this.options;
    const isWanted = (): boolean => this.hasWork() && !this.isOver;
    await repeatPasses({ isWanted, pass: () => this.pass(), timer, random });
    this.isRunning = false;
    this.planCheck();
  }

  /** Now and then, although nothing seems to be missing. */
  private planCheck(): void {
    if (this.isOver) return;
    this.cancelCheck();
    const delayMs = HEAD_CHECK_INTERVAL_MS * (0.75 + this.options.random() / 2);
    this.cancelCheck = this.options.timer.after(delayMs, () => {
      this.isCompareWanted = true;
      this.run();
    });
  }

  private hasWork(): boolean {
    return this.isCompareWanted || this.areProfilesStale || this.parts.some(({ isStale }) => isStale);
  }

  /** False: something is left to do, or failed for the moment. */
  private async pass(): Promise<boolean> {
    try {
      if (this.isCompareWanted) await this.compare();
      for (const part of this.parts) if (part.isStale && !this.isOver) await this.fetch(part);
      await this.refreshProfiles();
      return !this.hasWork();
    } catch (thrown) {
      if (!(thrown instanceof ChatFailure)) throw thrown;
      this.options.logger.info('relations could not be read', { code: thrown.code });
      return false;
    }
  }

  private async compare(): Promise<void> {
    const parts = this.parts.filter(({ isRead }) => isRead);
    this.isCompareWanted = false;
    if (parts.length === 0) return;
    try {
      const versions = await this.askVersions();
      for (const part of parts) {
        part.heard = newest(part.heard, versions);
        if (isBehind(part.name, part.held, versions)) part.isStale = true;
      }
    } catch (thrown) {
      this.isCompareWanted = true;
      throw thrown;
    }
  }

  private async refreshProfiles(): Promise<void> {
    if (!this.areProfilesStale || this.isOver) return;
    this.areProfilesStale = false;
    if (!(await this.options.teller.refreshProfiles())) this.areProfilesStale = true;
  }
}

const createPart = (name: PartName): Part => ({
  name,
  isRead: false,
  isStale: false,
  held: NO_VERSIONS,
  heard: NO_VERSIONS,
  reading: undefined,
  waiting: new Set(),
});

function wake(part: Part): void {
  for (const resolve of part.waiting) resolve();
  part.waiting.clear();
}

function applyTo(book: RelationBook, part: PartName, event: relationv1.RelationEvent): RelationNews[] {
  if (part === 'contacts') return book.applyContacts(event);
  return part === 'blocklist' ? book.applyBlocklist(event) : book.applyApplications(event);
}
