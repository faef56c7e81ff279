import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { messagev1 } from '@parley/proto';
import { withRawMessages } from './raw-messages.js';

describe('withRawMessages', () => {
  it('puts encoded messages where the schema has messages', () => {
    const messages = [1n, 2n, 300n].map((seq) =>
      create(messagev1.MessageSchema, { seq, from: 'a', body: new Uint8Array(200) }),
    );
    const response = withRawMessages(
      create(messagev1.ListMessagesResponseSchema, { isComplete: true, nextBeforeSeq: 7n }),
      1,
      messages.map((message) => toBinary(messagev1.MessageSchema, message)),
    );
    const read = fromBinary(
      messagev1.ListMessagesResponseSchema,
      toBinary(messagev1.ListMessagesResponseSchema, create(messagev1.ListMessagesResponseSchema, response)),
    );
    expect(read).toEqual(
      create(messagev1.ListMessagesResponseSchema, { isComplete: true, nextBeforeSeq: 7n, messages }),
    );
  });
});
