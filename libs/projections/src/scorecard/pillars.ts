import { conductIn } from '../complaints/figures';
import { type Figures, type FiguresQuestion, type JsonObject, partsAsked } from '../figures/definition';
import { share } from '../figures/measures';
import { promiseFigures } from '../promises/figures';
import { numberAt } from '../reports/indicator';
import { serviceLevelFigures } from '../service-levels/figures';
import { empathyIn } from '../voice/figures';
import { knowledgeOf } from './knowledge';

/** The ends of the scale on which customers say how much empathy they met. */
const EMPATHY = { least: 1, most: 5 } as const;
/** Projections are to be at most this far behind (`domain.md §12.2`, objectives). */
const MOST_BEHIND_MS = 5_000;

const PER_CENT = 100;

/** Shares 0..1 that a pillar is made of; null is not known. */
type Parts = Readonly<Record<string, number | null>>;

/** The mean of what is known, 0..100; null when nothing is. */
const indexOf = (parts: Parts): number | null => {
  const known = Object.values(parts).filter((part) => part !== null);
  return share(
    known.reduce((sum, part) => sum + PER_CENT * part, 0),
    known.length,
  );
};

const shown = (parts: Parts, told: JsonObject = {}): JsonObject => ({ index: indexOf(parts), ...parts, ...told });

const of = async (
  { read }: Figures,
  question: FiguresQuestion,
  field: string,
  ...path: ReadonlyArray<string>
): Promise<number | null> => numberAt(await read({ ...question, fields: new Set([field]) }), [field, ...path]);

const processes = async (question: FiguresQuestion): Promise<JsonObject> => {
  const missed = await of(serviceLevelFigures, question, 'all', 'breachRate');
  return shown({
    serviceMetShare: missed === null ? null : 1 - missed,
    promisesKeptRate: await of(promiseFigures, question, 'all', 'keptRate'),
  });
};

const people = async (question: FiguresQuestion): Promise<JsonObject> => {
  const conduct = await conductIn(question);
  const perThousand = numberAt(conduct, ['perThousandContacts']);
  const empathyMean = numberAt(await empathyIn(question), ['mean']);
  return shown(
    {
      conductShare: perThousand === null ? null : Math.max(0, 1 - perThousand / 1_000),
      empathyShare: empathyMean === null ? null : (empathyMean - EMPATHY.least) / (EMPATHY.most - EMPATHY.least),
      firstContactResolution: await of(serviceLevelFigures, question, 'all', 'firstContactResolution'),
    },
    { conductPerThousandContacts: perThousand, empathyMean },
  );
};

const data = async ({ readModels }: FiguresQuestion): Promise<JsonObject> => {
  const { namedShare, reachableShare, validIdentifierShare, duplicateRate } = await knowledgeOf(readModels);
  return shown({
    namedShare,
    reachableShare,
    validIdentifierShare,
    uniqueShare: duplicateRate === null ? null : 1 - duplicateRate,
  });
};

const tools = async ({ readModels, asOf }: FiguresQuestion): Promise<JsonObject> => {
  const checkpoint = await readModels.checkpoint();
  const deadLetters = await readModels.countDeadLetters();
  const behindMs = checkpoint === null ? null : asOf - checkpoint.horizon;
  return shown(
    {
      takenInShare: share(checkpoint?.facts ?? 0, (checkpoint?.facts ?? 0) + deadLetters),
      promptShare: behindMs === null ? null : Math.min(1, MOST_BEHIND_MS / Math.max(1, behindMs)),
    },
    { behindMs, deadLetters },
  );
};

/**
 * The four pillars (PR18, `domain.md §12.2`), each with one index 0..100: the mean of the shares that it is made of,
 * as far as they are known. Processes and people are of the window, data and tools of now.
 */
export const pillarFigures: Figures = {
  code: 'PR18',
  name: 'pillars',
  title: 'The four pillars, each with one index of 0 to 100: processes, people, data and tools',
  read: (question) =>
    partsAsked(question, {
      processes: () => processes(question),
      people: () => people(question),
      data: () => data(question),
      tools: () => tools(question),
    }),
};
