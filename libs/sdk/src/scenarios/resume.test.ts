import { ByeCode } from '@parley/wire';
import { EVENT } from '../constants/event.js';
import { World } from '../testing/world.js';

/** A world that writes down the tickets of its Hellos. */
function createWorld() {
  const world = new World();
  const tickets: string[] = [];
  const sigs: string[] = [];
  world.server.faults.onHello = ({ resumeTicket, userSig }) => {
    tickets.push(new TextDecoder().decode(resumeTicket));
    sigs.push(userSig);
    return undefined;
  };
  return { world, tickets, sigs };
}

/** Without the number of the welcome, which tests share. */
const numbersOf = (tickets: readonly string[]) => tickets.map((ticket) => Number(ticket.split(' ')[1] ?? 0));

describe('a login that comes back', () => {
  it('presents the ticket of its last welcome, and the UserSig for the case that it is not good', async () => {
    const { world, tickets, sigs } = createWorld();
    const alice = await world.ready('alice');
    for (let times = 0; times < 2; times++) {
      world.server.connectionsOf('alice')[0]?.cut();
      await world.clock.pass(10_000);
    }
    const [first, second, third] = numbersOf(tickets);
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(0);
    expect(third).toBe((second ?? 0) + 1);
    expect(tickets.slice(1).every((ticket) => ticket.startsWith('alice '))).toBe(true);
    expect(new Set(sigs).size).toBe(1);
    expect(alice.told(EVENT.SDK_NOT_READY)).toEqual([]);
  });

  it('presents it to the server that it is moved to', async () => {
    const { world, tickets } = createWorld();
    await world.ready('alice');
    world.server.connectionsOf('alice')[0]?.move(10, []);
    await world.clock.pass(5_000);
    expect(numbersOf(tickets)[1]).toBeGreaterThan(0);
  });

  it('hears of the login that took its place meanwhile as of a kick, and stays away', async () => {
    const { world } = createWorld();
    const alice = await world.ready('alice');
    world.isUp = false;
    world.server.connectionsOf('alice')[0]?.cut();
    await world.clock.pass(1_000);
    world.isUp = true;
    const accept = world.server.accept.bind(world.server);
    world.server.accept = (pipe) => {
      const connection = accept(pipe);
      connection.receive = () =>
        connection.bye(ByeCode.KICKED_BY_OTHER_DEVICE, 'another login took the place');
      return connection;
    };
    await world.clock.pass(60_000);
    expect(alice.told(EVENT.KICKED_OUT)).toMatchObject([{ type: 'multipleDevice' }]);
    expect(world.server.connectionsOf('alice')).toEqual([]);
  });
});

describe('a ticket', () => {
  it('ends with the logout: the next login has none', async () => {
    const { world, tickets } = createWorld();
    const alice = await world.ready('alice');
    const both = alice.chat.logout().then(() => alice.login());
    await world.clock.pass(2_000);
    await both;
    expect(tickets).toEqual(['', '']);
  });
});
