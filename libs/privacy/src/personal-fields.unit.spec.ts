import { catalogueEntry, type FactType, factTypes, personalPaths, type PersonalMark } from '@afecto/domain';
import {
  hasPersonalFields,
  mayHoldPersonal,
  personalFieldsOf,
  personalTypes,
  withPersonalFields,
} from './personal-fields';

const metadata = { subjects: ['ana', 'bea'] };
const referral = {
  type: 'ReferralMade',
  data: { referralId: 'r', referrerId: 'ana', referredId: 'bea', channel: 'web', contact: 'bea@example.org' },
  metadata,
};
const identified = {
  type: 'PartyIdentified',
  data: { partyId: 'ana', identifiers: [{ scheme: 'email', value: 'one' }, { scheme: 'phone', value: 'two' }, 'x'] },
  metadata,
};

/** As the log has them: the marks are those of the codecs, so the values may be anything. */
const marksOf = (type: string, path: string): ReadonlyArray<PersonalMark> => {
  const keys = path.split('/').slice(1);
  const data = keys.reduceRight<unknown>((value, key) => (key === '*' ? [value] : { [key]: value }), 'x');
  return personalFieldsOf({ type, data, metadata }).map(({ mark }) => mark);
};

describe('personal fields', () => {
  it('are those that the codecs mark, of every type and no other', () => {
    for (const type of factTypes) {
      const paths = personalPaths(catalogueEntry(type).codec);
      expect(hasPersonalFields(type)).toBe(paths.length > 0);
      for (const path of paths) expect([type, path, marksOf(type, path).length]).toEqual([type, path, 1]);
    }
  });

  it('are looked for in whatever may hold one, and what may hold none has none', () => {
    for (const type of personalTypes)
      for (const path of personalPaths(catalogueEntry(type as FactType).codec)) {
        const [, first = ''] = path.split('/');
        expect(mayHoldPersonal({ type, data: { partyId: 'ana', [first]: 'x' } })).toBe(true);
        expect(mayHoldPersonal({ type, data: { partyId: 'ana', [first]: undefined, other: 'x' } })).toBe(false);
      }
    for (const data of [null, 7, [], 'text', {}]) expect(mayHoldPersonal({ ...identified, data })).toBe(false);
    expect(mayHoldPersonal({ type: 'OrderPlaced', data: referral.data })).toBe(false);
  });

  it('are of the class identity when they name, identify or reach a person; all else is content', () => {
    const identity = personalTypes.flatMap((type) =>
      factTypes
        .filter((known) => known === type)
        .flatMap((known) => personalPaths(catalogueEntry(known).codec))
        .filter((path) => marksOf(type, path)[0]?.class === 'identity')
        .map((path) => type + path),
    );
    expect(identity).toEqual([
      'PartyRegistered/displayName',
      'PartyRegistered/birthYear',
      'PartyIdentified/identifiers/*/value',
      'ReferralMade/contact',
    ]);
  });

  it('are about the party that the mark names, else the party of the payload, else the first subject', () => {
    expect(personalFieldsOf(referral)).toMatchObject([{ path: '/contact', subject: 'bea' }]);
    const { referredId: _, ...unknown } = referral.data;
    expect(personalFieldsOf({ ...referral, data: unknown })).toMatchObject([{ subject: 'ana' }]);
    expect(personalFieldsOf({ ...identified, metadata: { subjects: ['bea'] } })).toMatchObject([
      { path: '/identifiers/0/value', subject: 'ana' },
      { path: '/identifiers/1/value', subject: 'ana' },
    ]);
    expect(personalFieldsOf({ type: 'WorkItemCompleted', data: { notes: 'n' }, metadata })).toMatchObject([
      { subject: 'ana' },
    ]);
    expect(personalFieldsOf({ type: 'WorkItemCompleted', data: { notes: 'n' }, metadata: {} })).toEqual([]);
  });

  it('are replaced in a copy; what is left alone stays the same object', () => {
    expect(withPersonalFields(identified, ({ value }) => value)).toBe(identified.data);
    expect(withPersonalFields(identified, ({ path }) => path)).toEqual({
      partyId: 'ana',
      identifiers: [
        { scheme: 'email', value: '/identifiers/0/value' },
        { scheme: 'phone', value: '/identifiers/1/value' },
        'x',
      ],
    });
    expect(identified.data.identifiers[0]).toEqual({ scheme: 'email', value: 'one' });
    for (const data of [null, 7, [], 'text']) expect(withPersonalFields({ ...identified, data }, () => 'x')).toBe(data);
  });
});
