import { given, hours, live, past } from '../command/given-when-then';
import { diagnoseDefection } from './diagnose-defection';
import { defectionReasons } from './events';
import { takeRetentionMeasure } from './take-retention-measure';

describe('DiagnoseDefection', () => {
  const diagnosis = { partyId: 'customer', reasonCodes: ['failed_recovery', 'competition'], competitorId: 'rival' };

  it('records the reasons in their order', () => {
    given()
      .when(diagnoseDefection, diagnosis)
      .then([
        'DefectionDiagnosed',
        {
          partyId: 'customer',
          reasonCodes: ['failed_recovery', 'competition'],
          competitorId: 'rival',
          controllable: true,
        },
        ['customer'],
      ]);
  });

  // coverage: 102
  it.each(defectionReasons.map((reason) => [reason, reason !== 'changing_needs' && reason !== 'involuntary'] as const))(
    'computes whether %s was in our hands: %s',
    (reason, controllable) => {
      given()
        .when(diagnoseDefection, { partyId: 'customer', reasonCodes: [reason] })
        .then(['DefectionDiagnosed', { partyId: 'customer', reasonCodes: [reason], controllable }]);
    },
  );

  it('was in our hands when one of the reasons was', () => {
    given()
      .when(diagnoseDefection, { partyId: 'customer', reasonCodes: ['involuntary', 'changing_needs', 'pricing'] })
      .then([
        'DefectionDiagnosed',
        { partyId: 'customer', reasonCodes: ['involuntary', 'changing_needs', 'pricing'], controllable: true },
      ]);
    given()
      .when(diagnoseDefection, { partyId: 'customer', reasonCodes: ['involuntary', 'changing_needs'] })
      .then([
        'DefectionDiagnosed',
        { partyId: 'customer', reasonCodes: ['involuntary', 'changing_needs'], controllable: false },
      ]);
  });

  it.each([
    ['no reason', []],
    ['four reasons', ['pricing', 'competition', 'poor_quality', 'ethical']],
    ['one reason twice', ['pricing', 'pricing']],
    ['a reason that does not exist', ['weather']],
  ])('refuses %s', (_, reasonCodes) => {
    given()
      .when(diagnoseDefection, { partyId: 'customer', reasonCodes })
      .thenRefused('ValidationFailed', { path: expect.stringMatching(/^\/reasonCodes/) });
  });
});

describe('TakeRetentionMeasure', () => {
  const measure = {
    partyId: 'customer',
    kind: 'reactive',
    measure: 'save_call',
    triggerEventId: 'notice-1',
  } as const;
  const notice = (subjects: ReadonlyArray<string>) =>
    past(
      'DefectionNoticeReceived',
      { partyId: 'customer', effectiveAt: '2026-03-31T00:00:00Z', reasonCodes: [], channel: 'phone' },
      -hours(1),
      subjects,
    );
  const knowing = (subjects: ReadonlyArray<string>) => ({
    knowledge: { events: new Map([['notice-1', notice(subjects)]]) },
  });

  it('names what it answers to, and costs nothing unless it is said', () => {
    given()
      .when(takeRetentionMeasure, measure, knowing(['customer']))
      .then(['RetentionMeasureTaken', { ...measure, costMinor: 0 }, ['customer']]);
    given()
      .when(takeRetentionMeasure, { ...measure, costMinor: 500 }, knowing(['customer']))
      .then(['RetentionMeasureTaken', { ...measure, costMinor: 500 }]);
  });

  it.each(['proactive', 'preventive', 'reactive'])('is %s', (kind) => {
    given()
      .when(takeRetentionMeasure, { ...measure, kind }, knowing(['customer']))
      .thenAccepted();
  });

  it('answers to a fact about a party that was merged into the customer, and to one about nobody', () => {
    const parties = { customer: live('customer', { members: ['customer', 'old'] }) };
    given()
      .when(takeRetentionMeasure, measure, { ...knowing(['old']), parties })
      .thenAccepted();
    given().when(takeRetentionMeasure, measure, knowing([])).thenAccepted();
  });

  it('refuses a trigger that does not exist, or is about somebody else', () => {
    given().when(takeRetentionMeasure, measure).thenRefused('UnknownTrigger', { path: '/triggerEventId' });
    given()
      .when(takeRetentionMeasure, measure, knowing(['stranger']))
      .thenRefused('UnknownTrigger');
  });

  it('refuses a negative cost and a kind that does not exist', () => {
    given()
      .when(takeRetentionMeasure, { ...measure, costMinor: -1 }, knowing(['customer']))
      .thenRefused('ValidationFailed', { path: '/costMinor' });
    given()
      .when(takeRetentionMeasure, { ...measure, kind: 'late' }, knowing(['customer']))
      .thenRefused('ValidationFailed', { path: '/kind' });
  });
});
