// The parts of a session and who knows whom. Nothing else lives here.
import { CallChannel } from '../calls/call-channel.js';
import { Caller } from '../calls/caller.js';
import { Connection, type ConnectionEvents } from '../connection/connection.js';
import { STORED_MESSAGES_MAX } from '../constants/limits.js';
import type { EventHub } from '../events/event-hub.js';
import type { Logger } from '../events/logger.js';
import { MessageStore } from '../messages/message-store.js';
import { Sender } from '../send/sender.js';
import { Changes } from '../sync/changes.js';
import { ConversationBook } from '../sync/conversation-book.js';
import { GapRepair } from '../sync/gap-repair.js';
import { HeadSync } from '../sync/head-sync.js';
import { History } from '../sync/history.js';
import { Inbox } from '../sync/inbox.js';
import { ReadMarks } from '../sync/read-marks.js';
import { SharedTimer } from '../time/shared-timer.js';
import type { ChatSettings } from './settings.js';

export interface SessionPartsInput {
  readonly self: string;
  readonly settings: ChatSettings;
  readonly hub: EventHub;
  readonly logger: Logger;
  readonly connectionEvents: ConnectionEvents;
  readonly onFirst: () => void;
}

export interface SessionParts {
  readonly timer: SharedTimer;
  readonly connection: Connection;
  readonly channel: CallChannel;
  readonly caller: Caller;
  readonly book: ConversationBook;
  readonly store: MessageStore;
  readonly changes: Changes;
  readonly sender: Sender;
  readonly readMarks: ReadMarks;
  readonly repair: GapRepair;
  readonly inbox: Inbox;
  readonly heads: HeadSync;
  readonly history: History;
}

export function createSessionParts(input: SessionPartsInput): SessionParts {
  const { self, settings, hub, logger } = input;
  const { clock, random } = settings;
  const timer = new SharedTimer(clock);
  const connection = new Connection({ ...settings, timer, logger }, input.connectionEvents);
  const channel = new CallChannel((frame) => connection.send(frame), timer);
  const caller = new Caller({ channel, clock, timer, random });
  const book = new ConversationBook();
  const store = new MessageStore(STORED_MESSAGES_MAX);
  const changes = new Changes(hub, book);
  const known = { self, caller, timer, random, logger, book, store, changes };
  const sender: Sender = new Sender({
    ...settings,
    channel,
    timer,
    onStored: (record) => inbox.acknowledge(record),
  });
  const onUncounted = (peer: string) => heads.refreshSoon(peer);
  const readMarks: ReadMarks = new ReadMarks({ ...known, onUncounted });
  const repair: GapRepair = new GapRepair({
    ...known,
    fill: (state, answer) => inbox.fill(state, answer),
    onUncounted,
  });
  const inbox: Inbox = new Inbox({
    ...known,
    sender,
    readMarks,
    onGap: (state) => repair.request(state),
    onUncounted,
    onStranger: (peer) => heads.refreshSoon(peer),
    onOverflow: () => heads.run(),
  });
  const heads: HeadSync = new HeadSync({
    ...known,
    inbox,
    readMarks,
    onGap: (state) => repair.request(state),
    onFirst: input.onFirst,
  });
  const history = new History({ ...known, heads, repair });
  return {
    ...{ timer, connection, channel, caller, book, store, changes },
    ...{ sender, readMarks, repair, inbox, heads, history },
  };
}
