import { figures, models, partyViews } from '@afecto/projections';
import { fact, registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer } from '../testing/given-server';

describe('figures', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer();
    const { body } = await server.facts(
      registered('p1'),
      registered('p2'),
      fact('EnquiryReceived', { enquiryId: 'e1', partyId: 'p1', channel: 'web', productLine: 'books' }, {}),
    );
    await server.get(`/v1/parties?minPosition=${String(body['position'])}`);
  });
  afterAll(() => server.remove());

  it('names everything that can be asked', async () => {
    const { body } = await server.get('/v1/figures');
    expect(body).toMatchObject({
      figures: figures.map(({ code, name }) => ({ code, name })),
      views: partyViews.map(({ code, name }) => ({ code, name })),
    });
  });

  it.each(figures.map(({ name }) => name))('%s are answered with their code, position and instant', async (name) => {
    const { status, body } = await server.get(`/v1/figures/${name}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ name, code: expect.stringMatching(/^PR\d\d$/), position: expect.any(String) });
  });

  it('the funnel counts customers by phase, and who moved in the window', async () => {
    const { body } = await server.get('/v1/figures/lifecycle');
    expect(body).toMatchObject({
      phases: expect.arrayContaining([
        { phase: 'prospect', count: 1 },
        { phase: 'suspect', count: 1 },
      ]),
      moves: expect.arrayContaining([expect.objectContaining({ to: 'prospect', count: 1 })]),
    });
    const earlier = await server.get('/v1/figures/lifecycle?to=2000-01-01T00:00:00Z');
    expect(earlier.body).toMatchObject({ moves: [] });
  });

  it('names the frameworks that there are reports of', async () => {
    const { body } = await server.get('/v1/reports');
    expect(body).toEqual({ reports: models.map(({ name, title }) => ({ name, title })) });
  });

  it.each(models.map((model) => [model.name, model] as const))(
    'the report %s has each step with its figures',
    async (name, { steps }) => {
      const { status, body } = await server.get(`/v1/reports/${name}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        model: name,
        steps: steps.map((step) => ({
          name: step.name,
          spanish: step.spanish,
          software: step.software,
          indicators: step.indicators.map(({ label }) => ({ label, from: expect.stringMatching(/^PR\d\d /) })),
        })),
        asOf: expect.any(String),
        position: expect.any(String),
      });
    },
  );

  it.each([
    ['/v1/reports/none', 404, 'UnknownFigures'],
    ['/v1/figures/none', 404, 'UnknownFigures'],
    ['/v1/parties/p1/none', 404, 'UnknownFigures'],
    ['/v1/figures/lifecycle?from=tomorrow', 400, 'InvalidRequest'],
    ['/v1/figures/lifecycle?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 400, 'InvalidRequest'],
    ['/v1/figures?colour=blue', 400, 'InvalidRequest'],
    ['/v1/reports?x=1', 400, 'InvalidRequest'],
  ])('%s is refused with %d %s', async (path, status, code) => {
    expect(await server.get(path)).toMatchObject({ status, body: { code } });
  });

  // Many figures are read month by month: ten thousand years of months kept everybody else waiting for seconds.
  it.each([
    '/v1/figures/recording?from=0000-01-01T00:00:00Z',
    '/v1/figures/recording?from=0000-01-01T00:00:00Z&to=9999-12-31T00:00:00Z',
    '/v1/reports/idic?from=0000-01-01T00:00:00Z',
  ])('the window of %s is too long', async (path) => {
    expect((await server.get(path)).body).toMatchObject({
      code: 'InvalidRequest',
      errors: [
        {
          path: '/query/from',
          message: 'must lie at most 36525 days before to (default today); got "0000-01-01T00:00:00.000Z"',
        },
      ],
    });
  });

  it('a hundred years are a window', async () => {
    const path = '/v1/figures/recording?from=1920-01-01T00:00:00Z&to=2020-01-01T00:00:00Z';
    expect((await server.get(path)).status).toBe(200);
  });
});
