import { isOutsideBase } from '@afecto/domain';
import { dayOf, type Figures, type FiguresQuestion, type JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { type Contribute, keyOf } from '../tally/contribute';
import { sumsIn } from '../tally/window';

const REPORT = 'environment';
/** Stands for what is counted whoever is named. */
const ALL = '';
/** Shares of wallet are added up in millionths: sums over customers are whole numbers. */
const MICRO = 1_000_000;

/** What customers say of competitors, by the day on which they said it; employees and competitors are left out (`domain.md §3`). */
export const contributeEnvironment: Contribute = ({ evidence, policy }, count) => {
  for (const { at, shareOfWallet, competitorIds } of evidence.wallets) {
    if (isOutsideBase(evidence, at)) continue;
    const day = dayOf(at, policy);
    for (const name of [ALL, ...new Set(competitorIds)]) {
      count(keyOf(REPORT, name, 'wallets'), day);
      if (shareOfWallet === null) continue;
      count(keyOf(REPORT, name, 'known'), day);
      count(keyOf(REPORT, name, 'micro'), day, Math.round(shareOfWallet * MICRO));
    }
  }
  const tell = (at: number, competitorId: string | null, what: 'notices' | 'diagnoses'): void => {
    if (competitorId === null || isOutsideBase(evidence, at)) return;
    for (const name of [ALL, competitorId]) count(keyOf(REPORT, name, what), dayOf(at, policy));
  };
  for (const { at, competitorId } of evidence.defectionNotices) tell(at, competitorId, 'notices');
  for (const { at, competitorId } of evidence.diagnoses) tell(at, competitorId, 'diagnoses');
};

const nothing: ReadonlyMap<string, number> = new Map();

const namedIn = async ({ readModels, days }: FiguresQuestion): Promise<ReadonlyMap<string, Map<string, number>>> => {
  const named = new Map<string, Map<string, number>>();
  for (const [[competitorId = ALL, what = ''], many] of await sumsIn(readModels, days, REPORT)) {
    const sums = named.get(competitorId) ?? new Map<string, number>();
    named.set(competitorId, sums.set(what, many));
  }
  return named;
};

/**
 * The external environment (PR20, `domain.md §11.7`): how often each competitor is named in the reports on the wallet,
 * notices and diagnoses of the window, and what share of wallet is ours, on average, beside it. A report may name
 * several, so shares of wallets add up to more than 1. The most frequently named first.
 */
export const environmentFigures: Figures = {
  code: 'PR20',
  name: REPORT,
  title:
    'Competitors: their share of reported wallets, of notices and of diagnosed losses; our share of wallet beside them',
  read: async (question) => {
    const named = await namedIn(question);
    const all = named.get(ALL) ?? nothing;
    const shown = (sums: ReadonlyMap<string, number>): JsonObject & { readonly mentions: number } => {
      const of = (what: string): number => sums.get(what) ?? 0;
      return {
        mentions: of('wallets') + of('notices') + of('diagnoses'),
        wallets: of('wallets'),
        walletShare: share(of('wallets'), all.get('wallets') ?? 0),
        ourMeanShareOfWallet: share(of('micro') / MICRO, of('known')),
        notices: of('notices'),
        noticeShare: share(of('notices'), all.get('notices') ?? 0),
        diagnoses: of('diagnoses'),
        diagnosisShare: share(of('diagnoses'), all.get('diagnoses') ?? 0),
      };
    };
    const { wallets, ourMeanShareOfWallet, notices, diagnoses } = shown(all);
    return {
      wallets: wallets ?? 0,
      ourMeanShareOfWallet: ourMeanShareOfWallet ?? null,
      noticesToCompetitors: notices ?? 0,
      diagnosedForCompetitors: diagnoses ?? 0,
      competitors: [...named]
        .filter(([competitorId]) => competitorId !== ALL)
        .map(([competitorId, sums]) => ({ competitorId, ...shown(sums) }))
        .sort((one, other) => other.mentions - one.mentions || (one.competitorId < other.competitorId ? -1 : 1)),
    };
  },
};
