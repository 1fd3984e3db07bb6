import { defaultConfiguration, type Fact, type FactData, type Json } from '@afecto/domain';
import type { JsonObject } from '../figures/definition';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { type Model, reportOf } from './definition';
import { valueAt } from './indicator';
import { models } from './models';

const answered = (
  partyId: string,
  ago: number,
  instrument: FactData['SurveyAnswered']['instrument'],
  score: number,
  [scaleMin, scaleMax]: readonly [number, number],
  items: FactData['SurveyAnswered']['items'] = {},
): Fact =>
  said('SurveyAnswered', ago, {
    surveyId: `${instrument}-${partyId}`,
    partyId,
    instrument,
    score,
    scaleMin,
    scaleMax,
    items,
  });
const opened = (requestId: string, ago: number): Fact =>
  said('ServiceRequestOpened', ago, {
    requestId,
    partyId: 'p1',
    channel: 'phone',
    category: requestId,
    class: 'deferred',
    openedAt: isoDaysAgo(ago),
    avoidableInPerson: false,
  });
const solved = (requestId: string, ago: number, byTier: 'front_office' | 'back_office'): Fact =>
  said('ServiceRequestResolved', ago, { requestId, resolutionCode: 'done', byTier, resolvedAt: isoDaysAgo(ago) }, 'p1');
const promised = (promiseId: string, outcome: 'kept' | 'broken'): ReadonlyArray<Fact> => [
  said('PromiseMade', 20, { promiseId, partyId: 'p1', madeBy: 'ada', dueAt: isoDaysAgo(15) }),
  said('PromiseSettled', outcome === 'kept' ? 16 : 14, { promiseId, outcome }, 'p1'),
];
const called = (ago: number): Fact =>
  said('InteractionRecorded', ago, {
    interactionId: `call-${ago}`,
    partyId: 'p1',
    direction: 'inbound',
    channel: 'phone',
    purpose: 'service',
    topicCode: 'billing',
    agentId: 'ada',
    startedAt: isoDaysAgo(ago),
    outcome: 'answered',
    reAskedFields: [],
    links: {},
  });

/** Two customers of whom one has a name, with answers to each instrument and something of every figure. */
const history: ReadonlyArray<Fact> = [
  said('ConfigurationActivated', 500, {
    version: 1,
    effectiveFrom: isoDaysAgo(500),
    config: { ...defaultConfiguration, version: 1, segments: [{ segmentId: 'all', name: 'All' }] },
  }),
  said('PartyRegistered', 400, { partyId: 'p1', kind: 'person', displayName: 'Ana', source: 'test' }),
  said('PartyIdentified', 400, {
    partyId: 'p1',
    identifiers: [
      { scheme: 'email', value: 'ana@example.org', verified: true, preferred: true, valid: true },
      { scheme: 'phone', value: '+44 1', verified: false, preferred: false, valid: false },
    ],
  }),
  ordered('p1', 200, 'o1', { netMinor: 10_000, costMinor: 6_000 }),
  ordered('p1', 30, 'o2', { netMinor: 10_000, costMinor: 6_000 }),
  ordered('p2', 40, 'o3', { netMinor: 10_000, costMinor: 6_000 }),
  ...[25, 26, 27, 28].map(called),
  said('CostToServeRecorded', 24, {
    partyId: 'p1',
    amountMinor: 400,
    activity: 'call',
    periodFrom: isoDaysAgo(28),
    periodTo: isoDaysAgo(24),
  }),
  answered('p1', 12, 'nps', 9, [0, 10], { empathy: 4 }),
  answered('p2', 12, 'nps', 8, [0, 10], { empathy: 5 }),
  answered('p1', 11, 'csat_transactional', 5, [1, 5]),
  answered('p1', 10, 'ces', 6, [1, 7]),
  opened('r1', 22),
  solved('r1', 21.9, 'front_office'),
  opened('r2', 20),
  solved('r2', 19.5, 'back_office'),
  opened('r3', 18),
  solved('r3', 16.5, 'back_office'),
  ...promised('m1', 'kept'),
  ...promised('m2', 'kept'),
  ...promised('m3', 'broken'),
  said('ComplaintReceived', 9, {
    complaintId: 'c1',
    partyId: 'p1',
    channel: 'phone',
    category: 'staff_conduct',
    severity: 1,
  }),
];

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listAt = (answer: JsonObject, field: string): ReadonlyArray<JsonObject> => {
  const value = valueAt(answer, [field]);
  return Array.isArray(value) ? value.filter(isObject) : [];
};
const modelOf = (name: string): Model => {
  const model = models.find((one) => one.name === name);
  if (model === undefined) throw new Error(`no model ${name}`);
  return model;
};
const stepsOf = async (name: string, facts: ReadonlyArray<Fact> = history) => {
  const given = await givenCustomers(facts);
  return listAt(await reportOf(modelOf(name), given.question()), 'steps');
};
/** Values by label, of one step or of all. */
const valuesOf = async (name: string, step?: string): Promise<JsonObject> =>
  Object.fromEntries(
    (await stepsOf(name))
      .filter((one) => step === undefined || one['name'] === step)
      .flatMap((one) => listAt(one, 'indicators'))
      .map((each) => [String(each['label']), each['value'] ?? null]),
  );

describe('the reports of the frameworks (domain.md §12)', () => {
  // coverage: 152, 170
  it.each(models.map((model) => [model.name, model] as const))(
    '%s names only fields that its figures have',
    async (_, { steps }) => {
      const { figures } = await givenCustomers(history);
      const missing: string[] = [];
      for (const { indicators } of steps) {
        expect(indicators.length).toBeGreaterThan(0);
        for (const { figures: of, path } of indicators)
          if (valueAt(await figures(of), path) === undefined) missing.push(`${of.name} ${path.join('.')}`);
      }
      expect(missing).toEqual([]);
    },
  );

  it('show what the figures show that are read whole: only what is looked at is read', async () => {
    const { question, figures } = await givenCustomers(history);
    for (const model of models) {
      const shown = listAt(await reportOf(model, question()), 'steps').map((step) => listAt(step, 'indicators'));
      const whole = await Promise.all(
        model.steps.map(({ indicators }) =>
          Promise.all(indicators.map(async (one) => valueAt(await figures(one.figures), one.path) ?? null)),
        ),
      );
      expect(shown.map((step) => step.map(({ value }) => value))).toEqual(whole);
    }
  });

  // coverage: 40, 112, 169, 170
  it.each([
    ['idic', ['identificar', 'diferenciar', 'interactuar', 'personalizar']],
    [
      'payne',
      [
        'desarrollo de la estrategia',
        'creación de valor',
        'integración multicanal',
        'gestión de la información',
        'evaluación del desempeño',
      ],
    ],
    [
      'gartner',
      [
        'visión',
        'estrategia',
        'experiencia valiosa',
        'colaboración',
        'procesos',
        'información',
        'tecnología',
        'métricas',
      ],
    ],
    [
      'buttle',
      ['análisis de la cartera', 'intimidad', 'desarrollar una red', 'propuesta de valor', 'manejo de la relación'],
    ],
    [
      'qci',
      [
        'actividades',
        'análisis y planificación',
        'propuesta para el cliente',
        'personas y organización',
        'infraestructura',
        'medición del efecto',
        'experiencia del cliente',
        'ambiente externo',
      ],
    ],
    [
      'four-pillars',
      ['procesos orientados al cliente', 'personas y cultura', 'datos oportunos y de calidad', 'herramientas'],
    ],
    ['c3i', ['comandar', 'controlar', 'comunicar', 'inteligencia']],
    ['wheel-of-loyalty', ['base para la lealtad', 'vínculos', 'reducir los impulsores de la deserción']],
    ['leaders-of-change', ['medidas del progreso', 'recompensas por metas', 'conductas inesperadas']],
    ['variables', ['recursos humanos', 'tecnología', 'procesos']],
    ['arc', ['creación de valor', 'integración multicanal', 'gestión de la información', 'evaluación del desempeño']],
    [
      'benefits',
      [
        'menor costo de contacto',
        'recompra y ventas cruzadas',
        'adquisición',
        'prevención de pérdidas',
        'eficiencia',
        'para el cliente',
      ],
    ],
    ['costs', ['para la empresa', 'para el cliente']],
    ['common-failures', ['visión de solo herramienta', 'subestimar el valor a largo plazo', 'falta de capacitación']],
  ])('%s has the steps of the source documents', async (name, steps) => {
    expect((await stepsOf(name)).map(({ spanish }) => spanish)).toEqual(steps);
  });

  /** `domain.md §12.2`: the focus is on revenue, so that revenue and contribution are on every report, not on two of ten. */
  it.each(models.map((model) => [model.name, model] as const))(
    '%s begins with revenue and contribution',
    async (_, model) => {
      const { question } = await givenCustomers(history);
      expect(listAt(await reportOf(model, question()), 'results')).toEqual([
        { label: 'Revenue, minor units', value: 30_000, from: 'PR18 scorecard corporate.revenueMinor', targets: [] },
        {
          label: 'Contribution, minor units',
          value: 3 * 4_000 - 400,
          from: 'PR18 scorecard corporate.contributionMinor',
          targets: [],
        },
      ]);
    },
  );

  // coverage: 7
  it('the four pillars are measured: processes, people, data and tools', async () => {
    expect(await valuesOf('four-pillars')).toEqual({
      'Index of processes, 0..100': expect.closeTo(200 / 3, 9),
      'Index of people, 0..100': expect.closeTo((75 + 87.5 + 100 / 3) / 3, 9),
      'Index of data, 0..100': (50 + 50 + 50 + 100) / 4,
      'Index of tools, 0..100': 100,
      'Service levels missed': 1 / 3,
      'Promises kept': 2 / 3,
      'Silences longer than allowed': 1,
      'Complaints of conduct per 1 000 contacts': 250,
      'Empathy, 1..5': 4.5,
      'Active agents with a completed training': 0,
      'Solved at first contact': 1 / 3,
      'Contacts and outcomes by agent': [expect.objectContaining({ agentId: 'ada', contacts: 4 })],
      'Parties with a name': 0.5,
      'Parties with a verified identifier': 0.5,
      'Identifiers that are valid': 0.5,
      'Projections behind the clock, ms': 0,
      'Events that could not be taken in': 0,
    });
  });

  // coverage: 115, 146
  it('who leads change sees conduct and goals, and what commonly fails', async () => {
    expect(await valuesOf('leaders-of-change', 'Unexpected conduct')).toEqual({
      'Complaints of conduct per 1 000 contacts': 250,
      'Agents to train in conduct': 0,
      'Conduct by agent': [],
    });
    expect(await valuesOf('common-failures')).toEqual({
      'Contacts recorded of those that must have been': null,
      'Contacts recorded by agents': 0,
      'Campaigns with lifetime values': null,
      'Active agents with a completed training': 0,
      'Agents to train in conduct': 0,
    });
  });

  /** `domain.md §12.2` has them measured: their indicators were named, and in no report. */
  it('benefits and costs are measured, for the firm and for the customer', async () => {
    expect(await valuesOf('benefits')).toMatchObject({
      'Cost of a contact, minor units': 100,
      'Customers who ordered again': 1 / 2,
      'New customers': 2,
      'Days from enquiry to first order, median': null,
      'Customers lost': 0,
      'Asked again what was known (CX3)': 0,
    });
    expect(await valuesOf('costs')).toMatchObject({
      'Costs by kind, minor units': { cost_to_serve: 400 },
      'Effort (CES)': { answers: 1 },
    });
    expect(await valuesOf('variables')).toMatchObject({ 'Projections behind the clock, ms': 0 });
  });

  /** `domain.md §12.1`: the vision was the number of the configuration, and had nowhere to be written down. */
  it('the vision is what we say that we are, with strategy and owner of each phase, beside the targets', async () => {
    const config = {
      ...defaultConfiguration,
      version: 2,
      valueStatement: 'Good coffee without asking twice',
      plan: { indicators: [{ indicator: 'revenueMinor' as const, atLeast: 10 }] },
    };
    const given = await givenCustomers([
      ...history,
      said('ConfigurationActivated', 400, { version: 2, effectiveFrom: isoDaysAgo(400), config }),
    ]);
    const [vision] = listAt(await reportOf(modelOf('gartner'), given.question()), 'steps');
    expect(vision).toMatchObject({
      name: 'Vision',
      indicators: expect.arrayContaining([
        expect.objectContaining({ value: 'Good coffee without asking twice' }),
        expect.objectContaining({
          label: 'Strategy and owner of each phase',
          value: expect.arrayContaining([{ phase: 'lost', ...defaultConfiguration.lifecycle.strategies.lost }]),
        }),
        expect.objectContaining({
          label: 'Targets beside what was reached',
          value: [expect.objectContaining({ indicator: 'revenueMinor', isMet: true })],
        }),
      ]),
    });
  });

  // coverage: 25, 117, 169, 170
  it('profit, satisfaction and our own service levels stand side by side', async () => {
    expect(await valuesOf('gartner', 'Metrics')).toMatchObject({
      'Contribution, minor units': 3 * 4_000 - 400,
      'Net promoter score': { answers: 2, promoters: 1, passives: 1 },
      'Service levels missed': 1 / 3,
      'Projections behind the clock, ms': 0,
    });
    expect(await valuesOf('payne', 'Value creation')).toMatchObject({ 'Revenue, minor units': 30_000 });
    expect(await valuesOf('payne', 'Performance assessment')).toMatchObject({
      'Satisfaction after contacts (CSAT)': { answers: 1, topBox: 1 },
    });
  });

  // coverage: 161, 171
  it('the value chain shows acquisition, retention and penetration', async () => {
    expect(await valuesOf('buttle', 'Managing the relationship')).toMatchObject({
      'New customers': 2,
      'Retention of the last twelve months': null,
      'Repeat customers who took up further lines': 0,
    });
  });

  // coverage: 110, 168
  it('the environment shows competitors, reasons to leave and word of mouth', async () => {
    const leaving = said('DefectionNoticeReceived', 3, {
      partyId: 'p2',
      effectiveAt: isoDaysAgo(2),
      reasonCodes: ['competition'],
      channel: 'phone',
      competitorId: 'rival',
    });
    const steps = await stepsOf('qci', [...history, leaving]);
    expect(steps.at(-1)).toMatchObject({
      indicators: [
        { value: 1 },
        { value: [{ reason: 'competition', count: 1, share: 1 }] },
        { value: null },
        { value: [{ competitorId: 'rival', notices: 1 }] },
      ],
    });
  });

  // coverage: 30, 165
  it('the tool says how good its data are and what it could not take in', async () => {
    expect(await valuesOf('qci', 'Infrastructure')).toEqual({
      'Facts in the log': history.length,
      'Projections behind the clock, ms': 0,
      'Events that could not be taken in': 0,
      'Identifiers that are valid': 0.5,
    });
  });

  // coverage: 130
  it('command, control and communicate each show what they do', async () => {
    expect(await valuesOf('c3i', 'Command')).toMatchObject({ 'Configuration in force': 1 });
    expect(await valuesOf('c3i', 'Control')).toMatchObject({ 'Promises kept': 2 / 3 });
    expect(await valuesOf('c3i', 'Communicate')).toMatchObject({ 'Silences longer than allowed': 1 });
  });
});
