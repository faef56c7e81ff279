// Names of things that the client makes and the server must know again among retries.

/** 128 random bits as hex; need not be secret, only different from others. */
export const createCallId = (random: () => number): string =>
  Array.from({ length: 4 }, () =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
