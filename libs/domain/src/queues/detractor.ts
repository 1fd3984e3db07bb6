import type { SurveyEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';

/** Ends of the scales on which the thresholds are written (`domain.md §7.3 A`). */
const scales = { nps: [0, 10], csat: [1, 5], ces: [1, 7] } as const;

const measureOf = (instrument: SurveyEvidence['instrument']): keyof typeof scales | null => {
  switch (instrument) {
    case 'nps':
    case 'ces':
      return instrument;
    case 'csat_transactional':
    case 'csat_relationship':
      return 'csat';
    case 'custom':
      return null;
  }
};

/**
 * Whether an answer is a detractor's (NPS ≤ 6, CSAT ≤ 2, CES ≤ 3 by default), rescaled from a declared
 * scale; null for instruments without such a threshold (`domain.md §9.3`, detractor loop).
 */
export const isDetractorAnswer = (survey: SurveyEvidence, configuration: Configuration): boolean | null => {
  const measure = measureOf(survey.instrument);
  if (measure === null || survey.scaleMax <= survey.scaleMin) return null;
  const [from, to] = scales[measure];
  const score = from + ((to - from) * (survey.score - survey.scaleMin)) / (survey.scaleMax - survey.scaleMin);
  return score <= configuration.queues.Q1.detractor[measure];
};
