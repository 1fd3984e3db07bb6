import * as E from 'fp-ts/Either';
import { catalogueEntry, type FactType, factTypes, globalFactTypes, streamOf, subjectsOf } from './catalogue';
import type { AnyCodec } from './codec';
import { decodeLenient, decodeStrict, type FieldError, personalPaths, pointer } from './decode';
import { samples } from './samples';
import { isRecord } from './structure';

/** What is wrong with a payload at one place, and where the error must point. */
interface Damage {
  readonly title: string;
  readonly keys: ReadonlyArray<string>;
  readonly change: (value: unknown) => unknown;
}

const REMOVED = Symbol('removed');
const UNKNOWN = 'zzUnknown';

const changedAt = (value: unknown, keys: ReadonlyArray<string>, change: (value: unknown) => unknown): unknown => {
  const [key, ...rest] = keys;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((member: unknown, index) => (String(index) === key ? changedAt(member, rest, change) : member));
  }
  if (!isRecord(value)) throw new Error(`the sample has nothing at ${key}`);
  const changed = changedAt(value[key], rest, change);
  const { [key]: _, ...others } = value;
  return changed === REMOVED ? others : { ...others, [key]: changed };
};

const bounds = (codec: AnyCodec, keys: ReadonlyArray<string>): ReadonlyArray<Damage> => {
  const { shape } = codec;
  const to = (title: string, value: unknown): Damage => ({ title, keys, change: () => value });
  switch (shape.kind) {
    case 'string':
      return [
        to('one character too many', 'x'.repeat(shape.max + 1)),
        to('a lone surrogate', '\ud800x'),
        ...(shape.min > 0 ? [to('empty', '')] : []),
        ...(shape.mayBeBlank ? [] : [to('blank', ' \t\u00a0')]),
      ];
    case 'pattern':
      return [to('empty', ''), to('257 characters', '!'.repeat(257)), to('a control character', 'a\u0000')];
    case 'number':
      return [
        ...(shape.min > -Number.MAX_VALUE ? [to('below the minimum', shape.min > 0 ? 0 : shape.min - 2)] : []),
        ...(shape.max < Number.MAX_VALUE ? [to('above the maximum', shape.max + 2)] : []),
        ...(shape.integer ? [to('a fraction', Math.max(shape.min, -1_000) + 0.5)] : []),
        to('not a number', Number.NaN),
        to('infinite', Number.POSITIVE_INFINITY),
      ];
    case 'enum':
      return [to('a value that is not listed', 'zz_not_listed')];
    case 'list':
      return [
        ...(shape.min > 0 ? [to('one element too few', [])] : []),
        {
          title: 'one element too many',
          keys,
          change: (value) => Array.from({ length: shape.max + 1 }, () => (Array.isArray(value) ? value[0] : value)),
        },
      ];
    case 'dictionary':
      return [
        to(
          'one key too many',
          Object.fromEntries(Array.from({ length: shape.max + 1 }, (_, index) => [`k${index}`, 1])),
        ),
      ];
    default:
      return [];
  }
};

/** Every way to damage a payload that its codec's structure allows us to think of. */
const damages = (codec: AnyCodec, sample: unknown, keys: ReadonlyArray<string>): ReadonlyArray<Damage> => {
  const { shape } = codec;
  if (shape.kind === 'nullable') return sample === null ? [] : damages(shape.inner, sample, keys);
  const wrong = shape.kind === 'boolean' || shape.kind === 'number' ? 'yes' : 7;
  const own: ReadonlyArray<Damage> = [
    { title: 'wrong type', keys, change: () => wrong },
    { title: 'another wrong type', keys, change: () => (shape.kind === 'list' ? {} : []) },
    ...bounds(codec, keys),
  ];
  if (shape.kind === 'list' && Array.isArray(sample) && sample.length > 0)
    return [...own, ...damages(shape.element, sample[0], [...keys, '0'])];
  if (!isRecord(sample)) return own;
  if (shape.kind === 'dictionary') {
    return [
      ...own,
      ...Object.entries(sample).flatMap(([key, member]) => damages(shape.element, member, [...keys, key])),
    ];
  }
  if (shape.kind !== 'record') return own;
  return [
    ...own,
    { title: 'unknown field', keys: [...keys, UNKNOWN], change: () => 1 },
    ...Object.entries(shape.required).flatMap(([key, child]) => [
      { title: 'missing', keys: [...keys, key], change: () => REMOVED },
      ...(child.shape.kind === 'nullable' ? [] : [{ title: 'null', keys: [...keys, key], change: () => null }]),
      ...damages(child, sample[key], [...keys, key]),
    ]),
    ...Object.entries(shape.optional).flatMap(([key, child]) => [
      { title: 'null', keys: [...keys, key], change: () => null },
      ...damages(child, sample[key], [...keys, key]),
    ]),
  ];
};

const errorsOf = (result: E.Either<ReadonlyArray<FieldError>, unknown>): ReadonlyArray<FieldError> =>
  E.isLeft(result) ? result.left : [];

const isWithoutFields = (codec: AnyCodec, sample: unknown): ReadonlyArray<string> => {
  const { shape } = codec;
  if (shape.kind === 'nullable') return sample === null ? [] : isWithoutFields(shape.inner, sample);
  if (shape.kind === 'list' && Array.isArray(sample)) return isWithoutFields(shape.element, sample[0]);
  if (shape.kind !== 'record' || !isRecord(sample)) return [];
  const fields = { ...shape.required, ...shape.optional };
  return Object.entries(fields).flatMap(([key, child]) =>
    sample[key] === undefined ? [key] : isWithoutFields(child, sample[key]),
  );
};

describe('the catalogue', () => {
  // coverage: 4
  it('has the 51 facts of the specification', () => {
    expect(factTypes).toHaveLength(51);
    expect(new Set(factTypes).size).toBe(51);
  });

  describe.each(factTypes.map((type) => [type] as const))('%s', (type: FactType) => {
    const { codec } = catalogueEntry(type);

    // coverage: 4
    it('accepts its sample at the door and in the log, unchanged', () => {
      expect(decodeStrict(codec, samples[type])).toEqual(E.right(samples[type]));
      expect(decodeLenient(codec, samples[type])).toEqual(E.right(samples[type]));
      expect(codec.is(samples[type])).toBe(true);
    });

    it('has a sample that shows every field', () => {
      expect(isWithoutFields(codec, samples[type])).toEqual([]);
    });

    it('names the path of every field that is wrong', () => {
      const wrong = damages(codec, samples[type], []);
      expect(wrong.length).toBeGreaterThan(4);
      for (const { title, keys, change } of wrong) {
        const paths = errorsOf(decodeStrict(codec, changedAt(samples[type], keys, change))).map(({ path }) => path);
        expect({ title, path: pointer(keys), paths }).toMatchObject({
          paths: expect.arrayContaining([pointer(keys)]) as unknown,
        });
      }
    });

    it('keeps unknown fields when the log is read', () => {
      const widened = { ...samples[type], [UNKNOWN]: { nested: true } };
      expect(decodeLenient(codec, widened)).toEqual(E.right(widened));
    });

    it('reports two wrong fields at once', () => {
      if (codec.shape.kind !== 'record') throw new Error('payloads are records');
      const [first] = Object.keys(codec.shape.required);
      const broken = { ...samples[type], [first ?? '']: {}, [UNKNOWN]: 1 };
      expect(errorsOf(decodeStrict(codec, broken)).map(({ path }) => path)).toEqual(
        expect.arrayContaining([`/${first}`, `/${UNKNOWN}`]),
      );
    });
  });
});

describe('privacy of the payloads (domain.md §17.1)', () => {
  const SUSPICIOUS = /^(name|names|email|mail|phone|address|text|verbatim|comment|notes|contact|url)$/i;
  /** Names of our own things, not of people. */
  const ALLOWED = new Set(['CampaignLaunched/name', 'ConfigurationActivated/config/segments/*/name']);
  const words = (field: string) => field.replaceAll(/([a-z])([A-Z])/g, '$1 $2').split(/[ _]/);

  const suspects = (codec: AnyCodec, path: string): ReadonlyArray<string> => {
    if (codec.isPersonal) return [];
    const { shape } = codec;
    if (shape.kind === 'nullable') return suspects(shape.inner, path);
    if (shape.kind === 'list' || shape.kind === 'dictionary') return suspects(shape.element, `${path}/*`);
    if (shape.kind !== 'record') return [];
    return Object.entries({ ...shape.required, ...shape.optional }).flatMap(([key, child]) => [
      ...(words(key).some((word) => SUSPICIOUS.test(word)) && !child.isPersonal && child.shape.kind === 'string'
        ? [`${path}/${key}`]
        : []),
      ...suspects(child, `${path}/${key}`),
    ]);
  };

  it('marks every field that is named like personal data', () => {
    const found = factTypes.flatMap((type) => suspects(catalogueEntry(type).codec, type));
    expect(found.filter((path) => !ALLOWED.has(path))).toEqual([]);
    expect(found).toEqual(expect.arrayContaining([...ALLOWED]));
  });

  it('marks every free text', () => {
    const freeTexts = (codec: AnyCodec, path: string): ReadonlyArray<string> => {
      const { shape } = codec;
      if (codec.isPersonal) return [];
      if (shape.kind === 'string') return shape.max > 2_000 ? [path] : [];
      if (shape.kind === 'list' || shape.kind === 'dictionary') return freeTexts(shape.element, `${path}/*`);
      if (shape.kind !== 'record') return [];
      const fields = Object.entries({ ...shape.required, ...shape.optional });
      return fields.flatMap(([key, child]) => freeTexts(child, `${path}/${key}`));
    };
    expect(factTypes.flatMap((type) => freeTexts(catalogueEntry(type).codec, type))).toEqual([]);
  });

  it('lists the personal fields of the specification and no others', () => {
    const marked = factTypes.flatMap((type) => personalPaths(catalogueEntry(type).codec).map((path) => type + path));
    expect(marked.toSorted()).toEqual(
      [
        'PartyRegistered/displayName',
        'PartyRegistered/birthYear',
        'PartyIdentified/identifiers/*/value',
        'PreferenceRecorded/value',
        'EnquiryReceived/text',
        'InteractionRecorded/notes',
        'ServiceRequestOpened/text',
        'PromiseMade/text',
        'ComplaintReceived/text',
        'ComplaintFollowedUp/comment',
        'SurveyAnswered/verbatim',
        'ReferralMade/contact',
        'WordOfMouthObserved/url',
        'WordOfMouthObserved/text',
        'DefectionDiagnosed/circumstances',
        'WorkItemCompleted/notes',
      ].toSorted(),
    );
  });
});

describe('streams and subjects', () => {
  it.each([
    ['PartyRegistered', 'party-p1'],
    ['PartiesMerged', 'party-p1'],
    ['CampaignLaunched', 'campaign-spring'],
    ['EnquiryClosed', 'enquiry-enq1'],
    ['OfferAnswered', 'offer-off1'],
    ['InteractionRecorded', 'interaction-i1'],
    ['OrderFulfilled', 'order-o1'],
    ['CostToServeRecorded', 'account-p1'],
    ['ServiceRequestPaused', 'request-r1'],
    ['ServiceFailureDetected', 'failure-f1'],
    ['PromiseSettled', 'promise-pr1'],
    ['CompensationGranted', 'complaint-c1'],
    ['SurveyAnswered', 'survey-s1'],
    ['ReferralMade', 'referral-ref1'],
    ['RewardGranted', 'membership-m1'],
    ['DefectionNoticeReceived', 'account-p1'],
    ['WorkItemClaimed', 'workitem-0123456789abcdef0123456789abcdef'],
    ['ConfigurationActivated', 'policy'],
    ['PortfolioReviewed', 'policy'],
  ] as const)('%s lies in %s', (type, streamId) => {
    expect(streamOf(type, samples[type], 'fallback')).toBe(streamId);
  });

  it('a compensation or a reward without its own stream lies in the account', () => {
    expect(streamOf('CompensationGranted', { partyId: 'p1' }, 'x')).toBe('account-p1');
    expect(streamOf('RewardGranted', { partyId: 'p1' }, 'x')).toBe('account-p1');
  });

  it('a payload without an own id lies in a stream of the fallback', () => {
    expect(streamOf('SurveyAnswered', { partyId: 'p1' }, 'abc')).toBe('survey-abc');
  });

  it.each([
    ['OrderPlaced', undefined, ['p1', 'p2']],
    ['OrderPlaced', 'p2', ['p2', 'p1']],
    ['PartiesMerged', undefined, ['p1', 'p2']],
    ['PartiesSeparated', undefined, ['p1', 'p2']],
    ['ReferralMade', undefined, ['p1', 'p2']],
    ['InteractionRecorded', undefined, ['p1', 'p2']],
    ['PartyRoleAssigned', undefined, ['p1', 'p2']],
    ['ServiceFailureDetected', 'p9', ['p9', 'p1', 'p2']],
    ['OrderFulfilled', 'p1', ['p1']],
    ['CampaignLaunched', 'p1', []],
    ['ConfigurationActivated', undefined, []],
  ] as const)('%s with subject %s is about %j', (type, subject, subjects) => {
    expect(subjectsOf(type, samples[type], subject)).toEqual(E.right(subjects));
  });

  it('a follow-up fact without subject is refused', () => {
    expect(subjectsOf('OrderFulfilled', samples.OrderFulfilled)).toEqual(
      E.left({ path: '/subject', message: expect.stringContaining('OrderFulfilled') as unknown }),
    );
  });

  it('more than eight parties are refused', () => {
    const data = { ...samples.ServiceFailureDetected, partyIds: ['1', '2', '3', '4', '5', '6', '7', '8'] };
    expect(E.isRight(subjectsOf('ServiceFailureDetected', data))).toBe(true);
    expect(E.isLeft(subjectsOf('ServiceFailureDetected', data, '9'))).toBe(true);
  });

  // coverage: 44
  it('only facts of the policy and of campaigns are about no party', () => {
    expect([...globalFactTypes].toSorted()).toEqual([
      'CampaignLaunched',
      'ConfigurationActivated',
      'PortfolioReviewed',
    ]);
  });
});
