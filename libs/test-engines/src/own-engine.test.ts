import { spawnSync } from 'node:child_process';
import { describeWithEngine, whyUnreachable } from './describe-with-engine.js';
import { engineAddress } from './engine-address.js';
import { flushRedis, OwnEngine } from './own-engine.js';

const TIMEOUT_MS = 60_000;

// Where Redis runs for tests its program is installed, unless it runs in a container.
const isInstalled = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;

await describeWithEngine('Redis', isInstalled ? engineAddress('redis') : '127.0.0.1:1', (shared) => {
  it(
    'lives, hangs, dies and comes again at its own address',
    async () => {
      const engine = await OwnEngine.start('redis');
      try {
        expect(engine.address).not.toBe(shared);
        await flushRedis(engine);
        engine.freeze();
        engine.thaw();
        await engine.kill();
        expect(await whyUnreachable(engine.address)).toBe('ECONNREFUSED');
        expect(() => engine.freeze()).toThrow('redis is not running');
        await expect(flushRedis(engine)).rejects.toThrow('ECONNREFUSED');
        await engine.start();
        expect(await whyUnreachable(engine.address)).toBeUndefined();
        await engine.stop();
        expect(await whyUnreachable(engine.address)).toBe('ECONNREFUSED');
        expect(engine.log).toContain('Redis is now ready to exit');
      } finally {
        await engine.remove();
      }
    },
    TIMEOUT_MS,
  );
});
