import { type Configuration, type Evidence, type Instant, type Json, normaliseIdentifier } from '@afecto/domain';
import type { FiguresSource, PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';

type Scheme = keyof Configuration['identity']['matchWeights'];
const isScheme = (scheme: string, weights: Configuration['identity']['matchWeights']): scheme is Scheme =>
  Object.hasOwn(weights, scheme);

/** Another party that holds the same identifiers: which schemes agree, never their values. */
interface Candidate {
  readonly partyId: string;
  readonly matchScore: number;
  readonly schemes: ReadonlyArray<string>;
}

/**
 * Parties outside this customer that share an identifier, the best match first: 1 − Π(1 − w) over the
 * identifiers that agree; one that is verified on both sides is the same party (`domain.md §3`).
 */
const candidatesOf = async (
  { person, members }: Evidence,
  { identity: { matchWeights } }: Configuration,
  readModels: FiguresSource,
): Promise<ReadonlyArray<Candidate>> => {
  const found = new Map<string, { differs: number; readonly schemes: Set<string> }>();
  for (const { scheme, value, verified } of person.identifiers) {
    if (!isScheme(scheme, matchWeights) || value === '') continue;
    const normal = normaliseIdentifier({ scheme, value });
    const owners = await readModels.ownersOf(scheme, normal.value);
    const verifiedBy = new Map<string, boolean>();
    for (const owner of owners)
      if (!members.has(owner.partyId))
        verifiedBy.set(owner.partyId, owner.verified || verifiedBy.get(owner.partyId) === true);
    for (const [partyId, isVerified] of verifiedBy) {
      const weight = verified && isVerified ? 1 : matchWeights[scheme];
      const candidate = found.get(partyId) ?? { differs: 1, schemes: new Set<string>() };
      candidate.differs *= 1 - weight;
      candidate.schemes.add(scheme);
      found.set(partyId, candidate);
    }
  }
  return [...found]
    .map(([partyId, { differs, schemes }]) => ({ partyId, matchScore: 1 - differs, schemes: [...schemes].sort() }))
    .sort((one, other) => other.matchScore - one.matchScore || (one.partyId < other.partyId ? -1 : 1));
};

/** 1 − (1 − 0.8)(1 − …) of decimal weights is a little off: a score at its limit counts as reached. */
const ROUNDING_NOISE = 1e-9;

/** What is to be done about a match (`domain.md §3`). */
const verdictOf = (score: number, { duplicateFrom, reviewFrom }: Configuration['identity']) =>
  score >= duplicateFrom - ROUNDING_NOISE ? 'merge' : score >= reviewFrom - ROUNDING_NOISE ? 'review' : 'distinct';

const identifiersOf = ({ person }: Evidence): Json =>
  person.identifiers.map(({ scheme, value, verified, preferred, valid, at }) => ({
    scheme,
    value,
    verified,
    preferred,
    valid,
    statedAt: isoOrNull(at),
  }));

/** PR03 of one customer: how it is identified, and which other parties may be the same. */
export const identityView: PartyView = {
  code: 'PR03',
  name: 'identity',
  title: 'Identifiers, and other parties that may be the same with their match score',
  read: async ({ evidence, policy: { configuration } }, readModels) => {
    const { registeredAt, erasedAt }: { registeredAt: Instant | null; erasedAt: Instant | null } = evidence.person;
    const candidates = await candidatesOf(evidence, configuration, readModels);
    return {
      partyId: evidence.partyId,
      members: [...evidence.members].sort(),
      registeredAt: isoOrNull(registeredAt),
      erasedAt: isoOrNull(erasedAt),
      identifiers: identifiersOf(evidence),
      candidates: candidates.map(({ partyId, matchScore, schemes }) => ({
        partyId,
        matchScore,
        schemes: [...schemes],
        verdict: verdictOf(matchScore, configuration.identity),
      })),
    };
  },
};
