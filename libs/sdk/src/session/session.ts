// One login, from its first connection to its end; holds all that a logout forgets.
//
//   connecting ──Welcome──▶ syncing ──first list──▶ ready
//        └─────────────────────┴── end() ────────────┴──▶ over
import type { wirev1 } from '@parley/proto';
import { METHOD } from '../calls/method.js';
import type { ByeEnd, ConnectionEvents, ConnectionState } from '../connection/connection.js';
import type { Hello, UserFrame } from '../connection/link.js';
import { LOGOUT_GIVE_UP_MS } from '../constants/limits.js';
import type { EventHub } from '../events/event-hub.js';
import { ChatFailure, FailureCode } from '../events/failure.js';
import type { Logger } from '../events/logger.js';
import type { SendOptions } from '../model/chat-sdk.js';
import type { Message } from '../model/message.js';
import { createSessionParts, type SessionParts } from './session-parts.js';
import type { ChatSettings } from './settings.js';

export type SessionPhase = 'connecting' | 'syncing' | 'ready' | 'over';

export interface SessionEvents {
  /** The server accepted the login. Once. */
  onWelcome(): void;
  /** Everything may be called. Once. */
  onReady(): void;
  onState(state: ConnectionState): void;
  onServerTime(serverTimeMs: number): void;
  /** The server ended or refused the login. The session is over. */
  onGivenUp(bye: ByeEnd): void;
}

export interface SessionOptions {
  readonly userID: string;
  readonly hello: Hello;
  readonly settings: ChatSettings;
  readonly hub: EventHub;
  readonly logger: Logger;
  readonly events: SessionEvents;
}

export class Session {
  readonly userID: string;
  readonly parts: SessionParts;
  private current: SessionPhase = 'connecting';
  /** Connections that came after the session was ready. */
  private welcomes = 0;

  constructor(private readonly options: SessionOptions) {
    const { userID, settings, hub, logger } = options;
    this.userID = userID;
    this.parts = createSessionParts({
      ...{ self: userID, settings, hub, logger },
      connectionEvents: this.connectionEvents(),
      onFirst: () => this.becomeReady(),
    });
  }

  get phase(): SessionPhase {
    return this.current;
  }

  start(): void {
    this.parts.connection.open(this.options.hello);
  }

  /** Resolves when the message is stored. @throws ChatFailure */
  async send(message: Message, options: SendOptions): Promise<Message> {
    const { book, sender, store } = this.parts;
    if (message.sequence === 0) {
      // What its number will be if nobody else speaks: orders messages inside one second.
      const headSeq = book.get(message.conversationID)?.track.headSeq ?? 0;
      message.sequence = (headSeq + sender.countOf(message.conversationID) + 1) % 0x1_0000_0000;
    }
    const { record, done } = sender.send(message, options);
    store.replace(record);
    return done;
  }

  /** Tells the server, then ends; ends in time also when the server cannot be told. */
  async logout(): Promise<void> {
    if (this.parts.channel.isOpen) {
      try {
        await this.parts.caller.call(METHOD.logout, {}, LOGOUT_GIVE_UP_MS);
      } catch (thrown) {
        if (!(thrown instanceof ChatFailure)) throw thrown;
        this.options.logger.info('the logout did not reach the server', { code: thrown.code });
      }
    }
    this.end();
  }

  /** Ends the session here and now. */
  end(): void {
    if (this.current === 'over') return;
    this.current = 'over';
    const { changes, heads, channel, connection, sender, timer, store } = this.parts;
    const { groupSync, relations, statusCalls } = this.parts;
    changes.isTold = false;
    heads.stop();
    groupSync.stop();
    relations.sync.stop();
    statusCalls.stop();
    channel.abandon();
    connection.close();
    sender.failAll(new ChatFailure(FailureCode.NOT_LOGGED_IN, 'the login ended'));
    timer.stop();
    store.clear();
  }

  private connectionEvents(): ConnectionEvents {
    const { events } = this.options;
    return {
      onState: (state) => {
        // A connection that comes back is reported once it is where the last one was: see welcome.
        const isBack = state === 'ready' && this.current === 'ready';
        if (this.current !== 'over' && !isBack) events.onState(state);
      },
      onReady: (welcome) => this.welcome(welcome),
      onLost: () => this.parts.channel.lose(),
      onFrame: (frame) => this.receive(frame),
      onServerTime: (serverTimeMs) => events.onServerTime(serverTimeMs),
      onGivenUp: (bye) => {
        this.end();
        events.onGivenUp(bye);
      },
    };
  }

  private welcome({ callsInFlightMax, frameBytesMax }: wirev1.Welcome): void {
    const { channel, sender, repair, changeRepair, heads, relations, statusCalls } = this.parts;
    channel.open({ callsInFlightMax, frameBytesMax });
    if (this.current === 'connecting') {
      this.current = 'syncing';
      this.options.events.onWelcome();
    }
    if (this.current === 'ready') {
      sender.pump();
      void this.reportBack();
    }
    repair.hurry();
    changeRepair.hurry();
    heads.run();
    relations.sync.reconnect();
    statusCalls.reconnect();
  }

  private async reportBack(): Promise<void> {
    const { connection, groupSync } = this.parts;
    this.welcomes += 1;
    const welcome = this.welcomes;
    await groupSync.rejoin();
    const isCurrent = welcome === this.welcomes && connection.state === 'ready';
    if (isCurrent && this.current === 'ready') this.options.events.onState('ready');
  }

  private receive(frame: UserFrame): void {
    const { channel, inbox, heads, relations, statusCalls } = this.parts;
    if (frame.kind === 'reply') channel.accept(frame);
    else if (frame.kind === 'push') inbox.receive(frame.pushes);
    else {
      heads.run();
      relations.sync.reconnect();
      statusCalls.reconnect();
    }
  }

  private becomeReady(): void {
    if (this.current !== 'syncing') return;
    this.current = 'ready';
    this.options.events.onReady();
    const { changes, groups, inbox, sender } = this.parts;
    changes.isTold = true;
    changes.addConversation();
    if (groups.list().length > 0) changes.addGroups();
    inbox.start();
    sender.pump();
  }
}
