import { createLogRoot, LOG_TEXT_CHARS_MAX } from './index.js';

function createRecorder() {
  const lines: string[] = [];
  return {
    sink: { write: (line: string) => void lines.push(line) },
    events: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('log root', () => {
  it('writes one JSON object a line with level, time, subsystem, fields and event', () => {
    const recorder = createRecorder();
    const root = createLogRoot({ level: 'info', fields: { nodeId: 'n1' }, sink: recorder.sink });
    root.logger('auth').info('login.accepted', { appId: 7, userId: 'alice' });
    const [event] = recorder.events();
    expect(event).toMatchObject({
      level: 'info',
      nodeId: 'n1',
      subsystem: 'auth',
      appId: 7,
      userId: 'alice',
      event: 'login.accepted',
    });
    expect(event?.time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('changes the level of loggers that exist already', () => {
    const recorder = createRecorder();
    const root = createLogRoot({ level: 'warn', sink: recorder.sink });
    const logger = root.logger('x');
    logger.debug('one');
    root.setLevel('debug');
    logger.debug('two');
    root.setLevel('silent');
    logger.error('three');
    expect(root.level).toBe('silent');
    expect(recorder.events().map((event) => event.event)).toEqual(['two']);
  });

  it('prints errors with their causes, big numbers as text, and no more than the bound', () => {
    const recorder = createRecorder();
    const root = createLogRoot({ level: 'info', sink: recorder.sink });
    const error = new Error('outer', { cause: new RangeError('inner') });
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    root.logger('x').error('failed', {
      cause: error,
      seq: 12345678901234567890n,
      nested: { seq: 5n },
      long: 'x'.repeat(LOG_TEXT_CHARS_MAX + 1),
      bytes: new Uint8Array(3),
      loop,
    });
    const [event] = recorder.events();
    expect(event).toMatchObject({
      cause: { type: 'Error', message: 'outer', cause: { type: 'RangeError', message: 'inner' } },
      seq: '12345678901234567890',
      bytes: '[3 bytes]',
    });
    expect(String(event?.long)).toHaveLength(LOG_TEXT_CHARS_MAX + 1);
  });

  it('hides what must never be printed, even when somebody passes it', () => {
    const recorder = createRecorder();
    const root = createLogRoot({ level: 'info', sink: recorder.sink });
    root.logger('x').info('oops', { userSig: 'eJw-secret', token: 't0ps3cret', body: 'hello bob' });
    expect(JSON.stringify(recorder.events())).not.toMatch(/eJw-secret|t0ps3cret|hello bob/);
  });
});
