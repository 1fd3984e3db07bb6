/**
 * Nothing was kept of a command that found everything as it should be. Its answer was lost on the way, the
 * customer withdrew the consent, the client sent the command again under its key, and the consent was there
 * again: the repeat was decided like a new command. And the key of such a command could be used for another.
 */
import { registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer } from '../testing/given-server';

const consent = {
  partyId: 'ana',
  purpose: 'marketing',
  channel: 'email',
  lawfulBasis: 'consent',
  policyVersion: '1',
  evidenceRef: 'form-1',
};

describe('a command that changes nothing (domain.md §15, idempotent by commandId)', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer();
    await server.facts(registered('ana'));
  });
  afterAll(() => server.remove());

  const send = (name: string, body: object, key: string) =>
    server.post(`/v1/commands/${name}`, body, { 'Idempotency-Key': key });
  const isPermitted = async (position: unknown): Promise<unknown> => {
    const { body } = await server.get(`/v1/parties/ana/consent?minPosition=${String(position)}`);
    const matrix: ReadonlyArray<Record<string, unknown>> = Array.isArray(body['matrix']) ? body['matrix'] : [];
    return matrix.find(({ purpose, channel }) => purpose === 'marketing' && channel === 'email')?.['permitted'];
  };

  it('is answered the same again, also when it would change something by then, and after a restart', async () => {
    expect((await send('GrantConsent', consent, 'grant')).body).toMatchObject({ events: [{ type: 'ConsentGranted' }] });
    const first = await send('GrantConsent', consent, 'grant-again');
    expect(first.body).toMatchObject({ events: [] });
    const { partyId, purpose, channel } = consent;
    const withdrawn = await send('WithdrawConsent', { partyId, purpose, channel }, 'withdraw');
    expect((await send('GrantConsent', consent, 'grant-again')).body).toEqual(first.body);
    expect(await isPermitted(withdrawn.body['position'])).toBe(false);

    await server.close();
    server = await givenServer({}, server.folder);
    expect((await send('GrantConsent', consent, 'grant-again')).body).toEqual(first.body);
    expect(await isPermitted(withdrawn.body['position'])).toBe(false);
    expect((await send('GrantConsent', consent, 'grant-anew')).body).toMatchObject({ events: [{}] });
  });

  it('has used its key: another command under it is a conflict', async () => {
    const { partyId, purpose, channel } = consent;
    const other = await send('WithdrawConsent', { partyId, purpose, channel }, 'grant-again');
    expect(other.body).toMatchObject({ status: 409, code: 'IdempotencyConflict' });
  });

  it('is no event of the feed', async () => {
    const { body } = await server.get('/v1/events?limit=1000&derived=true');
    expect(JSON.stringify(body)).not.toContain('CommandAnswered');
  });
});
