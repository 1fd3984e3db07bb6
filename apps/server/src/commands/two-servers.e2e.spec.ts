/**
 * Servers that share a log decide at the same time. A call that is sent to two of them is carried out by one;
 * the other one had chosen another item, met an event of the same id, or found nothing left to decide, and took
 * its own view for the answer.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type GatewayOver, gatewayOver } from '../../../../libs/gateway/src/testing/gateway-process';
import { type GivenServer, givenServer, temporaryFolder } from '../testing/given-server';

const ROUNDS = 12;
const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

let gateway: GatewayOver;
let servers: readonly [GivenServer, GivenServer];
const folder = temporaryFolder();
beforeAll(async () => {
  gateway = await gatewayOver(join(folder, 'shared.db'));
  const shared = {
    eventStore: `esdb://127.0.0.1:${gateway.port}?tls=false`,
    keyStore: join(folder, 'keys.db'),
    masterKey: join(folder, 'master-key'),
    signingKey: join(folder, 'signing-key.pem'),
    now: Date.now,
  };
  servers = [await givenServer(shared), await givenServer(shared)];
});
afterAll(async () => {
  for (const server of servers) await server.remove();
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The same call to both servers, the second one a little later each round. */
const twice = async (round: number, call: (server: GivenServer) => ReturnType<GivenServer['post']>) => {
  const [first, second] = servers;
  return Promise.all([call(first), new Promise((go) => setTimeout(go, 3 * round)).then(() => call(second))]);
};

describe('two servers on one log', () => {
  it('give one answer to a command that is sent to both with its key', async () => {
    for (const round of rounds) {
      const key = { 'Idempotency-Key': `register-${round}` };
      const answers = await twice(round, (server) =>
        server.post('/v1/commands/RegisterParty', { partyId: `c${round}`, kind: 'person', displayName: 'Ana' }, key),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(answers[0].body).toEqual(answers[1].body);
    }
  });

  it('give one item to a claim that is sent to both with its key, and another item to another claim of that agent', async () => {
    const [first, second] = servers;
    const complaints = Array.from({ length: 3 * ROUNDS }, (_, n) => ({
      specversion: '1.0',
      source: 'shop',
      id: `complaint-${n}`,
      type: 'ComplaintReceived',
      time: new Date(Date.now() - 3_600_000).toISOString(),
      data: { complaintId: `complaint-${n}`, partyId: `w${n}`, channel: 'phone', category: 'delivery', severity: 4 },
    }));
    const { position } = (await first.facts(...complaints)).body;
    await second.get(`/v1/parties/w0?minPosition=${String(position)}`);

    const given = new Set<unknown>();
    for (const round of rounds) {
      const agent = { agentId: `agent-${round}` };
      const answers = await twice(round, (server) =>
        server.post('/v1/queues/all/claims', agent, { 'Idempotency-Key': `claim-${round}` }),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      const [one, other] = answers.map(({ body: { itemId, queue, partyId, position } }) => ({
        itemId,
        queue,
        partyId,
        position,
      }));
      expect(one).toEqual(other);
      given.add(answers[0].body['itemId']);

      const others = await twice(0, (server) =>
        server.post(
          '/v1/queues/all/claims',
          { agentId: `other-${round}` },
          { 'Idempotency-Key': `${server.url}-${round}` },
        ),
      );
      for (const { status, body } of others) {
        expect(status).toBe(200);
        given.add(body['itemId']);
      }
    }
    expect(given.size).toBe(3 * ROUNDS);
  });
});
