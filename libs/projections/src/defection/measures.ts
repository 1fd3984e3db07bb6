import { retentionKinds } from '@afecto/domain';
import { type CampaignEffect, effectsOf } from '../campaigns/figures';
import type { FiguresQuestion, JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { partsOf, prefixOf } from '../tally/contribute';
import { REPORT } from './contribution';

type Kind = (typeof retentionKinds)[number];

const sumsUnder = async (
  part: string,
  { readModels, days }: FiguresQuestion,
): Promise<ReadonlyArray<readonly [parts: ReadonlyArray<string>, many: number]>> =>
  (await readModels.tallySums(prefixOf(REPORT, part), days)).map(([key, many]) => [partsOf(key).slice(1), many]);

/** Measures that a campaign set off, by kind: only these have a control arm. */
interface Controlled {
  readonly campaignId: string;
  readonly kind: string;
  taken: number;
  /** On customers who were to be left alone: they make the difference smaller than it is. */
  onControl: number;
}

const controlledIn = async (question: FiguresQuestion): Promise<ReadonlyArray<Controlled>> => {
  const found = new Map<string, Controlled>();
  for (const [[kind = '', campaignId = '', arm = ''], many] of await sumsUnder('controlled', question)) {
    const place = `${kind} ${campaignId}`;
    let known = found.get(place);
    if (known === undefined) found.set(place, (known = { campaignId, kind, taken: 0, onControl: 0 }));
    known.taken += many;
    if (arm === 'control') known.onControl += many;
  }
  return [...found.values()];
};

/**
 * What measures of a kind changed: the lifts of the campaigns that set them off, weighted by those who were
 * not held back, and the return on their budgets. `unknown` where no campaign with a control arm did, and
 * where one set off measures of several kinds, whose effects cannot be told apart.
 */
const effectOf = (controlled: ReadonlyArray<Controlled>, effects: ReadonlyArray<CampaignEffect>): JsonObject => {
  if (effects.length === 0) return { lift: 'unknown', roi: 'unknown' };
  const [test, gained, budgetMinor] = effects.reduce(
    ([people, minor, budget], effect) => [
      people + effect.test,
      minor + effect.liftMinor * effect.test,
      budget + effect.budgetMinor,
    ],
    [0, 0, 0],
  );
  return {
    lift: {
      liftMinor: share(gained, test),
      test,
      control: effects.reduce((sum, effect) => sum + effect.control, 0),
      campaigns: effects.map(({ campaignId, liftMinor, interval95 }) => {
        const own = controlled.find((one) => one.campaignId === campaignId);
        return { campaignId, liftMinor, interval95, taken: own?.taken ?? 0, onControl: own?.onControl ?? 0 };
      }),
    },
    roi: share(gained - budgetMinor, budgetMinor),
  };
};

/** Retention measures by kind: taken, what they cost, finished items of retention, and what they changed (`domain.md §9.2`, §13.6). */
export const measuresOf = async (question: FiguresQuestion): Promise<ReadonlyArray<JsonObject>> => {
  const measures = await sumsUnder('measure', question);
  const saves = await sumsUnder('save', question);
  const controlled = await controlledIn(question);
  const single = controlled.filter((one) =>
    controlled.every((other) => other === one || other.campaignId !== one.campaignId),
  );
  const { launched } = question.policy;
  const effects = await effectsOf(
    question.readModels,
    launched.filter(({ campaignId }) => single.some((one) => one.campaignId === campaignId)),
  );
  return retentionKinds.map((kind: Kind) => {
    const own = measures.filter(([[of]]) => of === kind);
    const sumOf = (what: string): number => own.reduce((sum, [[, , of], many]) => (of === what ? sum + many : sum), 0);
    const items = saves.filter(([[of]]) => of === kind);
    const closed = items.reduce((sum, [, many]) => sum + many, 0);
    const saved = items.reduce((sum, [[, outcome], many]) => (outcome === 'saved' ? sum + many : sum), 0);
    const ofKind = single.filter((one) => one.kind === kind);
    return {
      kind,
      taken: sumOf('taken'),
      costMinor: sumOf('costMinor'),
      measures: Object.fromEntries(
        own.flatMap(([[, name = '', what], many]) => (what === 'taken' ? [[name, many]] : [])),
      ),
      itemsClosed: closed,
      saved,
      savedShare: share(saved, closed),
      ...effectOf(
        ofKind,
        effects.filter(({ campaignId }) => ofKind.some((one) => one.campaignId === campaignId)),
      ),
    };
  });
};
