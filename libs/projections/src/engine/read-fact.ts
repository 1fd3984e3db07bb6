import {
  decodeStored,
  type Fact,
  factFromStored,
  type FactType,
  globalFactTypes,
  type Instant,
  isId,
  type StoredFactEvent,
} from '@afecto/domain';
import * as E from 'fp-ts/Either';

/** Where an event belongs: when it happened and to whom. */
export interface Envelope {
  readonly occurredAt: Instant;
  readonly subjects: ReadonlyArray<string>;
}

/** `domain.md §1`, event envelope. */
const MOST_SUBJECTS = 8;

type Loose = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of an instant in UTC; NaN when it is none. Looks less closely than the codec, which takes five times as long. */
const instantOf = (value: unknown): Instant =>
  typeof value === 'string' && value.endsWith('Z') ? Date.parse(value) : Number.NaN;

const areParties = (values: unknown): values is ReadonlyArray<string> => {
  if (!Array.isArray(values) || values.length > MOST_SUBJECTS) return false;
  for (const value of values) if (typeof value !== 'string' || !isId(value)) return false;
  return true;
};

/** What an event's metadata says of when and of whom; null when it does not say it as every fact must. */
export const envelopeOf = (metadata: unknown): Envelope | null => {
  if (!isRecord(metadata)) return null;
  const { subjects } = metadata;
  const occurredAt = instantOf(metadata['occurredAt']);
  return Number.isNaN(occurredAt) || !areParties(subjects) ? null : { occurredAt, subjects };
};

/** The metadata of a fact as `toNewEvent` writes it: what is looked for stands in front. */
const AS_WRITTEN =
  /^\{"schemaVersion":\d+,"occurredAt":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","subjects":\[((?:"[^"\\]+"(?:,"[^"\\]+")*)?)\],/;

/** The same of metadata as JSON; what was written here is read in a third of the time that parsing all of it takes. */
export const envelopeOfText = (metadata: string): Envelope | null => {
  const written = AS_WRITTEN.exec(metadata);
  // Of a name that comes twice the latter counts.
  const isTwice = (name: string): boolean => metadata.includes(name, written?.[0].length);
  if (written === null || isTwice('"occurredAt"') || isTwice('"subjects"')) return envelopeOf(JSON.parse(metadata));
  const [, occurredAt, list = ''] = written;
  return envelopeOf({ occurredAt, subjects: list === '' ? [] : list.slice(1, -1).split('","') });
};

/** Merges and separations say who the customer is, not what happened to it (`domain.md §3`). */
export const isLink = ({ type }: Pick<Fact, 'type'>): boolean =>
  type === 'PartiesMerged' || type === 'PartiesSeparated';

/** Whether a fact says something about all customers (policy) or about who is who (links). */
export const isOfTheWorld = (fact: Pick<Fact, 'type'>): boolean => globalFactTypes.has(fact.type) || isLink(fact);

const lookedInto: ReadonlySet<string> = new Set<FactType>([
  'PartyIdentified',
  'PersonalDataErased',
  'ReferralMade',
  'WorkItemClaimed',
]);

/** Whether what the fact says is needed beside its place (`intakeBatch`), links and policies apart. */
export const isLookedInto = ({ type }: { readonly type: string }): boolean => lookedInto.has(type);

/** What is wrong with an event by the codecs; '' when they find nothing. Personal values are not repeated. */
export const faultsOf = (event: StoredFactEvent): string => {
  const decoded = decodeStored(event);
  return E.isRight(decoded) ? '' : decoded.left.map(({ path, message }) => `${path} ${message}`).join('; ');
};

const isAddressed = (metadata: Loose): boolean =>
  typeof metadata['source'] === 'string' && typeof metadata['id'] === 'string' && isRecord(metadata['actor']);

/**
 * The fact of an event whose envelope is in order; left: why it cannot be read. What concerns others than
 * its own customer is decoded in full. For the rest, decoding every event would cost as much as folding
 * it: there it is enough that the shape is known, and content that is wrong shows when it is folded.
 */
export const readContent = (event: StoredFactEvent, type: FactType): E.Either<string, Fact> => {
  const { data, metadata } = event;
  if (isLookedInto({ type }) || isOfTheWorld({ type })) {
    const decoded = decodeStored(event);
    return E.isRight(decoded) ? decoded : E.left(faultsOf(event));
  }
  if (!isRecord(data) || !isRecord(metadata) || !isAddressed(metadata)) return E.left(faultsOf(event));
  try {
    return E.right(factFromStored(event));
  } catch (error) {
    return E.left(faultsOf(event) || String(error));
  }
};

/** The fact of an event of a fact's type; left: why it cannot be read. */
export const readFact = (event: StoredFactEvent, type: FactType): E.Either<string, Fact> =>
  envelopeOf(event.metadata) === null ? E.left(faultsOf(event)) : readContent(event, type);
