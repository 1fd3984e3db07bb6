import { given, hours, iso, past } from '../command/given-when-then';
import type { ErasureKnowledge } from '../command/knowledge';
import { erasePersonalData } from './erase-personal-data';

const body = { partyId: 'customer', evidenceRef: 'passport seen', basis: 'request' } as const;
const erasure: ErasureKnowledge = {
  members: [
    { partyId: 'customer', keyIds: ['k1', 'k2'] },
    { partyId: 'absorbed', keyIds: ['k3', 'k4'] },
  ],
  legalHold: false,
  openObligations: [],
};
const actor = { kind: 'agent', id: 'ada', roles: ['privacy_officer'] } as const;
const knowing = (known: Partial<ErasureKnowledge> = {}) => ({
  actor,
  knowledge: { erasure: { ...erasure, ...known } },
});
const dueAt = '2026-04-10T12:00:00.000Z';
const asked = (kind: 'erasure' | 'access' = 'erasure', dsrId = 'd1') =>
  past(
    'DataSubjectRequestReceived',
    { partyId: 'customer', dsrId, kind, receivedAt: iso(-hours(9)), dueAt },
    -hours(9),
  );
const refused = past(
  'DataSubjectRequestFulfilled',
  { partyId: 'customer', dsrId: 'd1', outcome: 'refused', refusalBasis: 'legal_hold' },
  -hours(1),
);
const erased = (partyId: string, keyIds: ReadonlyArray<string>, basis: string, dsrId?: string) =>
  ['PersonalDataErased', { partyId, keyIds, basis, ...(dsrId === undefined ? {} : { dsrId }) }, [partyId]] as const;

describe('ErasePersonalData', () => {
  it('tells of each party whose keys go, the root first', () => {
    given()
      .when(erasePersonalData, body, knowing())
      .then(erased('customer', ['k1', 'k2'], 'request'), erased('absorbed', ['k3', 'k4'], 'request'));
  });

  it('fulfils the request that is open, whether it is named or not', () => {
    const { basis: _, ...unfounded } = body;
    for (const named of [unfounded, { ...unfounded, dsrId: 'd1' }])
      given(asked('access', 'd0'), asked())
        .when(erasePersonalData, named, knowing())
        .then(
          ['DataSubjectRequestFulfilled', { partyId: 'customer', dsrId: 'd1', outcome: 'fulfilled' }, ['customer']],
          erased('customer', ['k1', 'k2'], 'erasure_request', 'd1'),
          erased('absorbed', ['k3', 'k4'], 'erasure_request', 'd1'),
        );
  });

  it.each([
    ['EvidenceRequired', { evidenceRef: '  ' }, {}],
    ['ValidationFailed', { basis: '  ' }, {}],
    ['DataSubjectRequestNotFound', { dsrId: 'd9' }, {}],
    ['LegalHold', {}, { legalHold: true }],
    ['OpenObligations', {}, { openObligations: [{ kind: 'order', id: 'o1' }] }],
    ['OpenObligations', { waived: ['o2'] }, { openObligations: [{ kind: 'order', id: 'o1' }] }],
  ] as const)('is refused with %s: %j', (code, said, known) => {
    given()
      .when(erasePersonalData, { ...body, ...said }, knowing(known))
      .thenRefused(code);
  });

  it('takes no request of another kind, nor one that is answered', () => {
    given(asked('access'))
      .when(erasePersonalData, { ...body, dsrId: 'd1' }, knowing())
      .thenRefused('InvalidState', { path: '/dsrId' });
    given(asked(), refused)
      .when(erasePersonalData, { ...body, dsrId: 'd1' }, knowing())
      .thenRefused('InvalidState', { path: '/dsrId' });
  });

  it('goes on where both sides have let go of what is open', () => {
    given()
      .when(
        erasePersonalData,
        { ...body, waived: ['o1', 'c1'] },
        knowing({
          openObligations: [
            { kind: 'order', id: 'o1' },
            { kind: 'complaint', id: 'c1' },
          ],
        }),
      )
      .thenAccepted();
  });

  it('is not for everybody', () => {
    given()
      .when(erasePersonalData, body, { ...knowing(), actor: { ...actor, roles: ['analyst'] } })
      .thenRefused('Forbidden');
  });

  it('refuses a party that is unknown or erased already', () => {
    given()
      .when(erasePersonalData, body, { ...knowing(), parties: { customer: { status: 'unknown' } } })
      .thenRefused('PartyNotFound');
    given()
      .when(erasePersonalData, body, { ...knowing({ members: [] }), parties: { customer: { status: 'erased' } } })
      .thenRefused('PartyErased');
  });

  it('erases whoever is left of a customer of which somebody is erased already', () => {
    const left = knowing({ members: [{ partyId: 'absorbed', keyIds: ['k3'] }] });
    given()
      .when(erasePersonalData, body, { ...left, parties: { customer: { status: 'erased' } } })
      .then(erased('absorbed', ['k3'], 'request'));
  });
});
