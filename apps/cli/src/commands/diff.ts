import { type Instant, isInstant, toIso } from '@afecto/domain';
import { differencesSince, type FieldDifference, type Moved } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { differenceStory, partyDifferenceStory } from '../terminal/migration-story';
import { showingPast, unknownParty } from './ask';
import { type Asking, openToAsk } from './asking';
import { compareAll, isOutcome, type PageOptions } from './compare';
import { done, failed, interrupted, json, type Outcome, refused } from './outcome';

export interface DiffOptions extends PageOptions {
  readonly from: string;
  /** Default now. */
  readonly to?: string;
  readonly party?: string;
  readonly signal: AbortSignal;
}

/** A customer that moved, with what made it. */
export interface Explained extends Moved {
  readonly because: ReadonlyArray<FieldDifference>;
}

/** The fields of the profile that say where a customer stands. */
const STANDING = ['/loyalty/zone', '/value/tier', '/lifecycle/phase', '/openItems'];
/** Says by which merge or separation a party ceased or began to be a customer of its own. */
const ROOT = '/partyId';

const instantOf = (option: string, text: string): E.Either<string, Instant> =>
  isInstant(text)
    ? E.right(Date.parse(text))
    : E.left(`${option} must be an RFC 3339 UTC instant such as 2026-01-31T09:30:00Z; got "${text}"`);

interface Span {
  readonly from: Instant;
  readonly to: Instant;
  readonly knownAt?: Instant;
}

const historyOf = ({ answers }: Asking, partyId: string, { to, knownAt }: Span) =>
  answers.provenance.history(partyId, { asOf: to, ...(knownAt === undefined ? {} : { knownAt }) });

/**
 * What changed between two instants, both as known now or at `--known-at`: of one party field by field;
 * of all customers as totals, then those who moved, with the events that made them.
 */
export const diff = async (settings: CommandSettings, options: DiffOptions): Promise<Outcome> => {
  const { signal, party } = options;
  if (settings.asOf !== undefined) return failed('diff takes its instants by --from and --to, not by --as-of.');
  const from = instantOf('--from', options.from);
  if (E.isLeft(from)) return failed(from.left);
  const end = options.to === undefined ? null : instantOf('--to', options.to);
  if (end !== null && E.isLeft(end)) return failed(end.left);
  const opened = await openToAsk(settings, signal);
  if (E.isLeft(opened))
    return opened.left.code === 'Interrupted' ? interrupted(opened.left.message) : failed(opened.left.message);
  const asking = opened.right;
  try {
    const to = end?.right ?? asking.now;
    if (from.right > to) return failed(`--from must not be later than --to; got ${toIso(from.right)} and ${toIso(to)}`);
    const { knownAt } = settings;
    const span: Span = { from: from.right, to, ...(knownAt === undefined ? {} : { knownAt }) };
    const about = { from: toIso(span.from), to: toIso(to) };
    if (party !== undefined) {
      const history = await historyOf(asking, party, span);
      if (history === null) return unknownParty(party, { asOf: to, ...(knownAt === undefined ? {} : { knownAt }) });
      const fields = await differencesSince(history, span.from);
      const story = settings.json
        ? json({ partyId: party, ...about, fields })
        : partyDifferenceStory(party, about, fields);
      return showingPast(history, done(story));
    }
    const told = async (moved: Moved): Promise<Explained> => {
      const history = await historyOf(asking, moved.partyId, span);
      const comesOrGoes = moved.before === null || moved.after === null;
      const fields = comesOrGoes ? [ROOT, ...STANDING] : STANDING;
      const differences = history === null ? [] : await differencesSince(history, span.from, fields);
      // Who was not known before has begun with its facts, which the other fields name.
      return { ...moved, because: differences.filter(({ field, before }) => field !== ROOT || before !== undefined) };
    };
    const side = { knownAt: knownAt ?? null, configuration: null };
    const sides = { before: { ...side, asOf: span.from }, after: { ...side, asOf: to } };
    const compared = await compareAll(asking, sides, options, { json: settings.json, signal, told });
    if (isOutcome(compared)) return compared;
    const parties: Explained[] = [];
    for (const moved of compared.parties) parties.push(await told(moved));
    const outcome = compared.failed.length === 0 ? done : refused;
    return outcome(
      settings.json ? json({ ...about, ...compared, parties }) : differenceStory(about, { ...compared, parties }),
    );
  } finally {
    await asking.close();
  }
};
