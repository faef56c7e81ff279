import { c2cWith } from '../messages/conversation-kind.js';
import { selectConversations } from './conversation-query.js';
import { createConversationView } from './conversation-view.js';

const quiet = createConversationView(c2cWith('bob'));
const loud = {
  ...createConversationView(c2cWith('carol')),
  unreadCount: 2,
  markList: [1],
  conversationGroupList: ['work'],
};
const all = [quiet, loud];

describe('selectConversations', () => {
  it('selects all, some by id, or none', () => {
    expect(selectConversations(all, undefined)).toEqual(all);
    expect(selectConversations(all, ['C2Ccarol', 'C2Cnobody'])).toEqual([loud]);
    expect(selectConversations(all, [])).toEqual([]);
  });

  it.each([
    [{ type: 'C2C' as const }, all],
    [{ type: 'GROUP' as const }, []],
    [{ hasUnreadCount: true }, [loud]],
    [{ hasUnreadCount: false }, [quiet]],
    [{ markType: 0 }, [quiet]],
    [{ markType: 1 }, [loud]],
    [{ groupName: '' }, [quiet]],
    [{ groupName: 'work' }, [loud]],
    [{ hasGroupAtInfo: true }, []],
    [{ hasGroupAtInfo: false, hasUnreadCount: true }, [loud]],
  ])('filters by %j', (filter, wanted) => {
    expect(selectConversations(all, filter)).toEqual(wanted);
  });
});
